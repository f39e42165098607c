"""Signed cookies by KMS, with options that the template has no room for if nobody needs them."""
