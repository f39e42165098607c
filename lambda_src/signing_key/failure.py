"""Why the key pair behind the viewer's cookies could not be made, kept or removed."""


class Failure(Exception):
    """Becomes a FAILED answer: the text says what, where and what to do, and holds no secret."""
