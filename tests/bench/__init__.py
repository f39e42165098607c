"""Benchmarks, which run alone."""
