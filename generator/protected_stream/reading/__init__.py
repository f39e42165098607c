"""What can be said of an emitted template alone."""
