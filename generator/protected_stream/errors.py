"""What goes wrong, told to a person."""


class StreamError(Exception):
    """The stream file has mistakes; each line says where, what and what to do."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class BuildError(Exception):
    """The files could not be made; the message says why and what to do."""
