"""Builds what a release publishes: `make release`, on an unchanged checkout of a commit."""
