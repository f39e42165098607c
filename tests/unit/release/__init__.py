"""The release's files."""
