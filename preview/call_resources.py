"""Which resource IAM looks at when a function calls AWS.

Source: Service Authorization Reference, the table of actions of each service.
"""

from collections.abc import Callable, Mapping

from moto.core.responses import BaseResponse
from moto.kms.models import kms_backends
from moto.secretsmanager.models import secretsmanager_backends

from preview.refused import Refused


def resource_of(service: str, operation: str, call: BaseResponse, region: str) -> str:
    """The ARN; `*` for actions without resource-level permissions.

    Raises:
        Refused: the service is not known here.
    """
    if service not in RESOURCES:
        raise Refused(f"What {service}:{operation} is about is not known to the preview.")
    return RESOURCES[service](call, region)


def _of_cloudfront(call: BaseResponse, _: str) -> str:
    """Actions of public keys and key groups have no resource-level permissions.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html
    """
    if not call._get_action().removesuffix("s").endswith(("PublicKey", "KeyGroup")):
        raise Refused(f"{call._get_action()} is not known to the preview.")
    return "*"


def _secret(call: BaseResponse, region: str) -> str:
    """The secret's ARN, although its name would do in the call.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
    """
    name = str(call._get_param("SecretId") or "*")
    secret = secretsmanager_backends[call.current_account][region].secrets.get(name)
    return str(secret.arn) if secret else name


def _key(call: BaseResponse, region: str) -> str:
    """The key's ARN.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
    """
    name = str(call._get_param("KeyId") or "*")
    keys = kms_backends[call.current_account][region].keys
    key = keys.get(name.rpartition("/")[2])
    return str(key.arn) if key else name


RESOURCES: Mapping[str, Callable[[BaseResponse, str], str]] = {
    "cloudfront": _of_cloudfront,
    "kms": _key,
    "secretsmanager": _secret,
}
