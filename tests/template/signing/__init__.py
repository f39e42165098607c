"""Who may sign the viewers' cookies."""
