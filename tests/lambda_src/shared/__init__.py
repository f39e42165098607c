"""Tests of the code that functions share, and the key pairs they need."""
