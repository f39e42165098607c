"""AWS service faults: throttling, errors, and timeouts."""

import contextlib
import math
import threading
from collections.abc import Iterator

from preview.services.aws.aws import Aws, Call
from preview.services.aws.aws_error import AwsError
from preview.services.aws.conditions import like

SILENCE = None
LONGEST_SILENCE = 30  # seconds of this machine's time


@contextlib.contextmanager
def failing(aws: Aws, action: str, code: str | None, *, times: float = math.inf) -> Iterator[None]:
    """Makes functions' calls fail without effect while the context is open.

    Args:
        aws: receives the calls, and still records them.
        action: the IAM action; `kms:*` is every call to KMS.
        code: such as `ThrottlingException`; with SILENCE, there is no response, so a call takes as
            long as the function's read timeout, in this machine's time.
        times: the number of calls to fail; later calls succeed.
    """
    left = times
    over = threading.Event()

    def fail(call: Call) -> None:
        nonlocal left
        if like(action, call.action) and left > 0:
            left -= 1
            if code is SILENCE:
                over.wait(LONGEST_SILENCE)
            raise AwsError(code or "Silence", "on purpose")

    aws.before.append(fail)
    try:
        yield
    finally:
        aws.before.remove(fail)
        over.set()
