"""The function that makes, keeps and removes the viewer's signing key."""
