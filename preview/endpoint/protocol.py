"""AWS API protocols: the action and parameters in a request, and the response to it.

Both by botocore's model of the service, in whichever protocol the client has chosen.
Source: https://smithy.io/2.0/aws/protocols/index.html
"""

import functools
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import UnknownServiceError
from moto.core.model import OperationModel, ServiceModel
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import SerializationContext, get_serializer_class
from moto.core.utils import get_service_model
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from preview.services.aws.aws_error import AwsError

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
SIGNED = re.compile(r"AWS4-HMAC-SHA256 Credential=([^/, ]*)/[0-9]{8}/([^/]+)/([^/]+)/aws4_request,")
SIGNING_NAMES: Mapping[str, str] = {
    "monitoring": "cloudwatch",
    "pricingplanmanager": "pricing-plan-manager",
}
"""botocore's names of services that sign with another name."""
REQUEST_ID = "00000000-0000-4000-8000-000000000000"
FALLBACK = "sts"
"""The service whose protocol, query, answers a client whose service is not known."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request for an action of a service."""

    service: str
    """As botocore names it."""
    action: str
    """Empty if the service has no such action."""
    region: str
    """In which the client looks for the service; empty if the request is not signed."""
    request: Request
    uri_parameters: dict[str, Any]

    @property
    def model(self) -> ServiceModel:
        """The service's model, or the fallback's."""
        return _model(self.service) or get_service_model(FALLBACK)

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters of the action, by name."""
        parser = PROTOCOL_PARSERS[_protocol(self.model, self.request)]
        return dict(
            parser(self.model.operation_model(self.action)).parse(
                {
                    "method": self.request.method,
                    "values": self.request.values,
                    "headers": self.request.headers,
                    "body": self.request.get_data(),
                    "url_path": self.request.path,
                    "url_params": self.uri_parameters,
                }
            )
        )


def call_of(request: Request) -> tuple[str, Call]:
    """The access key and the call of a request; the key is empty if the request is not signed."""
    signed = SIGNED.match(request.headers.get("Authorization", ""))
    access_key, region, scope = signed.groups() if signed else ("", "", "")
    service = SIGNING_NAMES.get(scope, scope)
    action, uri_parameters = _action(service, request)
    return access_key, Call(
        service=service,
        action=action,
        region=region,
        request=request,
        uri_parameters=uri_parameters,
    )


def _action(service: str, request: Request) -> tuple[str, dict[str, Any]]:
    """The action that a request asks for, and the parameters in its path."""
    if _model(service) is None:
        return "", {}
    try:
        operation, found = get_service_router(service).match(request)
    except (NotFound, NotImplementedError):
        return "", {}
    return str(operation.name), dict(found)


def answer(call: Call, result: Mapping[str, Any] | AwsError, status: int | None = None) -> Response:
    """The response with a result, or with an error.

    Args:
        call: the request.
        result: the members of the action's output, or the error.
        status: the HTTP status, if it is not the one in the service's model.
    """
    model = call.model
    known = call.action in model.operation_names
    operation = model.operation_model(call.action) if known else OperationModel({}, model)
    protocol = _protocol(model, call.request)
    context = SerializationContext(REQUEST_ID)
    serializer = get_serializer_class(model.service_name, protocol)(operation, context)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # moto warns about errors that are missing in the model
        made = serializer.serialize(result)
    headers = {"x-amzn-RequestId": REQUEST_ID, **made["headers"]}
    return Response(made["body"], status=status or made["status_code"], headers=headers)


def code_in_protocol(call: Call, codes: Mapping[str, str]) -> str:
    """The error code for the protocol of a call; `codes` has them by protocol, "" for others."""
    return codes.get(_protocol(call.model, call.request), codes[""])


def _protocol(model: ServiceModel, request: Request) -> str:
    """The protocol that the client has chosen; the service's main one if that is unclear.

    Of CloudWatch's protocols, boto3 and the AWS CLI choose JSON, and no client of ours CBOR.
    """
    try:
        protocol = determine_request_protocol(model, request.content_type)
    except NotImplementedError:
        protocol = str(model.protocol)
    return protocol if protocol in PROTOCOL_PARSERS else "json"


@functools.cache
def _model(service: str) -> ServiceModel | None:
    try:
        return get_service_model(service) if service else None
    except UnknownServiceError:
        return None
