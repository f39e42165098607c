"""Tests of the cookie function that signs with KMS."""
