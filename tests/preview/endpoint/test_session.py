"""`python -m preview --endpoint`: a client deploys to it with what it prints."""

import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from preview.cli.options import options
from protected_stream.building import build
from protected_stream.config import load
from tests.conftest import CHECKOUT, STREAMS
from tests.preview.cli.test_main import PLAIN, read_until
from tests.preview.endpoint.serving import client_of
from tests.preview.endpoint.test_boto3 import CAPABILITIES, SOON, parameters, text
from tests.preview.operator import template_in
from tests.preview.scenario_given import given

MAILED = "mailed   viewer@example.com: "


def test_a_client_deploys_a_stack_whose_page_is_served(tmp_path: Path) -> None:
    build(load(STREAMS["kms"]), tmp_path / "made", lambda _: None)
    template = template_in(tmp_path / "made")
    with subprocess.Popen(
        [sys.executable, "-m", "preview", "--endpoint", *PLAIN],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        exports = read_until(process, "export ").rpartition("export ")[2]
        names = dict(word.split("=", 1) for word in shlex.split(exports))
        cloudformation = client_of(names, "cloudformation")
        one = {"StackName": "mine", "ChangeSetName": "one"}
        cloudformation.create_change_set(
            **one,
            ChangeSetType="CREATE",
            TemplateBody=text(template),
            Parameters=parameters(given(template)),
            Capabilities=CAPABILITIES,
        )
        cloudformation.execute_change_set(**one)
        waiter = cloudformation.get_waiter("stack_create_complete")
        waiter.wait(StackName="mine", WaiterConfig=SOON)
        (stack,) = cloudformation.describe_stacks(StackName="mine")["Stacks"]
        outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
        client_of(names, "s3").put_object(
            Bucket=outputs["PageBucketName"], Key="index.html", Body=b"the page of a client"
        )
        said = read_until(process, "curl --insecure")
        if MAILED not in said:  # it is mailed during the creation, and said before it has ended
            said += read_until(process, MAILED)
        (options,) = re.findall(r"curl (--insecure --connect-to \S+) URL", said)
        page = subprocess.run(
            ["curl", "--silent", *options.split(), outputs["WatchAddress"]],
            capture_output=True,
            text=True,
            check=True,
        )
        signed_in = _sign_in_without_browser(tmp_path, said, outputs["WatchAddress"])
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=20)
    assert page.stdout == "the page of a client"
    # the channel has not been started; without cookies it would be 403
    assert re.fullmatch(r'\{"expires": \d+,.*\}<Error><Code>NoSuchKey</Code>.*', signed_in)
    assert "mine     CREATE_COMPLETE" in said
    assert (process.returncode, errors) == (0, "")
    assert rest.endswith("The preview has ended.\n")


def _sign_in_without_browser(folder: Path, said: str, address: str) -> str:
    """What the lines of docs/preview.md print."""
    text = (CHECKOUT / "docs" / "preview.md").read_text("utf-8")
    (section,) = re.findall(r"^## Signing in without a browser$(.*?)^## ", text, re.S | re.M)
    lines = "\n".join(re.findall(r"^    (.*)$", section, re.M))
    (port,) = re.findall(r"curl --insecure --connect-to ::127.0.0.1:(\d+)", said)
    (password,) = re.findall(rf"{MAILED}(\S+)$", said, re.M)
    for placeholder, value in (
        ("https://d111111abcdef8.cloudfront.net/", address),
        ("port=PORT", f"port={port}"),
        ("'PASSWORD'", shlex.quote(password)),
    ):
        assert placeholder in lines
        lines = lines.replace(placeholder, value)
    done = subprocess.run(
        ["sh", "-euc", lines], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("words", [["Name=Value"], ["other.json"]])
def test_it_takes_no_template(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        options(["--endpoint", *words])
    assert "--endpoint takes no template and no parameters" in capsys.readouterr().err
