"""Tests of the preview's CloudFormation."""
