"""Tests of the channel guard, run in this process."""
