"""Simulated AWS account for the signing key: moto, made as strict as AWS, with fault injection.

Every call goes through botocore's `_make_api_call`, so a fault "after" a call really leaves the
call's effect behind. preview/services/aws/moto_gaps.py and moto_secrets.py make moto strict. Lists
are answered here: they can lag, and have pages of any size. A key group can be in use by a
distribution until a given time, reads of the secret can be stale, and the account has a quota of
public keys.
"""

import contextlib
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn
from unittest.mock import patch

from botocore.client import BaseClient
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError, ReadTimeoutError
from botocore.validate import ParamValidator
from moto import mock_aws
from moto.cloudfront.models import CloudFrontBackend, KeyGroup, PublicKey, cloudfront_backends

from preview.services.aws.moto_gaps import closed_gaps
from preview.services.aws.moto_secrets import (
    Versions,
    closed_secret_gaps,
    stale_reads,
    versions_of,
)
from signing_key.calls import CALL_SECONDS
from tests.lambda_src.shared.simulated_time import START, Clock

Parameters = Mapping[str, Any]
Response = dict[str, Any]

LIST_ACTIONS = ("cloudfront:ListPublicKeys", "cloudfront:ListKeyGroups")
_ACCOUNT_ID = "123456789012"  # moto's
SDK_PAUSES = 13  # the longest that the SDK waits between its attempts


class Crash(BaseException):
    """The process ends: the function must not catch this."""


def refusal(code: str, action: str) -> ClientError:
    """An error from AWS, whose message must not be passed on."""
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


# kind: (the exception, how long the call takes to raise it, in seconds)
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
    """Whether all later calls also fail."""

    def strikes(self, number: int) -> bool:
        return number >= self.at if self.lasting else number == self.at


@dataclass(kw_only=True)
class Account:
    """The account that the function calls. `call` replaces botocore's `_make_api_call`."""

    clock: Clock
    moto: Callable[[BaseClient, str, Parameters], Response]
    actions: list[str] = field(default_factory=list)
    """Every call since the last `record`, as IAM actions."""
    sent: list[Parameters] = field(default_factory=list)
    """The parameters of these calls."""
    all_actions: set[str] = field(default_factory=set)
    """Every action ever called."""
    private_keys: set[str] = field(default_factory=set)
    """Every private key that was ever sent to Secrets Manager."""
    fault: Fault | None = None
    struck: int = 0
    """How many calls failed because of a fault."""
    lost_answer: int | None = None
    """The number of a call whose first response is lost, so that the SDK retries it."""
    meanwhile: dict[int, Callable[[], object]] = field(default_factory=dict)
    """Call number: what someone else does just before that call."""
    seconds_per_call: float = 0
    denied_seconds: float = 0
    """How long AWS denies every call at first, because the role is still new."""
    page_size: int = 100
    hidden: dict[str, int] = field(default_factory=dict)
    """Name: how many list calls do not show it yet."""
    most_public_keys: int = 100
    """The account's quota."""
    others_wait_for_room: bool = False
    """Whether other stacks immediately take the place of every public key that is deleted."""
    stale_reads: int = 0
    """How many reads of the secret after its last change still show what was before."""
    former: Versions = field(default_factory=dict)
    """The secret's versions when they were last read as they are."""
    stale_left: int = 0
    """How many reads will still show these."""
    used_until: dict[str, float] = field(default_factory=dict)
    """Key group ID: until when a distribution refers to it, in epoch seconds."""

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
        """Start counting calls from here."""
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
        if self.clock.now < START + self.denied_seconds:
            raise _denied(action)
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
        if operation == "CreatePublicKey" and len(self.key_names) >= self.most_public_keys:
            raise refusal("TooManyPublicKeys", self.actions[-1])
        listed = _LISTS.get(operation)
        if listed is None:
            return self._answered_by_moto(client, operation, parameters)
        shape = client.meta.service_model.operation_model(operation).input_shape
        assert shape is not None
        report = ParamValidator().validate(dict(parameters), shape)
        if report.has_errors():
            raise ParamValidationError(report=report.generate_report())
        return listed(self, parameters)

    def _answered_by_moto(
        self, client: BaseClient, operation: str, parameters: Parameters
    ) -> Response:
        """An error has the text that must not get any further, as every error of AWS here."""
        try:
            with self._read_late(operation, parameters):
                response = self.moto(client, operation, parameters)
        except ClientError as error:
            raise refusal(error.response["Error"]["Code"], self.actions[-1]) from None
        if operation == "DeletePublicKey" and self.others_wait_for_room:
            name = f"other-{parameters['Id']}"
            self.cloudfront.create_public_key(name, name, "PEM\n")
        return response

    def _read_late(
        self, operation: str, parameters: Parameters
    ) -> contextlib.AbstractContextManager[None]:
        if operation in ("PutSecretValue", "UpdateSecretVersionStage") and self.stale_reads:
            if not self.stale_left:
                self.former = versions_of(parameters["SecretId"])
            self.stale_left = self.stale_reads
        elif operation == "GetSecretValue" and self.stale_left:
            self.stale_left -= 1
            return stale_reads(parameters["SecretId"], self.former)
        return contextlib.nullcontext()

    def is_in_use(self, group_id: str) -> bool:
        """Whether a distribution refers to the key group, so that it cannot be deleted."""
        return self.clock.now < self.used_until.get(group_id, 0)


@contextlib.contextmanager
def simulated_account(clock: Clock) -> Iterator[Account]:
    """An account that every client calls while the context is open."""
    moto: Callable[[BaseClient, str, Parameters], Response]
    moto = BaseClient._make_api_call  # type: ignore[attr-defined]  # private, known to be there
    account = Account(clock=clock, moto=moto)

    def call(client: BaseClient, operation: str, parameters: Parameters) -> Response:
        return account.call(client, operation, parameters)

    with (
        mock_aws(),
        closed_gaps(account.is_in_use),
        closed_secret_gaps(),
        patch.object(BaseClient, "_make_api_call", call),
    ):
        yield account


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


def _hides(account: Account, name: str, parameters: Parameters) -> bool:
    if account.hidden.get(name, 0) == 0:
        return False
    if "Marker" not in parameters:
        account.hidden[name] -= 1
    return True


def _page(account: Account, items: list[Response], parameters: Parameters) -> Response:
    """A page after the marker; like CloudFront's, without Items if empty, and with a marker."""
    start = int(parameters.get("Marker", "0"))
    shown = list(itertools.islice(items, start, start + account.page_size))
    end = start + len(shown)
    page: Response = {"MaxItems": account.page_size, "Quantity": len(shown)}
    if shown:
        page["Items"] = shown
    if end < len(items):
        page["NextMarker"] = str(end)
    return page


_LISTS: Mapping[str, Callable[[Account, Parameters], Response]] = {
    "ListPublicKeys": _list_public_keys,
    "ListKeyGroups": _list_key_groups,
}
