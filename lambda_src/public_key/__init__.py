"""The function that tells CloudFront the public half of a key which never leaves KMS."""
