"""Operator's steps with the template: copy the code, deploy, upload the page, go on air."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from preview.account import Account
from preview.cli.existing_origin import add_statements, put_on_air
from preview.cloudformation.stack import Stack
from preview.services.media import START_SECONDS, STOP_SECONDS

PARAMETERS = {
    "InputCidr": "203.0.113.0/24",
    "StreamKey": "key-for-tests-0123",
    "ViewerEmail": "viewer@example.com",
    "ArtifactBucket": "code-of-the-functions",
}
ENCODER = "203.0.113.7"
PAGE = b"<!doctype html><title>Watch</title>"
NOT_FOUND = b"<!doctype html><title>Not found</title>"
SITE = {"index.html": PAGE, "login.html": PAGE, "404.html": NOT_FOUND}


def copy_code(account: Account, folder: Path) -> None:
    """Copies the code, as the summary's `aws s3 cp` does."""
    for file in sorted((folder / "lambda").glob("*.zip")):
        account.put_object(PARAMETERS["ArtifactBucket"], file.name, file.read_bytes())


def upload_page(account: Account, outputs: Mapping[str, str]) -> None:
    """Uploads the page, as `aws s3 sync` does."""
    for key, content in SITE.items():
        account.client("s3").put_object(
            Bucket=outputs["PageBucketName"],
            Key=key,
            Body=content,
            ContentType="text/html",
            CacheControl="no-store" if content is NOT_FOUND else "max-age=60",
        )


def go_on_air(account: Account, outputs: Mapping[str, str]) -> None:
    """Starts the channel, if it is not on air yet, and sends to each of its input URLs."""
    if "ChannelId" not in outputs:  # on the air without the stack
        put_on_air(account, outputs)
        add_statements(account, outputs)
        return
    start_channel(account, outputs["ChannelId"])
    addresses = [text for name, text in outputs.items() if name.startswith("EncoderAddress")]
    # a part of a template, without the channel guard, has no such outputs
    urls = [_with_key(address) for address in addresses] or [
        url
        for input_ in account.resources.of_type("AWS::MediaLive::Input")
        for url in input_.attributes["DestinationUrls"]
    ]
    for url in urls:
        account.media.send(url, ENCODER)


def _with_key(address: str) -> str:
    """The address that an encoder sends to; only RTMP has a stream key."""
    return f"{address}/{PARAMETERS['StreamKey']}" if address.startswith("rtmp") else address


def start_channel(account: Account, channel_id: str) -> None:
    """Starts the channel like `aws medialive start-channel`, if idle, and waits until it runs."""
    if account.media.state(channel_id) == "IDLE":
        account.media.start(channel_id)
    account.events.pass_time(START_SECONDS)


def stop_channel(account: Account, channel_id: str) -> None:
    """Stops the channel like `aws medialive stop-channel`, and waits until it is idle."""
    account.media.stop(channel_id)
    account.events.pass_time(STOP_SECONDS)


def today(account: Account) -> str:
    """Today's date, such as 2026-11-30."""
    return f"{datetime.fromtimestamp(account.clock.now(), UTC):%Y-%m-%d}"


def template_in(folder: Path) -> dict[str, Any]:
    """The generated template."""
    return dict(json.loads((folder / "template.json").read_text("utf-8")))


def deployed(
    account: Account,
    template: Mapping[str, Any],
    parameters: Mapping[str, str] = PARAMETERS,
    **options: Any,
) -> Stack:
    """The stack, created with the operator's parameters."""
    stack = Stack(account=account)
    stack.deploy(template, parameters, **options)
    return stack
