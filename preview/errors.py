"""Errors that keep the preview from creating a stack or running its stream."""


class PreviewError(Exception):
    """The preview cannot go on; the message says what failed, where, and why.

    This class itself is for problems with this machine or with the operator's input.
    """


class Rejected(PreviewError):
    """AWS would reject this."""


class Conflict(Rejected):
    """A MediaLive channel is not in the state that the request needs."""


class NotSupported(PreviewError):
    """The preview does not support this; AWS may."""
