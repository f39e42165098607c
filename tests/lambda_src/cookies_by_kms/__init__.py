"""Tests of the cookies function that KMS signs for."""
