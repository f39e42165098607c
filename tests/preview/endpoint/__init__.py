"""The preview's AWS endpoint, as real clients see it."""
