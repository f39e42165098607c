"""Tests of the preview against AWS's documentation, and of the template in the preview."""
