"""AWS API on this machine: moto's services, with a front end that sees every call by a function.

moto's state is per process: only one `Aws` at a time.
"""

import functools
import secrets
import string
import warnings
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self
from unittest.mock import patch

import boto3
from botocore.config import Config
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import method_names_from_class
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from preview.errors import NotSupported
from preview.local.http_server import serve
from preview.services.aws.aws_error import AwsError
from preview.services.aws.iam_resources import RESOURCES, request_keys, resources_of
from preview.services.aws.policies import Access
from preview.services.aws.request_filter import UNKNOWN, filtered

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

ACCOUNT_ID = "123456789012"
"""moto's account."""

OPERATOR = "operator"
# KMS statuses that are missing in botocore's model, which moto uses; clients retry on 5xx.
# https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
SERVER_ERRORS = {
    "DependencyTimeoutException": 503,
    "KMSInternalException": 500,
    "KeyUnavailableException": 500,
}
XML_SERVICES = ("cloudfront:", "s3:", "iam:", "sts:", "cloudformation:")
Entrance = Callable[[BaseResponse], Any]


@dataclass(frozen=True, kw_only=True)
class Call:
    """An AWS API call by a function, or by a service on its behalf."""

    caller: str
    """The caller's logical ID."""
    action: str
    """The IAM action."""
    resource: str
    allowed: bool
    context: Mapping[str, str] = field(default_factory=dict)
    """The condition keys that the preview supports, and their values."""


@dataclass(frozen=True, kw_only=True)
class _Caller:
    name: str
    may: Callable[[Access], bool]


class Aws:
    """The services while the context is open."""

    def __init__(
        self,
        *,
        region: str,
        patches: Iterable[AbstractContextManager[None]] = (),
        context_of: Callable[[str], Mapping[str, str]] = lambda _: {},
    ) -> None:
        """Services without resources.

        Args:
            region: the services' Region.
            patches: make moto behave like AWS.
            context_of: the condition keys of a resource, by ARN.
        """
        self.region = region
        self.calls: list[Call] = []
        self.before: list[Callable[[Call], None]] = []
        """Called before a call takes effect; may raise AwsError to prevent it."""
        self.after: list[Callable[[Call], None]] = []
        """Called after a call has taken effect; may raise to suppress the response."""
        self._callers: dict[str, _Caller] = {}
        self._clients: dict[str, Any] = {}
        self._patches = tuple(patches)
        self._context_of = context_of
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        moto_api_backend.reset()
        watched = _watched(self, BaseResponse.call_action)
        self._closing.enter_context(patch.object(BaseResponse, "call_action", watched))
        self._closing.enter_context(
            # moto looks them up for every request; the patches below add some
            patch(
                "moto.core.responses.method_names_from_class",
                functools.cache(method_names_from_class),
            )
        )
        for change in self._patches:
            self._closing.enter_context(change)
        self._server = serve(filtered(_moto(), self._is_seen))
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._clients.values():
            client.close()
        self._server.close()
        self._closing.close()
        moto_api_backend.reset()

    @property
    def url(self) -> str:
        """The endpoint URL of all services."""
        return f"http://127.0.0.1:{self._server.port}"

    @property
    def services(self) -> "WSGIApplication":
        """The services, for calls of the operator, whatever their access key is."""
        return _moto()

    def caller(self, name: str, may: Callable[[Access], bool]) -> dict[str, str]:
        """The environment of a process that calls AWS as `name`, if `may` permits it."""
        key = "ASIA" + "".join(secrets.choice(string.ascii_uppercase) for _ in range(16))
        self._callers[key] = _Caller(name=name, may=may)
        return {
            "AWS_ACCESS_KEY_ID": key,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": self.region,
            "AWS_SECRET_ACCESS_KEY": "of-the-preview",
            "AWS_SESSION_TOKEN": "of-the-preview",
        }

    def record(self, caller: str, access: Access, *, allowed: bool) -> None:
        """Records a call by a service on a caller's behalf."""
        self.calls.append(
            Call(
                caller=caller,
                action=access.action,
                resource=access.resource,
                allowed=allowed,
                context=access.context,
            )
        )

    def client(self, service: str) -> Any:
        """A boto3 client for the operator, who may do everything and is not recorded."""
        if service not in self._clients:
            self._clients[service] = boto3.client(
                service,  # type: ignore[call-overload]  # any service's
                region_name=self.region,
                endpoint_url=self.url,
                aws_access_key_id=OPERATOR,
                aws_secret_access_key="of-the-preview",  # noqa: S106 - moto ignores it
                # a fixed user agent: botocore's takes long to build, for each request
                config=Config(retries={"total_max_attempts": 1}, user_agent=OPERATOR),
            )
        return self._clients[service]

    def asked(self, response: BaseResponse) -> "Call | None":
        """The recorded call of a function that arrives at moto; None if it is the operator's.

        Raises:
            AwsError: the preview does not know the resource of the call.
        """
        caller = self._callers.get(response.access_key)
        if caller is None:
            return None
        service, operation = response.boto3_service_name, response._get_action()
        try:
            resources = resources_of(service, operation, response, self.region)
        except NotSupported as refusal:
            raise AwsError(UNKNOWN, str(refusal)) from None
        asked = request_keys(service, operation, response)
        for resource in resources:
            access = Access(
                action=f"{service}:{operation}",
                resource=resource,
                context={**self._context_of(resource), **asked},
            )
            self.record(caller.name, access, allowed=caller.may(access))
        return min(self.calls[-len(resources) :], key=lambda call: call.allowed)

    def _is_seen(self, key: str, service: str) -> bool:
        """Whether `asked` sees the call, or does not need to, because it is the operator's."""
        return key == OPERATOR or (key in self._callers and service in RESOURCES)


@functools.cache
def _moto() -> DomainDispatcherApplication:
    """Moto's services: created once, because that is slow and their state is per process anyway."""
    return _Services(create_backend_app)


class _Services(DomainDispatcherApplication):
    """Moto's services; caches the service for each host name, instead of a lookup per request."""

    def __init__(self, create_app: Callable[[Any], Any]) -> None:
        super().__init__(create_app)
        self._backends: dict[str | None, Any] = {}

    def get_backend_for_host(self, host: str | None) -> Any:
        if host not in self._backends:
            self._backends[host] = super().get_backend_for_host(host)
        return self._backends[host]


def _watched(aws: Aws, call_action: Entrance) -> Entrance:
    """Moto's entry point for calls; records the functions' calls and checks their policies."""

    def entered(response: BaseResponse) -> Any:
        try:
            call = aws.asked(response)
            if call is None:
                return call_action(response)
            for act in aws.before:
                act(call)
            if not call.allowed:
                raise _denial(call)
            answer = call_action(response)
            for act in aws.after:
                act(call)
        except AwsError as error:
            return _serialized(response, error)
        return answer

    return entered


def _serialized(response: BaseResponse, error: AwsError) -> Any:
    """The error response; moto warns about codes that are missing in the service's model."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        status, headers, body = response.serialized(ActionResult(error))
    return SERVER_ERRORS.get(error.code, status), headers, body


def _denial(call: Call) -> AwsError:
    """AWS's wording. Source: IAM User Guide, "Troubleshoot access denied error messages"."""
    code = "AccessDenied" if call.action.startswith(XML_SERVICES) else "AccessDeniedException"
    user = f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/{call.caller}/{call.caller}"
    return AwsError(
        code,
        f"User: {user} is not authorized to perform: {call.action} on resource: {call.resource}"
        f" because no identity-based policy allows the {call.action} action",
    )
