"""Errors that are reported to the user."""


class StreamError(Exception):
    """The stream file has mistakes; each line says where, what is wrong and what to do."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class BuildError(Exception):
    """The files could not be built; the message says why and what to do."""


class AwsError(Exception):
    """AWS refused something, could not be reached, or does not have it.

    The message says what, why and what to do.
    """


def printable(text: str) -> str:
    r"""The text in one line, with escapes such as \x00 for what a terminal would not show.

    Names in messages may contain control characters, which could also change what was printed
    before them.
    """
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in text
    )
