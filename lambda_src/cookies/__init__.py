"""Signed cookies: the function that gives a signed-in viewer the CloudFront cookies."""
