"""Tests of modules, without a template."""
