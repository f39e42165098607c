"""CloudFront public keys and key groups: makes moto 5.2.5 as strict as AWS.

moto accepts any text as a key and duplicate names, and has no ETags, no in-use checks, no
UpdateKeyGroup, and no DeleteKeyGroup. The errors are those of the CloudFront API Reference for each
action.
"""

import contextlib
import secrets
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from moto.cloudfront.models import KeyGroup, PublicKey
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult, EmptyResult

from preview.services.aws.aws_error import AwsError

LONGEST_NAME = 128  # of a public key
MOST_KEYS = 5  # of a group
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html


@contextlib.contextmanager
def closed_gaps(
    group_in_use: Callable[[str], bool], now: Callable[[], float] = time.time
) -> Iterator[None]:
    """Makes moto's CloudFront as strict as AWS's while the context is open.

    Args:
        group_in_use: whether a distribution trusts the key group with that ID.
        now: the time in epoch seconds, at which public keys are created.
    """
    strict = {
        "create_public_key": _create_public_key(CloudFrontResponse.create_public_key, now),
        "get_public_key": _get_public_key(CloudFrontResponse.get_public_key),
        "delete_public_key": _delete_public_key(CloudFrontResponse.delete_public_key),
        "create_key_group": _create_key_group(CloudFrontResponse.create_key_group),
        "get_key_group": _get_key_group(CloudFrontResponse.get_key_group),
        "update_key_group": _update_key_group,
        "delete_key_group": _delete_key_group(group_in_use),
    }
    with contextlib.ExitStack() as patched:
        for name, method in strict.items():
            patched.enter_context(patch.object(CloudFrontResponse, name, method, create=True))
        yield


Method = Callable[[CloudFrontResponse], ActionResult]


def _create_public_key(made: Method, now: Callable[[], float]) -> Method:
    def strict(call: CloudFrontResponse) -> ActionResult:
        config = call._get_param("PublicKeyConfig")
        for other in call.backend.public_keys.values():
            if config["Name"] == other.name or config["CallerReference"] == other.caller_ref:
                raise _error("PublicKeyAlreadyExists", config["Name"])
        if len(config["Name"]) > LONGEST_NAME:
            raise _error("InvalidArgument", f"the name is longer than {LONGEST_NAME} characters")
        if not _is_usable(config["EncodedKey"]):
            raise _error("InvalidArgument", "not an RSA 2048 or ECDSA P-256 key")
        answer = made(call)
        newest = next(reversed(call.backend.public_keys.values()))
        newest.created_time = datetime.fromtimestamp(now(), UTC).replace(tzinfo=None)
        return answer

    return strict


def _is_usable(pem: str) -> bool:
    """Whether CloudFront accepts the key: RSA 2048 or ECDSA P-256.

    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-trusted-signers.html
    """
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):  # such as a curve that cryptography does not know
        return False
    if isinstance(key, rsa.RSAPublicKey):
        return key.key_size == 2048
    return isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1"


def _get_public_key(made: Method) -> Method:
    def strict(call: CloudFrontResponse) -> ActionResult:
        _public_key(call)
        return made(call)

    return strict


def _delete_public_key(made: Method) -> Method:
    def strict(call: CloudFrontResponse) -> ActionResult:
        key = _public_key(call)
        _check_etag(call, key.etag)
        if any(key.id in group.items for group in call.backend.key_groups.values()):
            raise _error("PublicKeyInUse", key.id)
        return made(call)

    return strict


def _create_key_group(made: Method) -> Method:
    def strict(call: CloudFrontResponse) -> ActionResult:
        _check_config(call, call._get_param("KeyGroupConfig"))
        return made(call)

    return strict


def _get_key_group(made: Method) -> Method:
    def strict(call: CloudFrontResponse) -> ActionResult:
        _key_group(call)
        return made(call)

    return strict


def _update_key_group(call: CloudFrontResponse) -> ActionResult:
    group = _key_group(call)
    _check_etag(call, group.etag)
    config = call._get_param("KeyGroupConfig")
    _check_config(call, config, group.id)
    group.name, group.items = config["Name"], config.get("Items", [])
    group.etag = secrets.token_hex(7)
    return ActionResult({"KeyGroup": group, "ETag": group.etag})


def _delete_key_group(group_in_use: Callable[[str], bool]) -> Method:
    def strict(call: CloudFrontResponse) -> ActionResult:
        group = _key_group(call)
        _check_etag(call, group.etag)
        if group_in_use(group.id):
            raise _error("ResourceInUse", group.id)
        del call.backend.key_groups[group.id]
        return EmptyResult()

    return strict


def _public_key(call: CloudFrontResponse) -> PublicKey:
    key = call.backend.public_keys.get(call._get_param("Id"))
    if key is None:
        raise _error("NoSuchPublicKey", call._get_param("Id"))
    return key


def _key_group(call: CloudFrontResponse) -> KeyGroup:
    group = call.backend.key_groups.get(call._get_param("Id"))
    if group is None:
        raise _error("NoSuchResource", call._get_param("Id"))
    return group


def _check_etag(call: CloudFrontResponse, etag: str) -> None:
    if not call._get_param("IfMatch"):
        raise _error("InvalidIfMatchVersion", "If-Match is missing")
    if call._get_param("IfMatch") != etag:
        raise _error("PreconditionFailed", "If-Match is not the ETag")


def _check_config(call: CloudFrontResponse, config: Any, own_id: str | None = None) -> None:
    for other in call.backend.key_groups.values():
        if other.name == config["Name"] and other.id != own_id:
            raise _error("KeyGroupAlreadyExists", config["Name"])
    items = config.get("Items", [])
    if not set(items) <= set(call.backend.public_keys):
        raise _error("InvalidArgument", "a key of the group does not exist")
    if len(items) > MOST_KEYS:
        raise _error("TooManyPublicKeysInKeyGroup", str(len(items)))


def _error(code: str, about: str) -> AwsError:
    return AwsError(code, f"{code}: {about}")
