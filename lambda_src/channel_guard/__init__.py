"""The function that keeps the channel on the air until somebody asks for it to be stopped."""
