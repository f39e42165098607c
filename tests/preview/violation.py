"""The result of a scenario that finds a problem."""


class Violation(Exception):
    """A problem with the template."""
