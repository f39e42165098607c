"""`protected-stream verify`: its table, JSON and exit status, and how it becomes a viewer."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from protected_stream.cli import on_stack, verify
from protected_stream.cli.exit_status import AWS_REFUSED, CLEAN, FINDINGS
from protected_stream.cli.main import main
from protected_stream.reading.stream_facts import stream_facts
from protected_stream.verify.answers import Broken, Unreachable
from protected_stream.verify.promises import PROMISES, Promise
from protected_stream.verify.visit import Visit
from tests.conftest import Document
from tests.unit.verify.test_promises import NOW, OUTPUTS, answered

Run = Callable[..., int]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, default: Document) -> Run:
    """Runs the command on a stack with these outputs, whose function answers 200."""

    class Lambda:
        def invoke(self, **_: object) -> Document:
            lines = [f"CloudFront-{name}=value" for name in ("Policy", "Key-Pair-Id")]
            answer = {"statusCode": 200, "multiValueHeaders": {"Set-Cookie": lines}}
            return {"Payload": io.BytesIO(json.dumps(answer).encode())}

    def visit(_: object) -> Visit:
        facts = stream_facts(default)
        fetch, client = answered(403), lambda _: Lambda()
        return Visit(fetch=fetch, outputs=OUTPUTS, facts=facts, client=client, now=lambda: NOW)

    def command(*arguments: str, outputs: dict[str, str] = OUTPUTS) -> int:
        stack = SimpleNamespace(
            name="live",
            status="CREATE_COMPLETE",
            outputs=outputs,
            physical_ids={"CookiesFunction": "live-CookiesFunction"},
        )
        monkeypatch.setattr(verify, "found", lambda *_: stack)
        return main(["verify", "--stack", "live", *arguments])

    where: Any = SimpleNamespace(account="123456789012", region="us-east-1")
    monkeypatch.setattr(on_stack, "connect", lambda **_: where)
    monkeypatch.setattr(verify, "visit_of", visit)
    return command


DEPLOYED = {**OUTPUTS, "DistributionId": "E1"}


def _holds(_: Visit) -> None:
    """Finds nothing."""


def _with_viewer(visit: Visit) -> None:
    assert visit.signed_in.set_cookie


def _broken(_: Visit) -> None:
    raise Broken("it is open")


def test_a_broken_promise_is_reported(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tried = [replace(PROMISES[0], check=_holds), replace(PROMISES[1], check=_broken)]
    monkeypatch.setattr(verify, "PROMISES", tried)
    assert run(outputs=DEPLOYED) == FINDINGS
    rows = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert [row[1:] for row in rows] == [["held", ""], ["broken", "it is open"]]


@pytest.mark.parametrize(("arguments", "result"), [((), "not tried"), (("--as-operator",), "held")])
def test_without_a_terminal_viewers_are_tried_only_as_the_operator(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    result: str,
) -> None:
    promise = Promise("id", "A viewer watches", "viewer", _with_viewer)
    monkeypatch.setattr(verify, "PROMISES", [promise])
    assert run("--json", *arguments, outputs=DEPLOYED) == CLEAN
    (row,) = json.loads(capsys.readouterr().out)
    assert row["result"] == result
    assert ("--as-operator" in row["why"]) == (result == "not tried")


def test_a_machine_that_does_not_get_through_breaks_no_promise(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nowhere(*_: object, **__: object) -> Any:
        raise Unreachable("live.example.com gives no response")

    visit_of: Callable[..., Visit] = vars(verify)["visit_of"]
    monkeypatch.setattr(verify, "visit_of", lambda stack: replace(visit_of(stack), fetch=nowhere))
    assert run("--as-operator", outputs=DEPLOYED) == AWS_REFUSED
    printed = capsys.readouterr()
    assert "cannot be reached from this machine" in printed.err
    assert printed.out == ""


def test_a_stack_without_a_distribution_is_refused(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run() == AWS_REFUSED
    assert "has no distribution to visit" in capsys.readouterr().err
