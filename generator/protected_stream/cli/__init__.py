"""Command line `protected-stream`: a module for each command."""
