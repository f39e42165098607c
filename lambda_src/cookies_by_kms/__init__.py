"""The step between sign-in and watching, with a key that never leaves KMS."""
