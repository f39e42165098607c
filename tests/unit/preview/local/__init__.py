"""Tests of this machine's resources for the preview."""
