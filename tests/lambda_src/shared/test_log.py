"""CloudWatch Logs output of the functions."""

import json
import logging

import pytest

from shared.log import disable_debug, note


def test_a_note_is_one_json_line_with_its_facts(caplog: pytest.LogCaptureFixture) -> None:
    note("refused", status=403, field="client_id")
    (line,) = caplog.messages
    assert json.loads(line) == {"event": "refused", "status": 403, "field": "client_id"}


def test_a_note_is_a_warning_unless_it_has_another_level(caplog: pytest.LogCaptureFixture) -> None:
    note("bridging")
    note("unavailable", level=logging.ERROR)
    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR"]


@pytest.mark.parametrize(
    "name", ["boto3.resources", "botocore.parsers", "botocore.endpoint", "urllib3.connection"]
)
def test_the_sdk_stays_quiet_when_the_function_logs_everything(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        disable_debug()
        logging.getLogger(name).debug("Response body: %s", "the secret")
        logging.getLogger(name).warning("shown")
        logging.disable(logging.NOTSET)
    assert caplog.messages == ["shown"]
