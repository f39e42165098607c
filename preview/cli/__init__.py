"""Command line and console of the preview."""
