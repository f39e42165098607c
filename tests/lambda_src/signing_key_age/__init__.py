"""Tests of the function that writes the signing key's age."""
