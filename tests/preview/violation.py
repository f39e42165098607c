"""What a scenario ends with when something is wrong."""


class Violation(Exception):
    """What is wrong with the template."""
