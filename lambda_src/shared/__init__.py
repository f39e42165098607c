"""Shared code of the Lambda functions: key ring, private keys, custom resources, log."""
