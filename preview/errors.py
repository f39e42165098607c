"""What keeps a template from becoming a stream here."""


class Refused(Exception):
    """AWS would refuse this, or the preview does not know it; says what, where and why."""


class Busy(Refused):
    """A MediaLive channel is in another state than what was asked for needs."""
