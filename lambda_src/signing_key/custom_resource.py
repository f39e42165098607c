"""CloudFormation custom resource: its request, and the response to the presigned S3 URL.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
"""

import json
import re
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Self, TypeGuard
from urllib.error import HTTPError

from shared.errors import Failure
from shared.log import note

_ANSWER_BYTES = 4096
_REQUEST_TYPES = ("Create", "Update", "Delete")
_ECHOED = ("StackId", "RequestId", "LogicalResourceId")
_WEB_ADDRESS = re.compile(r"https://[!-~]+")

# One attempt takes at most two timeouts: one to connect, one to read.
_TIMEOUT_SECONDS = 5
_PAUSES = (0, 1, 2, 4)  # before each attempt
_LOCAL_WORK_SECONDS = 13  # creating a key, starting threads, anything without a timeout

ANSWER_SECONDS = len(_PAUSES) * 2 * _TIMEOUT_SECONDS + sum(_PAUSES) + _LOCAL_WORK_SECONDS
"""The longest that a response can take (60 s); nothing else starts when only this is left."""

# The URL is signed for a request without a content type; urllib would add its own.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-lambda-function-code-cfnresponsemodule.html
_HEADERS = {"Content-Type": ""}


class UnanswerableRequest(ValueError):
    """The request has no usable ResponseURL."""


class UndeliveredAnswer(RuntimeError):
    """CloudFormation did not accept the response; Lambda retries the event when this is raised.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    """


class MalformedRequest(Failure):
    """The request is not a valid CloudFormation request; names the field, never its value."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The response to a request."""

    status: str
    """SUCCESS or FAILED."""
    reason: str
    """A message for the operator, in ASCII."""
    physical_id: str
    data: Mapping[str, str] = field(default_factory=dict)
    """The attributes for Fn::GetAtt."""


@dataclass(frozen=True, kw_only=True)
class Sender:
    """What a response needs from its request, even if the rest is malformed."""

    response_url: str = field(repr=False)
    physical_id: str
    """The physical resource ID, or the placeholder if there is none yet."""
    echo: Mapping[str, str]
    """The fields that CloudFormation expects back unchanged."""

    @classmethod
    def of(cls, event: Mapping[str, object], *, placeholder: str) -> Self:
        """The sender of a custom resource request.

        `placeholder` is the physical ID of a resource that could not be created.

        Raises:
            UnanswerableRequest: It has no usable ResponseURL.
        """
        response_url = event.get("ResponseURL")
        if not isinstance(response_url, str) or not _WEB_ADDRESS.fullmatch(response_url):
            raise UnanswerableRequest(
                "The custom resource request has no ResponseURL that begins with https://, so no"
                " response can be sent: invoke this function through CloudFormation only."
            )
        return cls(
            response_url=response_url,
            physical_id=_text_or(placeholder, event, "PhysicalResourceId"),
            echo={name: _text_or("", event, name) for name in _ECHOED},
        )

    def letter(self, answer: Answer) -> bytes:
        """The JSON to PUT; a reason that makes it too long is truncated."""
        excess = len(self._json(answer, answer.reason)) - _ANSWER_BYTES
        kept = len(answer.reason) - max(excess, 0)
        return self._json(answer, answer.reason[: max(kept, 0)])

    def _json(self, answer: Answer, reason: str) -> bytes:
        return json.dumps(
            {
                "Status": answer.status,
                "Reason": reason,
                "PhysicalResourceId": answer.physical_id,
                **self.echo,
                "NoEcho": False,
                "Data": dict(answer.data),
            }
        ).encode()


@dataclass(frozen=True, kw_only=True)
class Request:
    """A CloudFormation custom resource request."""

    type: str
    """Create, Update or Delete."""
    id: str
    """The same in every retry of a request."""
    properties: Mapping[str, object]
    """With numbers and booleans as text; empty in a Delete, which must always work."""

    @classmethod
    def of(cls, event: Mapping[str, object]) -> Self:
        """The request in a custom resource event.

        Raises:
            MalformedRequest: Fields are missing or invalid.
        """
        request_type = _text(event, "RequestType")
        if request_type not in _REQUEST_TYPES:
            raise MalformedRequest(f"RequestType must be one of {', '.join(_REQUEST_TYPES)}.")
        known = () if request_type == "Create" else ("PhysicalResourceId",)
        for name in (*_ECHOED, "ResourceType", *known):
            _text(event, name)
        return cls(
            type=request_type,
            id=_text(event, "RequestId"),
            properties={} if request_type == "Delete" else _properties(event),
        )


def is_request(event: object) -> TypeGuard[Mapping[str, object]]:
    """Whether `event` is a custom resource request, valid or not."""
    return isinstance(event, dict) and ("RequestType" in event or "ResponseURL" in event)


def _properties(event: Mapping[str, object]) -> Mapping[str, object]:
    properties = event.get("ResourceProperties")
    if not isinstance(properties, dict):
        raise MalformedRequest("ResourceProperties must be an object.")
    return properties


def _text_or(default: str, event: Mapping[str, object], name: str) -> str:
    value = event.get(name)
    return value if isinstance(value, str) and value else default


def _text(event: Mapping[str, object], name: str) -> str:
    value = _text_or("", event, name)
    if not value:
        raise MalformedRequest(f"{name} must be non-empty text.")
    return value


def deliver(answer: bytes, response_url: str, *, sleep: Callable[[float], None]) -> None:
    """PUT `answer` (JSON) to `response_url`, with a few attempts.

    Raises:
        UndeliveredAnswer: No attempt succeeded. Neither this nor any log line shows the URL: anyone
            who has it can respond in place of the function.
    """
    failure = None
    for pause in _PAUSES:
        sleep(pause)
        failure = _failure(answer, response_url)
        if failure is None:
            return
        note("response not accepted", reason=failure)
    raise UndeliveredAnswer(
        f"CloudFormation did not accept the response in {len(_PAUSES)} attempts; last error:"
        f" {failure}. Lambda retries the event; if that also fails, the stack waits for the custom"
        " resource's ServiceTimeout."
    )


def _failure(answer: bytes, response_url: str) -> str | None:
    """Why one PUT failed, in short; None if it succeeded."""
    try:
        request = urllib.request.Request(  # noqa: S310 - checked to be http(s) in `Sender.of`
            response_url, data=answer, headers=_HEADERS, method="PUT"
        )
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS):  # noqa: S310 - as above
            return None
    except HTTPError as error:
        error.close()
        return f"HTTP status {error.code}"
    except (OSError, HTTPException, ValueError) as error:
        return type(error).__name__  # some of their messages quote the URL
