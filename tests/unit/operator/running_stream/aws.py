"""AWS as Python functions behind real boto3 clients, which check what they send.

No request leaves the process. botocore checks each request's parameters, and this module each
response, by the service's model: a wrong name fails.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NoReturn

import boto3
from botocore.exceptions import EndpointConnectionError, NoCredentialsError
from botocore.loaders import create_loader
from botocore.session import get_session
from botocore.validate import validate_parameters

MODELS = create_loader()
"""The services' models, which are read once."""
PREFIXES = {"pricing-plan-manager": "pricingplanmanager"}
"""What IAM calls a service, where boto3 has another name for it."""
ACTIONS = {"lambda:Invoke": "lambda:InvokeFunction"}
"""What IAM calls an operation, where it has another name.

Source: Service Authorization Reference.
"""


class Refused(Exception):
    """AWS refuses a request, with an error code and a message."""

    def __init__(self, code: str, message: str = "refused by the test") -> None:
        super().__init__(code)
        self.code, self.message = code, message


class _Status:
    """The HTTP status, as far as boto3 reads it."""

    def __init__(self, status_code: int) -> None:
        self.status_code = status_code


Asked = Mapping[str, Any]
"""The parameters of a request."""
Operation = Callable[[Asked], Mapping[str, Any]]


class Aws:
    """Answers requests by calling `operations`, and notes them."""

    def __init__(self, operations: Callable[[str, str], Operation]) -> None:
        self.calls: list[tuple[str, Mapping[str, Any]]] = []
        """The IAM action of each request, and its parameters."""
        self.failures: dict[str, Callable[[], NoReturn]] = {}
        """What happens instead of an action, by action."""
        self.interrupted_at: int | None = None
        """The number of the request, from 0, at which the operator presses Ctrl-C."""
        self._operations = operations

    @property
    def actions(self) -> list[str]:
        """The IAM actions of all requests, in order."""
        return [action for action, _ in self.calls]

    def session(self, **arguments: Any) -> "Session":
        """A session whose clients reach this AWS, in place of boto3.Session."""
        Session.aws = self
        return Session(arguments.get("region_name") or "us-east-1")

    def note(self, params: Any, context: Any, **_: Any) -> None:
        context["parameters"] = dict(params)

    def answer(self, model: Any, context: Any, **_: Any) -> tuple[_Status, Mapping[str, Any]]:
        parameters = {
            name: value
            for name, value in context["parameters"].items()
            if not model.input_shape.members[name].metadata.get("idempotencyToken")
        }
        service = model.service_model.service_name
        action = f"{PREFIXES.get(service, service)}:{model.name}"
        action = ACTIONS.get(action, action)
        self.calls.append((action, parameters))
        if len(self.calls) - 1 == self.interrupted_at:
            raise KeyboardInterrupt
        try:
            if action in self.failures:
                self.failures[action]()
            response = self._operations(service, model.name)(parameters)
        except Refused as error:
            return _Status(400), {"Error": {"Code": error.code, "Message": error.message}}
        if model.output_shape:
            validate_parameters(
                {name: value for name, value in response.items() if not hasattr(value, "read")},
                model.output_shape,
            )
        return _Status(200), response


class Session:
    """As boto3.Session; its clients are kept, as making them takes most of a test's time."""

    aws: Aws
    """The one that answers now."""
    _clients: ClassVar[dict[tuple[str, str], Any]] = {}

    def __init__(self, region: str) -> None:
        self.region_name = region

    def client(self, service: str, region_name: str | None = None, **_: Any) -> Any:
        """The service's client, which has credentials of no account."""
        key = service, region_name or self.region_name
        if key not in self._clients:
            inner = get_session()
            inner.register_component("data_loader", MODELS)
            session = boto3.Session("test", "test", region_name=key[1], botocore_session=inner)
            session.events.register("before-parameter-build", _note)
            session.events.register("before-call", _answer)
            self._clients[key] = session.client(service)  # type: ignore[call-overload]
        return self._clients[key]


def _note(**arguments: Any) -> None:
    Session.aws.note(**arguments)


def _answer(**arguments: Any) -> Any:
    return Session.aws.answer(**arguments)


def refuse(code: str, message: str = "refused by the test") -> Callable[[], NoReturn]:
    """What AWS does if it refuses."""

    def failure() -> NoReturn:
        raise Refused(code, message)

    return failure


def lose_network() -> NoReturn:
    """No connection to AWS."""
    raise EndpointConnectionError(endpoint_url="https://example.com")


def have_no_credentials() -> NoReturn:
    """boto3 finds no credentials when it signs the request."""
    raise NoCredentialsError
