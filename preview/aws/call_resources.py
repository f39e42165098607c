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
        Refused: what the call is about is not known here.
    """
    if f"{service}:{operation}" in WITHOUT_RESOURCE:
        return "*"
    resource = RESOURCES[service](call, region) if service in RESOURCES else None
    if resource is None:
        raise Refused(f"What {service}:{operation} is about is not known to the preview.")
    return resource


def _of_cloudfront(call: BaseResponse, _: str) -> str | None:
    """Actions of public keys and key groups have no resource-level permissions.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html
    """
    known = call._get_action().removesuffix("s").endswith(("PublicKey", "KeyGroup"))
    return "*" if known else None


def _secret(call: BaseResponse, region: str) -> str | None:
    """The secret's ARN, although its name would do in the call.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
    """
    name = call._get_param("SecretId")
    secrets = secretsmanager_backends[call.current_account][region].secrets
    secret = secrets.get(name) if name else None
    return secret.arn if secret else name


def _key(call: BaseResponse, region: str) -> str | None:
    """The key's ARN, although its id or an alias would do in the call.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
    """
    name: str | None = call._get_param("KeyId")
    wanted = str(name).rpartition(":")[2]
    for key in kms_backends[call.current_account][region].keys.values():
        if wanted in (key.id, f"key/{key.id}", *key.aliases):
            return str(key.arn)
    return name


RESOURCES: Mapping[str, Callable[[BaseResponse, str], str | None]] = {
    "cloudfront": _of_cloudfront,
    "kms": _key,
    "secretsmanager": _secret,
}
WITHOUT_RESOURCE = {
    "kms:CreateKey",
    "kms:GenerateRandom",
    "kms:ListAliases",
    "kms:ListKeys",
    "secretsmanager:GetRandomPassword",
    "secretsmanager:ListSecrets",
}
