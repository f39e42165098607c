"""What answers at the stack's host names."""
