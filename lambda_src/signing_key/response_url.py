"""The way back to CloudFormation: a PUT to a presigned S3 URL."""

import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from urllib.error import HTTPError

from shared.log import note

# One try takes at most two time-outs: one for the connection, one for the answer.
_TIMEOUT_SECONDS = 5
_PAUSES = (0, 1, 2, 4)  # before each try
_LOCAL_WORK_SECONDS = 13  # making a key, starting threads, what no time-out covers

ANSWER_SECONDS = len(_PAUSES) * 2 * _TIMEOUT_SECONDS + sum(_PAUSES) + _LOCAL_WORK_SECONDS
"""What an answer may need at most (60 s); nothing else is begun when only this much is left."""

# The URL is signed for a request without a type of content; urllib would add one of its own.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-lambda-function-code-cfnresponsemodule.html
_HEADERS = {"Content-Type": ""}


class UndeliveredAnswer(RuntimeError):
    """CloudFormation did not take the answer; Lambda runs the event again when this is raised.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    """


def deliver(answer: bytes, response_url: str, *, sleep: Callable[[float], None]) -> None:
    """PUT `answer` (JSON) to `response_url`, with a few tries.

    Raises:
        UndeliveredAnswer: No try succeeded. Neither this nor any log line shows the URL: whoever
            has it can answer in the function's place.
    """
    failure = None
    for pause in _PAUSES:
        sleep(pause)
        failure = _failure(answer, response_url)
        if failure is None:
            return
        note("answer not taken", reason=failure)
    raise UndeliveredAnswer(
        f"CloudFormation did not take the answer in {len(_PAUSES)} tries, at last for {failure}."
        " Lambda runs the event again; if that fails, too, the stack waits until the custom"
        " resource's ServiceTimeout is over."
    )


def _failure(answer: bytes, response_url: str) -> str | None:
    """What kept one PUT from succeeding, in a word; None when it succeeded."""
    try:
        request = urllib.request.Request(  # noqa: S310 - where the URL is read, it must be http(s)
            response_url, data=answer, headers=_HEADERS, method="PUT"
        )
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS):  # noqa: S310 - as above
            return None
    except HTTPError as error:
        error.close()
        return f"HTTP status {error.code}"
    except (OSError, HTTPException, ValueError) as error:
        return type(error).__name__  # some of their texts quote the URL
