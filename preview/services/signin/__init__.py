"""Cognito managed login."""
