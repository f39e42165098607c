"""Tests of the function that creates, rotates and removes the signing key."""
