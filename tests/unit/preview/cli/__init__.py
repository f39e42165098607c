"""Tests of the preview's command line and console."""
