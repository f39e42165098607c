"""Signed cookies, signed with a key that never leaves KMS."""
