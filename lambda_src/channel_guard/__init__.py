"""Channel guard: the function that prevents a running channel from being stopped unasked."""
