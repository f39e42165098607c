"""No private key is visible anywhere, in any signing mode and after any failure."""

import contextlib
import json
import re
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto.kms.models import kms_backends
from werkzeug.wrappers import Request, Response

from preview.cloudformation.providers.rotation import rotate
from preview.errors import Rejected
from preview.services.functions.function import FunctionError
from preview.services.response_urls import ResponseUrls
from shared.private_key import load
from tests.lambda_src.shared.key_pairs import secret_pieces
from tests.preview import scenario_given
from tests.preview.faults import failing
from tests.preview.signed_streams import EMAIL, PASSWORD, Live, on_air

HOUR = 3600
FOR_THE_OWNER_ALONE = 0o600
EXAMPLES = ("default", "supplied", "supplied-ecdsa", "trusted-signer", "kms")
PRIVATE_BLOCK = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")


@dataclass
class Witness:
    """Everything about one stream that somebody could have seen."""

    live: Live
    built: Path
    said: list[str] = field(default_factory=list)
    """Output of the preview, responses to CloudFormation and viewers, and errors."""
    pieces: set[str] = field(default_factory=set)
    """Parts of private keys, which a leak would contain."""

    def note_keys(self) -> None:
        """Records all current private keys; a rotation creates others."""
        parameters = scenario_given.given(self.live.template)
        pasted = [parameters[name] for name in parameters if name == "PrivateKeyString"]
        for text in (*pasted, *_in_secrets(self.live)):
            self.pieces |= secret_pieces(load(text))
        stack = self.live.account.stack
        for key in kms_backends[stack.account_id][stack.region].keys.values():
            held: Any = key.private_key
            self.pieces |= secret_pieces(held.private_key)

    def leaks(self) -> list[str]:
        """The places where a private key is visible."""
        outside = {
            "the template": json.dumps(self.live.template),
            "an output": str(self.live.stack.outputs),
            "a log": "\n".join(_logged(self.live)),
            "what was said": "\n".join(self.said),
            "a call": str([(call.action, call.resource) for call in self.live.account.aws.calls]),
        }
        seen = [where for where, text in outside.items() if self._shows(text)]
        return seen + [str(path) for path in self._open_files()]

    def _shows(self, text: str) -> bool:
        return bool(PRIVATE_BLOCK.search(text)) or any(piece in text for piece in self.pieces)

    def _open_files(self) -> Iterator[Path]:
        """Files with a private key whose mode does not restrict them to the owner."""
        for folder in (self.built, self.live.account.folder):
            for path in (one for one in folder.rglob("*") if one.is_file()):
                mode = stat.S_IMODE(path.stat().st_mode)
                if mode != FOR_THE_OWNER_ALONE and self._shows(path.read_text(errors="replace")):
                    yield path


def _in_secrets(live: Live) -> Iterator[str]:
    for text in _secrets(live).values():
        with contextlib.suppress(ValueError):
            yield from (key["private_key"] for key in json.loads(text)["keys"])
            continue
        yield text


def _secrets(live: Live) -> dict[str, str]:
    client = live.account.client("secretsmanager")
    return {
        one.ref: client.get_secret_value(SecretId=one.ref)["SecretString"]
        for one in live.account.resources.of_type("AWS::SecretsManager::Secret")
    }


def _logged(live: Live) -> Iterator[str]:
    client = live.account.client("logs")
    for group in live.account.resources.of_type("AWS::Logs::LogGroup"):
        for page in client.get_paginator("filter_log_events").paginate(logGroupName=group.ref):
            yield from (event["message"] for event in page["events"])


@pytest.fixture(scope="module", params=EXAMPLES)
def witness(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Witness]:
    """An example, on air; all of its output is recorded."""
    built, said = tmp_path_factory.mktemp(request.param), list[str]()
    take = ResponseUrls._answer

    def kept(answers: ResponseUrls, request: Request) -> Response:
        said.append(request.get_data(as_text=True))
        return take(answers, request)

    with (
        patch.object(ResponseUrls, "_answer", kept),
        on_air(request.param, built, said.append) as live,
    ):
        live.browser.sign_in(EMAIL, live.account.mailbox[EMAIL], new_password=PASSWORD)
        yield Witness(live=live, built=built, said=said)


def asks(witness: Witness) -> None:
    """A viewer requests cookies after all earlier ones have expired."""
    witness.live.account.clock.skip(26 * HOUR)
    witness.live.browser.sign_in(EMAIL, PASSWORD)
    answer = witness.live.browser.ask_for_cookies()
    witness.said.append(f"{answer.headers} {answer.text}")


def services_fail(witness: Witness) -> None:
    for action in ("secretsmanager:*", "kms:*"):
        with failing(witness.live.account.aws, action, "InternalServiceError"):
            asks(witness)


def the_secret_is_damaged(witness: Witness) -> None:
    client = witness.live.account.client("secretsmanager")
    for name, text in _secrets(witness.live).items():
        for damaged in (text[: len(text) // 2], text.replace("E", "F"), f"[{text}", text + text):
            client.put_secret_value(SecretId=name, SecretString=damaged)
            asks(witness)
        client.put_secret_value(SecretId=name, SecretString=text)


def the_key_rotates(witness: Witness) -> None:
    """With and without service failures."""
    account = witness.live.account
    for schedule in account.resources.of_type("AWS::SecretsManager::RotationSchedule"):
        account.clock.skip(26 * HOUR)
        for action in ("cloudfront:*", "secretsmanager:PutSecretValue", "none"):
            with failing(account.aws, action, "InternalServiceError"):
                try:
                    rotate(account, schedule)
                except FunctionError as error:
                    witness.said.append(str(error))


def an_update_is_refused(witness: Witness) -> None:
    """Because of an invalid key, and because of a custom resource that fails."""
    live = witness.live
    parameters = scenario_given.given(live.template)
    if "PrivateKeyString" in parameters:
        broken = parameters["PrivateKeyString"].replace("PRIVATE", "PIRATE")
        _refused(witness, live.template, {**parameters, "PrivateKeyString": broken})
    changed = json.loads(json.dumps(live.template))
    for resource in changed["Resources"].values():
        if resource["Type"] in ("Custom::SigningKeyPair", "Custom::PublicKeyPem"):
            resource["Properties"]["ServiceTimeout"] += 1
    with failing(live.account.aws, "*", "InternalServiceError"):
        _refused(witness, changed, parameters)


def _refused(witness: Witness, template: Any, parameters: dict[str, str]) -> None:
    try:
        witness.live.stack.deploy(template, parameters)
    except Rejected as refusal:
        witness.said.append(str(refusal))


HAPPENINGS: Sequence[Callable[[Witness], None]] = (
    asks,
    services_fail,
    the_secret_is_damaged,
    the_key_rotates,
    an_update_is_refused,
)


@settings(
    max_examples=2,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.permutations(HAPPENINGS))
def test_no_private_key_is_visible_after_any_failure(
    witness: Witness, happenings: Sequence[Callable[[Witness], None]]
) -> None:
    for happening in happenings:
        witness.note_keys()
        happening(witness)
    witness.note_keys()
    assert witness.pieces
    assert witness.leaks() == []


def test_a_leak_would_be_found(witness: Witness) -> None:
    """Every place that contains part of a key is found."""
    witness.note_keys()
    piece = next(iter(witness.pieces))
    witness.said.append(f"the key {piece}")
    path = witness.built / "open"
    path.write_text(piece)
    path.chmod(0o644)
    closed = witness.built / "closed"
    closed.write_text(piece)
    closed.chmod(FOR_THE_OWNER_ALONE)
    assert witness.leaks() == ["what was said", str(path)]
    witness.said.pop()
    path.unlink()
    closed.unlink()
