"""What a trial ends with when something is wrong."""


class Objection(Exception):
    """What is wrong with the template."""
