"""The preview's pictures."""
