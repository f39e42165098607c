"""Cognito's managed login."""
