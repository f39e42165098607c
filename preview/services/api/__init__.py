"""API Gateway REST APIs."""
