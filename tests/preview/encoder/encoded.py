"""A stream on air whose media the preview encodes, and a viewer with cookies."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from preview.account import Account
from preview.encoder import Broadcast
from preview.hosts.server import Served
from protected_stream.building import build
from protected_stream.config import Stream
from tests.preview.browser import Browser
from tests.preview.operator import copy_code, deployed, go_on_air, template_in
from tests.preview.scenario_given import given

EMAIL = "viewer@example.com"
PASSWORD = "Correct-horse-7"


@contextlib.contextmanager
def encoded(
    tables: Mapping[str, Any],
    folder: Path,
    say: Callable[[str], None] = lambda _: None,
    **parameters: str,
) -> Iterator[tuple[Browser, Mapping[str, str]]]:
    """The viewer's browser, and the stack's outputs; encoding has just begun.

    Args:
        tables: those of the stream file that differ from the default.
        folder: an empty folder for the build.
        say: gets what the encoder says.
        parameters: those that differ from the sample values.
    """
    build(Stream.model_validate(tables), folder, lambda _: None)
    with Account() as account, Served(account) as served:
        copy_code(account, folder)
        template = template_in(folder)
        outputs = deployed(account, template, {**given(template), **parameters}).outputs
        broadcast = Broadcast(account, folder / "broadcast", None, say)
        account.media.source = broadcast.answer
        go_on_air(account, outputs)
        browser = Browser(served=served, clock=account.clock, watch_address=outputs["WatchAddress"])
        browser.sign_in(EMAIL, account.mailbox[EMAIL], new_password=PASSWORD)
        assert browser.ask_for_cookies().status_code == 200
        try:
            broadcast.follow()
            yield browser, outputs
        finally:
            broadcast.close()
            browser.close()
