"""Tests of the checks of a deployed stream."""
