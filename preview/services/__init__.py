"""AWS services on this machine."""
