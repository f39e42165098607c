"""Tests of the preview's encoder."""
