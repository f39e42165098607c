"""What AWS's services hold and answer, each on this machine."""
