"""Lambda function: a process with Lambda's runtime client, started at the first event.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
"""

import contextlib
import os
import queue
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from preview.errors import NotSupported
from preview.services.clock import Clock
from preview.services.functions.packages import unpacked
from preview.services.functions.process import Process, started
from preview.services.functions.runtime_api import RuntimeApi

DEFAULT_TIMEOUT = 3  # seconds
WATCH = 0.2  # seconds between checks that the process is alive


class FunctionError(Exception):
    """The function ended with an error; the message has its type and text."""


class TimedOut(FunctionError):
    """The function did not respond within its Timeout."""


class Function:
    """A function of the template."""

    def __init__(
        self,
        *,
        name: str,
        arn: str,
        properties: Mapping[str, Any],
        code: bytes | str,
        environment: Mapping[str, str],
        clock: Clock,
        log: Callable[[str], None],
        folder: Path,
    ) -> None:
        """A function that is not running yet.

        Args:
            name: its name in the account.
            arn: its ARN.
            properties: the resolved properties of the AWS::Lambda::Function.
            code: a zip file, or inline code.
            environment: variables that the account adds to the function's own.
            clock: the function's clock.
            log: is called with each line that the function prints.
            folder: an empty folder for the function's code and log.

        Raises:
            PreviewError: its runtime or its code cannot run here.
        """
        if not properties["Runtime"].startswith("python3."):
            raise NotSupported(
                f"{name}: the preview does not support the runtime {properties['Runtime']}."
            )
        self._arn, self._handler, self._clock, self._log = arn, properties["Handler"], clock, log
        self._timeout = float(properties.get("Timeout", DEFAULT_TIMEOUT))
        self._folder = folder
        self._environment = {
            **_lambda_variables(name, properties, folder),
            **properties.get("Environment", {}).get("Variables", {}),
            **environment,
            "PREVIEW_CLOCK": str(clock.file),
        }
        self._one_at_a_time = threading.Lock()
        self._process: Process | None = None
        self._api: RuntimeApi | None = None
        self._read = 0
        unpacked(code, folder / "task")

    def invoke(self, event: Any) -> Any:
        """The function's response to an event.

        Raises:
            FunctionError: it raised an exception, could not start, or exited.
            TimedOut: it exceeded its Timeout and was stopped.
        """
        with self._one_at_a_time:
            api, process = self._running()
            api.events.put(event)
            try:
                is_result, body = self._answer(api, process)
            finally:
                self._take_lines()
        if not is_result:
            raise FunctionError(f"{body.get('errorType')}: {body.get('errorMessage')}")
        return body

    def crash(self) -> None:
        """Kills the process immediately; the next event starts another."""
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """Stops the process."""
        if self._process is not None:
            self._process.close()
            self._process = None
        if self._api is not None:
            self._api.close()
            self._api = None

    def _running(self) -> tuple[RuntimeApi, Process]:
        if self._api is None or self._process is None:
            self._api = RuntimeApi(
                arn=self._arn, deadline=lambda: self._clock.now() + self._timeout
            )
            self._process = started(
                self._handler,
                task=self._folder / "task",
                environment={**self._environment, "AWS_LAMBDA_RUNTIME_API": self._api.address},
                lines=self._lines,
            )
        return self._api, self._process

    def _answer(self, api: RuntimeApi, process: Process) -> tuple[bool, Mapping[str, Any]]:
        end = self._clock.now() + self._timeout
        while (left := end - self._clock.now()) > 0:
            with contextlib.suppress(queue.Empty):
                answer = api.answers.get(timeout=min(WATCH, left))
                # sleeping takes no real time here, so compare with the account's time
                if self._clock.now() < end:
                    return answer
            if (code := process.poll()) is not None and api.answers.empty():
                self.close()
                raise FunctionError(f"Runtime.ExitError: the process ended ({code})")
        self.close()
        raise TimedOut(f"Task timed out after {self._timeout:.2f} seconds")

    @property
    def _lines(self) -> Path:
        return self._folder / "log"

    def _take_lines(self) -> None:
        """Reads new lines; the runtime client does not buffer, so they precede the response."""
        with self._lines.open("rb") as lines:
            lines.seek(self._read)
            text = lines.read()
        self._read += len(text)
        for line in text.decode(errors="replace").splitlines():
            self._log(line)


def _lambda_variables(name: str, properties: Mapping[str, Any], folder: Path) -> dict[str, str]:
    """The environment variables that Lambda sets, and only PATH from this machine.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    logging = properties.get("LoggingConfig", {})
    return {
        "_HANDLER": properties["Handler"],
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{properties['Runtime']}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(properties.get("MemorySize", 128)),
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_LOG_FORMAT": logging.get("LogFormat", "Text"),
        "AWS_LAMBDA_LOG_LEVEL": logging.get("ApplicationLogLevel", "INFO"),
        "HOME": str(folder),
        "LAMBDA_TASK_ROOT": str(folder / "task"),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(folder / "task"),
        "TZ": "UTC",
    }
