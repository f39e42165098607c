"""Tests of what more than one function uses, and the key pairs they need."""
