"""Tests of the checks against the SDK's request models."""
