"""AWS error response, in the wording and format of the service."""

from moto.core.exceptions import ServiceException


class AwsError(ServiceException):
    """`AwsError(code, message)`; moto serializes it in the protocol of the called service."""
