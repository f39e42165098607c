"""KMS public key: the function that gets it as PEM for CloudFront."""
