"""Neither private key nor ResponseURL leaks into a log, a response, an exception or a repr."""

import json
import logging
import traceback
from collections.abc import Callable

import pytest
from botocore.exceptions import BotoCoreError

from shared.key_ring import ALGORITHMS
from signing_key.app import REVOKE
from signing_key.key_pair import key_pair
from tests.lambda_src.signing_key.aws_account import FAULTS, Crash, Fault
from tests.lambda_src.signing_key.cloudformation import SIGNATURE, Stack
from tests.lambda_src.signing_key.expectations import assert_no_secret
from tests.lambda_src.signing_key.sequences import CREATE_CALLS

ERRORS = (BotoCoreError, Crash, RuntimeError, ValueError)


def _good(stack: Stack) -> None:
    stack.request("Delete", stack.create())


def _undeliverable(stack: Stack) -> None:
    stack.url.script = ["reset"] * 4
    stack.run(stack.event("Create"))


def _without_address(stack: Stack) -> None:
    stack.run(stack.event("Create") | {"ResponseURL": f"ftp://x/{SIGNATURE}"})


def _damaged(stack: Stack) -> None:
    stack.create()
    stack.put((stack.value or "")[:-2])
    stack.run(stack.event("Update", "E1GROUP"))
    stack.run(stack.event("Delete", "E1GROUP"))


def _of_another_kind(stack: Stack) -> None:
    stack.run({"Step": "createSecret", "SecretId": SIGNATURE, "ClientRequestToken": SIGNATURE})


def _rotating(stack: Stack) -> None:
    stack.create()
    stack.rotate()
    stack.run(REVOKE)
    stack.rotate()


def _waiting(stack: Stack) -> None:
    group_id = stack.create()
    stack.account.used_until[group_id] = stack.clock.now + 10_000
    stack.run(stack.event("Delete", group_id))


def _failing(kind: str, when: str, at: int) -> Callable[[Stack], None]:
    def run(stack: Stack) -> None:
        stack.account.fault = Fault(kind=kind, when=when, at=at)
        stack.run(stack.event("Create"))

    return run


SEQUENCES: dict[str, Callable[[Stack], None]] = {
    "good": _good,
    "undeliverable": _undeliverable,
    "without address": _without_address,
    "damaged ring": _damaged,
    "of another kind": _of_another_kind,
    "rotating, revoking and too soon": _rotating,
    "waiting": _waiting,
}
FAILING = {
    f"{kind} {when} call {at + 1}": _failing(kind, when, at + 1)
    for kind in FAULTS
    for when in ("before", "after")
    for at in range(len(CREATE_CALLS))
}


@pytest.mark.usefixtures("new_container")
@pytest.mark.parametrize(
    ("sequence", "algorithm"),
    [(name, algorithm) for name in SEQUENCES for algorithm in ALGORITHMS]
    + [pytest.param(name, "ecdsa-p256", marks=pytest.mark.slow) for name in FAILING],
)
def test_nothing_secret_leaks(
    stack: Stack,
    sequence: str,
    algorithm: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Even if the function's log level is DEBUG."""
    caplog.set_level(logging.DEBUG)
    stack.algorithm = algorithm
    error = ""
    try:
        (SEQUENCES | FAILING)[sequence](stack)
    except ERRORS as raised:
        error = "".join(traceback.format_exception(raised, chain=True))
    said = [caplog.text, error, json.dumps([body.decode() for body in stack.url.bodies])]
    assert_no_secret("\n".join([*said, *capfd.readouterr()]), stack.account)


@pytest.mark.parametrize("sequence", ["good", "waiting", "deny before call 3"])
def test_a_leak_would_be_found(
    stack: Stack, sequence: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A logged key would be found, and the function does log."""
    caplog.set_level(logging.DEBUG)
    (SEQUENCES | FAILING)[sequence](stack)
    assert '"event": "answering"' in caplog.text
    (private_key, *_) = stack.account.private_keys
    for leak in (private_key, private_key[40:90], json.dumps(private_key), f"x{SIGNATURE}x"):
        with pytest.raises(AssertionError):
            assert_no_secret(leak, stack.account)


def test_a_pairs_repr_shows_no_private_key() -> None:
    key = key_pair("ecdsa-p256", signs_from=0)
    assert key.private_key.splitlines()[1][:16] not in repr(key)
