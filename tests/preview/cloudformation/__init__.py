"""Tests of what CloudFormation does with a template."""
