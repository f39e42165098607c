"""Tests of the default stream and every example, unchanged."""
