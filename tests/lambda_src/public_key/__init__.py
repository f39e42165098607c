"""Tests of the function that asks KMS for public keys."""
