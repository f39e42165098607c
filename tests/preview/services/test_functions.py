"""Functions run in their own processes, with the preview's clock, and leave nothing behind."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from preview.errors import NotSupported
from preview.services.clock import Clock
from preview.services.functions import process
from preview.services.functions.function import Function, FunctionError, TimedOut
from tests.preview.process_list import is_soon_gone

SOURCE = """
import os, time

def echo(event, context):
    print("asked:", event)
    return {"event": event, "request": context.aws_request_id}

def variables(event, context):
    return dict(os.environ)

def raises(event, context):
    raise ValueError("nothing to see")

def sleeps(event, context):
    time.sleep(60)

def ends(event, context):
    os._exit(3)

def times(event, context):
    return [time.time(), context.get_remaining_time_in_millis(), os.getpid()]
"""
Starter = Callable[..., Function]


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path / "clock")


@pytest.fixture
def lines() -> list[str]:
    """The functions' output."""
    return []


@pytest.fixture(params=["forked", "started"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How the processes are started."""
    if request.param == "started":
        monkeypatch.setattr(process, "_reads_nothing_at_start", lambda *_: False)
    elif sys.platform != "linux":
        pytest.skip("forks only on Linux")
    return str(request.param)


@pytest.fixture
def start(way: str, clock: Clock, lines: list[str], tmp_path: Path) -> Iterator[Starter]:
    """Creates a function with the source above."""
    assert way
    made: list[Function] = []

    def started(handler: str, **properties: Any) -> Function:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        function = Function(
            name="tried",
            arn="arn:aws:lambda:us-east-1:123456789012:function:tried",
            properties={"Runtime": "python3.14", "Handler": f"index.{handler}", **properties},
            code=SOURCE,
            environment={"AWS_REGION": "eu-west-1"},
            clock=clock,
            log=lines.append,
            folder=folder,
        )
        made.append(function)
        return function

    yield started
    for function in made:
        function.close()


def test_an_event_gets_a_response_and_its_lines_are_logged(
    start: Starter, lines: list[str]
) -> None:
    function = start("echo")
    answers = [function.invoke({"number": number}) for number in (1, 2)]
    assert [answer["event"] for answer in answers] == [{"number": 1}, {"number": 2}]
    assert len({answer["request"] for answer in answers}) == 2
    assert lines == ["asked: {'number': 1}", "asked: {'number': 2}"]


def test_the_process_stays_warm_and_uses_the_previews_clock(start: Starter, clock: Clock) -> None:
    function = start("times", Timeout=30)
    _, _, first_process = function.invoke({})
    clock.skip(86_400)
    told, left, pid = function.invoke({})
    assert pid == first_process
    assert told == pytest.approx(time.time() + 86_400, abs=5)
    assert 25_000 < left <= 30_000


def test_only_the_functions_own_variables_reach_it(
    start: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "the-developer-s")
    variables = start("variables", Environment={"Variables": {"SECRET_ARN": "arn"}}).invoke({})
    assert variables["SECRET_ARN"] == "arn"
    assert variables["AWS_REGION"] == "eu-west-1"
    assert variables["AWS_LAMBDA_FUNCTION_NAME"] == "tried"
    assert not {"AWS_PROFILE", "USER", "PWD"} & variables.keys()


def test_an_exception_is_reported_with_its_type_and_message(start: Starter) -> None:
    with pytest.raises(FunctionError, match="ValueError: nothing to see"):
        start("raises").invoke({})


@pytest.mark.parametrize("handler", ["missing", "echo.missing"])
def test_a_missing_handler_is_an_error(start: Starter, handler: str) -> None:
    with pytest.raises(FunctionError, match=r"Runtime\.(HandlerNotFound|ImportModuleError)"):
        start(handler).invoke({})


def test_a_function_is_stopped_after_its_timeout_and_restarts(start: Starter) -> None:
    function = start("sleeps", Timeout=1)
    for _ in range(2):
        with pytest.raises(TimedOut, match=r"Task timed out after 1\.00 seconds"):
            function.invoke({})


def test_a_process_that_exits_is_an_error(start: Starter) -> None:
    with pytest.raises(FunctionError, match=r"Runtime\.ExitError: .* \(3\)"):
        start("ends").invoke({})


def test_nothing_runs_after_close(start: Starter) -> None:
    function = start("times")
    pid = function.invoke({})[2]
    function.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_killed_preview_leaves_no_process(tmp_path: Path) -> None:
    """The parent gets SIGKILL, which it cannot handle; its function also ends."""
    program = f"""
from pathlib import Path
from preview.services.clock import Clock
from preview.services.functions.function import Function
here = Path({str(tmp_path)!r})
(here / "f").mkdir()
f = Function(name="f", arn="arn:aws:lambda:us-east-1:123456789012:function:f",
    properties={{"Runtime": "python3.14", "Handler": "index.times"}}, code={SOURCE!r},
    environment={{}}, clock=Clock(here / "clock"), log=print, folder=here / "f")
print(f.invoke({{}})[2], flush=True)
input()
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        os.kill(child, 0)
        parent.kill()
    assert is_soon_gone(child)


def test_other_runtimes_are_rejected(start: Starter) -> None:
    with pytest.raises(NotSupported, match=r"does not support the runtime nodejs24\.x"):
        start("echo", Runtime="nodejs24.x")
