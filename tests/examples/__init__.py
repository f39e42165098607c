"""The default stream and every example, as they are."""
