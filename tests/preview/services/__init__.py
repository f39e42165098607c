"""Tests of the services on this machine."""
