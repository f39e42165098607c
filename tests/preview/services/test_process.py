"""A function cannot detect whether its process was forked, and forked processes clean up."""

import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from preview.services.clock import Clock
from preview.services.functions import process
from preview.services.functions.function import Function, FunctionError
from tests.preview.process_list import is_soon_gone

SOURCE = """
import importlib, inspect, locale, os, resource, signal, sys, threading, time
at_import = time.time()

def surroundings(event, context):
    return {
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "path": sys.path,
        "arguments": sys.argv,
        "threads": [type(thread).__name__ for thread in threading.enumerate()],
        "signals": {number.name: str(signal.getsignal(number)) for number in signal.valid_signals()
                    if isinstance(number, signal.Signals)},
        "woken": signal.set_wakeup_fd(-1),
        "descriptors": [os.readlink(f"/proc/self/fd/{number}").partition(":")[0]
                        for number in sorted(map(int, os.listdir("/proc/self/fd")))
                        if os.path.exists(f"/proc/self/fd/{number}")],
        "locale": [locale.getlocale(), sys.getfilesystemencoding(), sys.flags.utf8_mode],
        "streams": [(one.encoding, one.errors) for one in (sys.stdin, sys.__stdout__,
                    sys.__stderr__)],
        "hour": time.localtime(0).tm_hour,
        "mask": os.umask(0o22),
        "session": os.getsid(0),
        "group": os.getpgid(0),
    }

def sdk(event, context):
    import boto3
    import botocore.retries.standard
    handler = botocore.retries.standard.RetryHandler
    kept = inspect.signature(handler).parameters["sleep"].default
    before = time.time()
    kept(3600)
    client = boto3.client("secretsmanager")
    return [at_import, time.time() - before, boto3.DEFAULT_SESSION.get_available_services()[:3],
            client.meta.endpoint_url, client.meta.service_model.operation_names]

def processes(event, context):
    return [os.getpid(), os.getppid()]

def sleeps_once(event, context):
    if os.path.exists("begun"):
        return "awake"
    with open("begun.new", "w") as file:
        file.write(str(os.getpid()))
    os.rename("begun.new", "begun")
    threading.Event().wait(60)

def imported(event, context):
    return importlib.import_module(event["name"]).__file__

def hash_seed(event, context):
    return hash("text")
"""
Starter = Callable[..., Function]
AWS = {
    "AWS_ACCESS_KEY_ID": "key-for-tests",
    "AWS_SECRET_ACCESS_KEY": "secret-for-tests",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
}
linux = pytest.mark.skipif(sys.platform != "linux", reason="forks only on Linux")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starter]:
    """Creates a function with the source above, or other code, always in the same folder."""
    made: list[Function] = []

    def started(handler: str, code: bytes | str = SOURCE, **variables: str) -> Function:
        for function in made:
            function.close()
        folder = tmp_path / "function"
        if folder.exists():
            folder.rename(tmp_path / str(len(made)))
        folder.mkdir()
        function = Function(
            name="tried",
            arn="arn:aws:lambda:us-east-1:123456789012:function:tried",
            properties={
                "Runtime": "python3.14",
                "Handler": f"index.{handler}",
                "Timeout": 7200,
                "Environment": {"Variables": variables},
            },
            code=code,
            environment=AWS,
            clock=Clock(tmp_path / "clock"),
            log=lambda _: None,
            folder=folder,
        )
        made.append(function)
        return function

    yield started
    for function in made:
        function.close()


@linux
@pytest.mark.parametrize("handler", ["surroundings", "sdk"])
def test_a_function_cannot_detect_how_its_process_was_started(
    start: Starter, handler: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "the-developer-s")
    forked = _without_what_differs(start(handler, TZ="Asia/Tokyo").invoke({}))
    monkeypatch.setattr(process, "_reads_nothing_at_start", lambda *_: False)
    assert _without_what_differs(start(handler, TZ="Asia/Tokyo").invoke({})) == forked


def _without_what_differs(told: Any) -> Any:
    if isinstance(told, dict):
        assert told["environment"].pop("AWS_LAMBDA_RUNTIME_API")
        assert told["hour"] == 9
        return told
    assert told.pop(0) == pytest.approx(time.time(), abs=60)
    assert told.pop(0) == pytest.approx(3600, abs=60)
    return told


@linux
def test_functions_do_not_affect_each_others_processes(start: Starter) -> None:
    first = start("surroundings", FIRST="yes").invoke({})
    second = start("surroundings", SECOND="yes").invoke({})
    assert "FIRST" in first["environment"]
    assert "FIRST" not in second["environment"]
    assert second["path"] == first["path"]


@linux
def test_processes_are_forked_by_a_process_other_than_the_preview(start: Starter) -> None:
    first, second = (start("processes").invoke({}) for _ in range(2))
    assert first[0] != second[0]
    assert first[1] == second[1] != os.getpid()


@pytest.mark.parametrize("name", ["jmespath", "cryptography"])
def test_a_function_that_includes_a_module_gets_its_own(start: Starter, name: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", SOURCE)
        archive.writestr(f"{name}/__init__.py", "")
    file = start("imported", packed.getvalue()).invoke({"name": name})
    assert file.endswith(f"function/task/{name}/__init__.py")


def test_variables_that_python_reads_at_startup_take_effect(start: Starter) -> None:
    hashes = {start("hash_seed", PYTHONHASHSEED=seed).invoke({}) for seed in ("1", "1", "2")}
    assert len(hashes) == 2


@pytest.mark.parametrize("way", ["forked", "started"])
def test_a_crash_is_an_error_and_the_next_event_gets_a_response(
    start: Starter, way: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if way == "started":
        monkeypatch.setattr(process, "_reads_nothing_at_start", lambda *_: False)
    function = start("sleeps_once")
    begun = tmp_path / "function" / "task" / "begun"
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(function.invoke, {})
        while not begun.exists():
            time.sleep(0.01)
        function.crash()
        assert not _runs(int(begun.read_text()))
        with pytest.raises(FunctionError, match=r"Runtime\.ExitError: .* \(-9\)"):
            answer.result()
    assert function.invoke({}) == "awake"


@linux
def test_without_the_server_functions_end_and_the_next_has_another_server(start: Starter) -> None:
    pid, server = start("processes").invoke({})
    (known,) = (one for one in process._fork_servers.values() if one._process.pid == server)
    os.kill(server, signal.SIGKILL)
    known._process.wait()
    assert start("processes").invoke({})[1] != server  # this closes the previous function
    assert is_soon_gone(pid)


@linux
def test_a_killed_preview_leaves_no_server() -> None:
    program = """
from preview.services.functions import process
print(process._fork_server(["boto3"])._process.pid, flush=True)
input()
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as preview:
        assert preview.stdout is not None
        server = int(preview.stdout.readline())
        os.kill(server, 0)
        preview.kill()
    assert is_soon_gone(server)


def _runs(pid: int) -> bool:
    """Whether the process is still running: neither gone nor a zombie."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=False)
    return state.stdout.strip()[:1] not in (b"", b"Z")
