"""Tests of the function that gets public keys from KMS."""
