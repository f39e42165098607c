"""Tests of the rehearsal of a first deployment, on an AWS of Python functions."""
