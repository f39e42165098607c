"""Why a function behind the stream could not do what it was asked to do."""


class Failure(Exception):
    """Becomes a FAILED answer: the text says what, where and what to do, and holds no secret."""
