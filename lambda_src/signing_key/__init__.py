"""Signing keys in `managed` mode: created, registered with CloudFront, rotated, and removed."""
