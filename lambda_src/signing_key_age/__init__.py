"""Lambda function that writes the signing key's age to its log, as a metric."""
