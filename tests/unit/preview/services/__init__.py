"""Tests of the preview's AWS services."""
