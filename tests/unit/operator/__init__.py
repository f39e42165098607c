"""The commands on a deployed stack, without AWS."""
