"""The preview's modules, without a stack, a server or a process."""
