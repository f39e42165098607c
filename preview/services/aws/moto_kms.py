"""KMS signing keys: makes moto 5.2.5 as strict as AWS.

In moto, every key signs regardless of its state, and an ARN with any account and Region names it;
moto hashes digests again, signs messages of any length, and schedules a deletion twice. The errors
are those of the KMS API Reference for each action.
"""

import contextlib
import json
from collections.abc import Callable, Iterator
from unittest.mock import patch

from moto.core.exceptions import JsonRESTError
from moto.kms.models import Key, kms_backends
from moto.kms.responses import KmsResponse

from preview.services.aws.aws_error import AwsError
from preview.services.aws.request_filter import UNKNOWN

LONGEST_MESSAGE = 4096  # bytes
# https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html

SHORTEST_WINDOW, LONGEST_WINDOW = 7, 30  # days
# https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html

# https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html#key-state-table
STATE_ERRORS = {
    "Disabled": ("DisabledException", "is disabled."),
    "PendingDeletion": ("KMSInvalidStateException", "is pending deletion."),
}

Method = Callable[[KmsResponse], str]


@contextlib.contextmanager
def closed_kms_gaps() -> Iterator[None]:
    """Makes moto's KMS as strict as AWS's while the context is open."""
    strict = {
        "get_public_key": _get_public_key(KmsResponse.get_public_key),
        "schedule_key_deletion": _schedule_key_deletion,
        "sign": _sign(KmsResponse.sign),
    }
    with contextlib.ExitStack() as patched:
        for name, method in strict.items():
            patched.enter_context(patch.object(KmsResponse, name, method))
        yield


def key_named(name: str | None, account: str, region: str) -> Key | None:
    """The key with that ID, ARN, alias, or alias ARN; None if there is none.

    https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id
    """
    for key in list(kms_backends[account][region].keys.values()):
        names = [key.id, key.arn]
        for alias in key.aliases.values():
            names += [alias.alias_name, alias.alias_arn]
        if name in names:
            return key
    return None


def _get_public_key(made: Method) -> Method:
    def strict(call: KmsResponse) -> str:
        key = _usable(call)
        return json.dumps({**json.loads(made(call)), "KeyId": key.arn, "KeySpec": key.key_spec})

    return strict


def _sign(made: Method) -> Method:
    def strict(call: KmsResponse) -> str:
        key = _usable(call)
        # moto does not serialize an AwsError with a code that is missing in the service's model
        if call._get_param("MessageType", "RAW") != "RAW" or call._get_param("DryRun"):
            raise JsonRESTError(UNKNOWN, "The preview does not support signing digests, or DryRun.")
        algorithm = call._get_param("SigningAlgorithm")
        if algorithm not in (key.signing_algorithms or ()):
            raise AwsError("InvalidKeyUsageException", f"{key.arn} does not support {algorithm}.")
        if len(call._get_param("Message")) > LONGEST_MESSAGE:
            raise JsonRESTError(
                "ValidationException", f"'message' is longer than {LONGEST_MESSAGE}."
            )
        return made(call)

    return strict


def _schedule_key_deletion(call: KmsResponse) -> str:
    key = _key(call)
    if key.key_state == "PendingDeletion":
        raise _state_error(key)
    days = call._get_param("PendingWindowInDays", LONGEST_WINDOW)
    if not SHORTEST_WINDOW <= days <= LONGEST_WINDOW:
        raise JsonRESTError("ValidationException", f"'pendingWindowInDays' is {days}.")
    at = call.kms_backend.schedule_key_deletion(key.id, days)
    state = {"KeyState": key.key_state, "PendingWindowInDays": days}
    return json.dumps({"KeyId": key.arn, "DeletionDate": at, **state})


def _usable(call: KmsResponse) -> Key:
    """The key that the call names, if its state allows its use."""
    key = _key(call)
    if key.key_state in STATE_ERRORS:
        raise _state_error(key)
    return key


def _key(call: KmsResponse) -> Key:
    name = call._get_param("KeyId")
    key = key_named(name, call.current_account, call.region)
    if key is None:
        raise AwsError("NotFoundException", f"Key '{name}' does not exist")
    return key


def _state_error(key: Key) -> AwsError:
    code, about = STATE_ERRORS[key.key_state]
    return AwsError(code, f"{key.arn} {about}")
