"""Preview session: the main loop while viewers are served."""

import io
import json
import queue
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)

from preview.account import Account
from preview.cli.console import Console
from preview.cli.deployment import Deployment
from preview.cli.options import options
from preview.cli.session import Session, run
from preview.cli.terminal import Terminal
from preview.cloudformation.stack import Stack
from preview.errors import PreviewError, Rejected
from preview.local.chromium import Window
from preview.services.media import test_card as card
from tests.preview.operator import copy_code, deployed, go_on_air, template_in
from tests.preview.signer import VECTORS

DAY = 86_400


@pytest.fixture(scope="module")
def session(built: Path) -> Iterator[Session]:
    """A stack on air, without encoder and browser."""
    with Account() as account:
        copy_code(account, built)
        stack = deployed(account, template_in(built))
        go_on_air(account, stack.outputs)
        said: list[str] = []
        window = Window(["no-such-chromium"], Path())
        yield Session(
            account=account,
            encoder=None,
            window=window,
            console=Console(deployment=Deployment(stack=stack), window=window, say=said.append),
            typed=queue.Queue(),
            say=said.append,
        )


def state(session: Session) -> str:
    """The channel's state."""
    (channel,) = session.account.resources.of_type("AWS::MediaLive::Channel")
    return session.account.media.state(channel.ref)


def test_it_is_ready_when_every_manifest_exists(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert session.has_pictures()
    monkeypatch.setattr(
        session.account.media,
        "source",
        lambda endpoint, name: None if name.endswith(".mpd") else card(endpoint, name),
    )
    assert not session.has_pictures()


def test_commands_are_run(session: Session) -> None:
    session.typed.put("stop")
    session.go_on(until=lambda: state(session) == "IDLE")
    session.typed.put("start")
    session.go_on(until=lambda: state(session) == "RUNNING")


def test_schedules_run_automatically(session: Session) -> None:
    """The stack's guard runs every 15 minutes, and stops a channel that ran for too long."""
    session.account.clock.skip(DAY)
    session.go_on(until=lambda: state(session) == "STOPPING")


def test_it_goes_on_without_a_browser(session: Session) -> None:
    said: list[str] = []
    Session(
        account=session.account,
        encoder=None,
        window=session.window,
        console=session.console,
        typed=session.typed,
        say=said.append,
    ).open_browser()
    assert len(said) == 1
    assert said[0].startswith("Chromium is not installed. Install it with: ")


def _signed_by_an_account(**secret: Any) -> dict[str, Any]:
    """A template with parameters for an account's key pair."""
    text = {"Type": "String"}
    return {
        "Parameters": {
            "PrivateKeyString": {**text, "NoEcho": True},
            "KeyPairId": text,
            "SigningAccount": {**text, "Default": "self"},
        },
        "Resources": {
            "PrivateKey": {
                "Type": "AWS::SecretsManager::Secret",
                "Properties": {"SecretString": {"Ref": "PrivateKeyString"}, **secret},
            }
        },
    }


def test_the_accounts_key_pair_exists_before_the_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def created(stack: Stack, _: Any, parameters: dict[str, str]) -> None:
        private = load_pem_private_key(parameters["PrivateKeyString"].encode(), None)
        form = PublicFormat.SubjectPublicKeyInfo
        public = private.public_key().public_bytes(Encoding.PEM, form).decode()
        assert stack.account.signer_keys == {"self": {parameters["KeyPairId"]: public}}
        raise PreviewError("that is all")

    monkeypatch.setattr(Stack, "deploy", created)
    (tmp_path / "template.json").write_text(json.dumps(_signed_by_an_account()))
    with pytest.raises(PreviewError, match="that is all"):
        run(options([str(tmp_path / "template.json"), "--no-encoder"]), Terminal(io.StringIO()))


def test_errors_do_not_contain_a_private_key(tmp_path: Path) -> None:
    """Errors quote the wrong value, but not all of it."""
    file = VECTORS / "test-only-rsa-2048.pem"
    wrong = _signed_by_an_account(Name={"Ref": "PrivateKeyString"})
    (tmp_path / "template.json").write_text(json.dumps(wrong))
    said = io.StringIO()
    with pytest.raises(Rejected, match=r"Name: '\*{4} ... \*{4}' is too long") as refusal:
        run(
            options([str(tmp_path / "template.json"), f"PrivateKeyString=@{file}", "--no-encoder"]),
            Terminal(said),
        )
    text = f"{refusal.value}{said.getvalue()}"
    assert not [line for line in file.read_text("utf-8").splitlines() if line[:20] in text]
