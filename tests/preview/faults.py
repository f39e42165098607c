"""AWS's services as they are for a while now and then: they throttle, fail or say nothing."""

import contextlib
import math
import threading
from collections.abc import Iterator

from preview.services.aws.aws import Aws, Call
from preview.services.aws.aws_error import AwsError
from preview.services.aws.conditions import like

SILENCE = None
LONGEST_SILENCE = 30  # seconds of this machine's


@contextlib.contextmanager
def failing(aws: Aws, action: str, code: str | None, *, times: float = math.inf) -> Iterator[None]:
    """Functions' calls have no effect and end with an error, as long as the context lasts.

    Args:
        aws: where the calls arrive; it takes them down all the same.
        action: as IAM names it; `kms:*` is every call of KMS.
        code: such as `ThrottlingException`; with SILENCE there is no answer, so that a call takes
            as long as the function's read timeout, in this machine's time.
        times: the number of calls to fail; later ones are answered.
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
