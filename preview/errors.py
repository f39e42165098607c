"""What keeps a template from becoming a stream here."""


class PreviewError(Exception):
    """Something keeps the preview from going on; says what, where and why.

    Itself for what is wrong with this machine or with what a person asked the preview for.
    """


class Rejected(PreviewError):
    """AWS would reject this."""


class Conflict(Rejected):
    """A MediaLive channel is in another state than what was asked for needs."""


class NotSupported(PreviewError):
    """The preview does not know this; AWS may."""
