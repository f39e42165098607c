"""An error that a service of AWS answers, in the words and the form of the service."""

from moto.core.exceptions import ServiceException


class AwsError(ServiceException):
    """`AwsError(code, message)`; moto writes it in the protocol of the service that was called."""
