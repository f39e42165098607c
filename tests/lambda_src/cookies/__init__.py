"""Tests of the function that signs the cookies."""
