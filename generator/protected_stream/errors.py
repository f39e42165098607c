"""Errors that are reported to the user."""


class StreamError(Exception):
    """The stream file has mistakes; each line says where, what is wrong and what to do."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class BuildError(Exception):
    """The files could not be built; the message says why and what to do."""
