"""Tests with other people's rules: checkov and AWS Control Tower's, over every example."""
