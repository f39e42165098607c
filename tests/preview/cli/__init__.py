"""Tests of what the operator types and reads."""
