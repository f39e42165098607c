"""The function that guards the channel, run in this process."""
