"""Tests of the signing modes."""
