"""What is timed, alone."""
