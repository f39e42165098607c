"""Tests of the emitted template."""
