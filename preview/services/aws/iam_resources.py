"""IAM resources of AWS API calls by functions.

Source: Service Authorization Reference, the table of actions of each service.
"""

from collections.abc import Callable, Mapping

from moto.core.responses import BaseResponse
from moto.secretsmanager.models import secretsmanager_backends

from preview.errors import NotSupported
from preview.services.aws.moto_kms import key_named


def resources_of(service: str, operation: str, call: BaseResponse, region: str) -> list[str]:
    """The ARNs; `*` for actions without resource-level permissions.

    Raises:
        NotSupported: the preview does not know the resource of the call.
    """
    if f"{service}:{operation}" in WITHOUT_RESOURCE:
        return ["*"]
    resources = RESOURCES[service](call, region) if service in RESOURCES else None
    if not resources:
        raise NotSupported(f"The preview does not know the resource of {service}:{operation}.")
    return [resources] if isinstance(resources, str) else resources


def request_keys(service: str, operation: str, call: BaseResponse) -> dict[str, str]:
    """The supported condition keys whose values are in the call.

    If a parameter is omitted, its default applies.
    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
    """
    return {
        key: call._get_param(parameter, default)
        for key, (parameter, default) in REQUEST_KEYS.get(f"{service}:{operation}", {}).items()
    }


def _of_cloudfront(call: BaseResponse, _: str) -> str | None:
    """`*`: actions on public keys and key groups have no resource-level permissions.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudfront.html
    """
    known = call._get_action().removesuffix("s").endswith(("PublicKey", "KeyGroup"))
    return "*" if known else None


def _secret(call: BaseResponse, region: str) -> str | None:
    """The secret's ARN, even if the call uses its name.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
    """
    name = call._get_param("SecretId")
    secrets = secretsmanager_backends[call.current_account][region].secrets
    secret = secrets.get(name) if name else None
    return secret.arn if secret else name


def _key(call: BaseResponse, region: str) -> str | None:
    """The key's ARN, even if the call uses its ID or an alias.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awskeymanagementservice.html
    """
    name: str | None = call._get_param("KeyId")
    key = key_named(name, call.current_account, region)
    return key.arn if key else name


def _stack(call: BaseResponse, _: str) -> str | None:
    """The stack's ARN, which the functions use in the call.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
    """
    name = call._get_param("StackName")
    return name if name and name.startswith("arn:") else None


def _channel_or_input(call: BaseResponse, region: str) -> str | None:
    """The ARN of the channel or input.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselementalmedialive.html
    """
    place = f"arn:aws:medialive:{region}:{call.current_account}"
    for kind, parameter in (("channel", "ChannelId"), ("input", "InputId")):
        if name := call._get_param(parameter):
            return f"{place}:{kind}:{name}"
    return None


def _parameters(call: BaseResponse, region: str) -> list[str]:
    """The ARNs of all SSM parameters in the call.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
    """
    names = call._get_param("Names") or [call._get_param("Name")]
    place = f"arn:aws:ssm:{region}:{call.current_account}"
    return [f"{place}:parameter/{name.removeprefix('/')}" for name in names if name]


RESOURCES: Mapping[str, Callable[[BaseResponse, str], str | list[str] | None]] = {
    "cloudformation": _stack,
    "cloudfront": _of_cloudfront,
    "kms": _key,
    "medialive": _channel_or_input,
    "secretsmanager": _secret,
    "ssm": _parameters,
}
# action: condition key -> (the call's parameter, its default)
REQUEST_KEYS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "kms:Sign": {
        "kms:MessageType": ("MessageType", "RAW"),
        "kms:SigningAlgorithm": ("SigningAlgorithm", ""),
    }
}
WITHOUT_RESOURCE = {
    "kms:CreateKey",
    "kms:GenerateRandom",
    "kms:ListAliases",
    "kms:ListKeys",
    "secretsmanager:GetRandomPassword",
    "secretsmanager:ListSecrets",
}
