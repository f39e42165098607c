"""The commands of an operator whose stream is deployed."""
