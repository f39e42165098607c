"""An AWS account for the viewer's signing key: moto's, made as strict as AWS, and able to fail.

Everything goes through botocore's `_make_api_call`, so that a fault "after" a call really leaves
the call's effect behind. There moto 5.2.5 is replaced where it is looser than AWS:

- CreatePublicKey and CreateKeyGroup take a name twice, any text for a key, unknown keys in a group.
- GetPublicKey and GetKeyGroup break on an unknown id; DeletePublicKey takes any ETag and a key
  that a group holds; UpdateKeyGroup and DeleteKeyGroup do not exist.
- Lists show at once what was made. Here they can lag, and have pages of any size.
- Nothing is ever in use by a distribution. Here a group can be, until a time.
"""

import contextlib
import itertools
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError, ReadTimeoutError
from botocore.validate import ParamValidator
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from moto.cloudfront.models import CloudFrontBackend, KeyGroup, PublicKey, cloudfront_backends

from signing_key.calls import CALL_SECONDS
from tests.lambda_src.shared.simulated_time import Clock

Parameters = Mapping[str, Any]
Response = dict[str, Any]

LIST_ACTIONS = ("cloudfront:ListPublicKeys", "cloudfront:ListKeyGroups")
_ACCOUNT_ID = "123456789012"  # moto's
SDK_PAUSES = 13  # what the SDK waits at most between its attempts


class Crash(BaseException):
    """The process ends: nothing of the function's own may catch this."""


def refusal(code: str, action: str) -> ClientError:
    """An error that AWS answers; its text must not get any further."""
    error = {"Code": code, "Message": f"MESSAGE-OF-AWS about {action}"}
    return ClientError({"Error": error}, action.partition(":")[2])  # type: ignore[typeddict-item]  # no metadata needed


def _throttled(action: str) -> ClientError:
    of_secret = action.startswith("secretsmanager")
    return refusal("ThrottlingException" if of_secret else "Throttling", action)


def _denied(action: str) -> ClientError:
    of_secret = action.startswith("secretsmanager")
    return refusal("AccessDeniedException" if of_secret else "AccessDenied", action)


def _timed_out(action: str) -> BotoCoreError:
    return ReadTimeoutError(endpoint_url=f"https://{action}.example/MESSAGE-OF-AWS")


def _crashed(_: str) -> Crash:
    return Crash()


# kind: (what is raised, how long the call took until then, in seconds)
FAULTS: Mapping[str, tuple[Callable[[str], BaseException], float]] = {
    "throttle": (_throttled, SDK_PAUSES),
    "deny": (_denied, 0),
    "time-out": (_timed_out, CALL_SECONDS),
    "crash": (_crashed, 0),
}


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A call that fails before or after it has taken effect."""

    kind: str
    when: str
    at: int
    """The number of the call, counted from 1."""
    lasting: bool = False
    """Whether all later calls fail, too."""

    def strikes(self, number: int) -> bool:
        return number >= self.at if self.lasting else number == self.at


@dataclass(kw_only=True)
class Account:
    """What the function's calls meet. `call` stands in for botocore's `_make_api_call`."""

    clock: Clock
    moto: Callable[[BaseClient, str, Parameters], Response]
    actions: list[str] = field(default_factory=list)
    """Every call since the last `record`, in IAM's words."""
    sent: list[Parameters] = field(default_factory=list)
    """The parameters of these calls."""
    all_actions: set[str] = field(default_factory=set)
    """Every action ever called."""
    private_keys: set[str] = field(default_factory=set)
    """Every private key that was ever sent to Secrets Manager."""
    fault: Fault | None = None
    struck: int = 0
    """How many calls failed by a fault."""
    lost_answer: int | None = None
    """The number of a call whose first answer is lost, so that the SDK makes it again."""
    meanwhile: dict[int, Callable[[], None]] = field(default_factory=dict)
    """What somebody else does just before the call of that number."""
    seconds_per_call: float = 0
    page_size: int = 100
    hidden: dict[str, int] = field(default_factory=dict)
    """Name: the number of lists that do not show it yet."""
    used_until: dict[str, float] = field(default_factory=dict)
    """Id of a key group: until when a distribution refers to it, in epoch seconds."""

    @property
    def cloudfront(self) -> CloudFrontBackend:
        return cloudfront_backends[_ACCOUNT_ID]["aws"]

    @property
    def key_names(self) -> list[str]:
        return sorted(key.name for key in self.cloudfront.public_keys.values())

    @property
    def group_names(self) -> list[str]:
        return sorted(group.name for group in self.cloudfront.key_groups.values())

    def record(self) -> None:
        """Count calls from here."""
        self.actions, self.sent = [], []

    def group(self, name: str) -> KeyGroup:
        return next(g for g in self.cloudfront.key_groups.values() if g.name == name)

    def public_key(self, name: str) -> PublicKey:
        return next(k for k in self.cloudfront.public_keys.values() if k.name == name)

    def call(self, client: BaseClient, operation: str, parameters: Parameters) -> Response:
        action = f"{client.meta.service_model.service_name}:{operation}"
        self._note(action, parameters)
        number = len(self.actions)
        self._others_act(number)
        self.clock.sleep(self.seconds_per_call)
        if number == self.lost_answer:
            self._without_answer(client, operation, parameters)
            self.clock.sleep(self.seconds_per_call or CALL_SECONDS)
        if self.fault and self.fault.strikes(number):
            self._fail(self.fault, client, operation, parameters)
        return self._effect(client, operation, parameters)

    def _note(self, action: str, parameters: Parameters) -> None:
        self.actions.append(action)
        self.sent.append(parameters)
        self.all_actions.add(action)
        if action == "secretsmanager:PutSecretValue":
            ring = json.loads(parameters["SecretString"])
            self.private_keys |= {key["private_key"] for key in ring["keys"]}

    def _others_act(self, number: int) -> None:
        act = self.meanwhile.pop(number, None)
        if act is None:
            return
        recorded, pace = (self.actions, self.sent), self.seconds_per_call
        self.record()
        self.seconds_per_call = 0
        act()
        (self.actions, self.sent), self.seconds_per_call = recorded, pace

    def _fail(
        self, fault: Fault, client: BaseClient, operation: str, parameters: Parameters
    ) -> NoReturn:
        if fault.when == "after":
            self._without_answer(client, operation, parameters)
        error, seconds = FAULTS[fault.kind]
        self.clock.sleep(seconds)
        self.struck += 1
        raise error(self.actions[-1])

    def _without_answer(self, client: BaseClient, operation: str, parameters: Parameters) -> None:
        with contextlib.suppress(ClientError):
            self._effect(client, operation, parameters)

    def _effect(self, client: BaseClient, operation: str, parameters: Parameters) -> Response:
        stricter = _STRICTER.get(operation)
        if stricter is None:
            return self.moto(client, operation, parameters)
        shape = client.meta.service_model.operation_model(operation).input_shape
        assert shape is not None
        report = ParamValidator().validate(dict(parameters), shape)
        if report.has_errors():
            raise ParamValidationError(report=report.generate_report())
        answer = stricter(self, parameters)
        return self.moto(client, operation, parameters) if answer is None else answer


def _refuse(code: str, operation: str) -> ClientError:
    return refusal(code, f"cloudfront:{operation}")


def _create_public_key(account: Account, parameters: Parameters) -> None:
    config = parameters["PublicKeyConfig"]
    for other in account.cloudfront.public_keys.values():
        if config["Name"] == other.name or config["CallerReference"] == other.caller_ref:
            raise _refuse("PublicKeyAlreadyExists", "CreatePublicKey")
    key = load_pem_public_key(config["EncodedKey"].encode())
    is_rsa = isinstance(key, rsa.RSAPublicKey) and key.key_size == 2048
    is_p256 = isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == "secp256r1"
    if len(config["Name"]) > 128 or not (is_rsa or is_p256):
        raise _refuse("InvalidArgument", "CreatePublicKey")


def _get_public_key(account: Account, parameters: Parameters) -> None:
    if parameters["Id"] not in account.cloudfront.public_keys:
        raise _refuse("NoSuchPublicKey", "GetPublicKey")


def _delete_public_key(account: Account, parameters: Parameters) -> None:
    key = account.cloudfront.public_keys.get(parameters["Id"])
    if key is None:
        raise _refuse("NoSuchPublicKey", "DeletePublicKey")
    if parameters.get("IfMatch") != key.etag:
        raise _refuse("PreconditionFailed", "DeletePublicKey")
    if any(key.id in group.items for group in account.cloudfront.key_groups.values()):
        raise _refuse("PublicKeyInUse", "DeletePublicKey")


def _create_key_group(account: Account, parameters: Parameters) -> None:
    config = parameters["KeyGroupConfig"]
    if config["Name"] in account.group_names:
        raise _refuse("KeyGroupAlreadyExists", "CreateKeyGroup")
    _check_items(account, config["Items"], "CreateKeyGroup")


def _get_key_group(account: Account, parameters: Parameters) -> None:
    _existing_group(account, parameters["Id"], "GetKeyGroup")


def _update_key_group(account: Account, parameters: Parameters) -> Response:
    group = _existing_group(account, parameters["Id"], "UpdateKeyGroup")
    config = parameters["KeyGroupConfig"]
    if parameters.get("IfMatch") != group.etag:
        raise _refuse("PreconditionFailed", "UpdateKeyGroup")
    _check_items(account, config["Items"], "UpdateKeyGroup")
    group.name, group.items, group.etag = config["Name"], config["Items"], secrets.token_hex(7)
    return {"KeyGroup": {"Id": group.id, "KeyGroupConfig": config}, "ETag": group.etag}


def _delete_key_group(account: Account, parameters: Parameters) -> Response:
    group = _existing_group(account, parameters["Id"], "DeleteKeyGroup")
    if parameters.get("IfMatch") != group.etag:
        raise _refuse("PreconditionFailed", "DeleteKeyGroup")
    if account.clock.now < account.used_until.get(group.id, 0):
        raise _refuse("ResourceInUse", "DeleteKeyGroup")
    del account.cloudfront.key_groups[group.id]
    return {}


def _list_public_keys(account: Account, parameters: Parameters) -> Response:
    keys = [
        {"Id": key.id, "Name": key.name, "EncodedKey": key.encoded_key}
        for key in account.cloudfront.public_keys.values()
        if not _hides(account, key.name, parameters)
    ]
    return {"PublicKeyList": _page(account, keys, parameters)}


def _list_key_groups(account: Account, parameters: Parameters) -> Response:
    groups = [
        {"KeyGroup": {"Id": group.id, "KeyGroupConfig": dict(group.key_group_config)}}
        for group in account.cloudfront.key_groups.values()
        if not _hides(account, group.name, parameters)
    ]
    return {"KeyGroupList": _page(account, groups, parameters)}


def _existing_group(account: Account, group_id: str, operation: str) -> KeyGroup:
    group = account.cloudfront.key_groups.get(group_id)
    if group is None:
        raise _refuse("NoSuchResource", operation)
    return group


def _check_items(account: Account, items: list[str], operation: str) -> None:
    if not set(items) <= set(account.cloudfront.public_keys):
        raise _refuse("InvalidArgument", operation)
    if len(items) > 5:
        raise _refuse("TooManyPublicKeysInKeyGroup", operation)


def _hides(account: Account, name: str, parameters: Parameters) -> bool:
    if account.hidden.get(name, 0) == 0:
        return False
    if "Marker" not in parameters:
        account.hidden[name] -= 1
    return True


def _page(account: Account, items: list[Response], parameters: Parameters) -> Response:
    """A page after the marker; like CloudFront's, without Items when empty and with a marker."""
    start = int(parameters.get("Marker", "0"))
    shown = list(itertools.islice(items, start, start + account.page_size))
    end = start + len(shown)
    page: Response = {"MaxItems": account.page_size, "Quantity": len(shown)}
    if shown:
        page["Items"] = shown
    if end < len(items):
        page["NextMarker"] = str(end)
    return page


_STRICTER: Mapping[str, Callable[[Account, Parameters], Response | None]] = {
    "CreatePublicKey": _create_public_key,
    "GetPublicKey": _get_public_key,
    "DeletePublicKey": _delete_public_key,
    "ListPublicKeys": _list_public_keys,
    "CreateKeyGroup": _create_key_group,
    "GetKeyGroup": _get_key_group,
    "UpdateKeyGroup": _update_key_group,
    "DeleteKeyGroup": _delete_key_group,
    "ListKeyGroups": _list_key_groups,
}
