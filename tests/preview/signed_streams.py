"""The examples for every signing mode, on air, with one viewer's browser."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from preview.account import Account
from preview.cli.existing_origin import register_existing
from preview.cli.existing_pool import create_pool, register_urls
from preview.cli.output import Output
from preview.cli.root_key_pair import register
from preview.cli.viewer_log import ViewerLog
from preview.cloudformation.stack import Stack
from preview.hosts.server import Served
from protected_stream.building import build
from protected_stream.config import Stream, load
from tests.conftest import CHECKOUT, STREAMS, Document
from tests.preview.browser import Browser
from tests.preview.operator import copy_code, go_on_air, template_in, upload_page
from tests.preview.scenario import certificate
from tests.preview.scenario_given import given

EMAIL, PASSWORD = "viewer@example.com", "Correct-horse-77"
VECTORS = CHECKOUT / "tests" / "vectors"
PRIVATE_KEYS = {
    "supplied": VECTORS / "test-only-rsa-2048.pem",
    "supplied-ecdsa": VECTORS / "test-only-ecdsa-p256.pem",
}
SIGNERS = ("supplied", "supplied-ecdsa", "trusted-signer", "kms", "kms-ecdsa")


@dataclass(frozen=True, kw_only=True)
class Live:
    """A stack on air, and one viewer's browser."""

    name: str
    account: Account
    stack: Stack
    browser: Browser
    template: Document

    @property
    def media(self) -> tuple[str, ...]:
        """A manifest of each kind, and a segment."""
        outputs = self.stack.outputs
        manifests = [outputs[one] for one in ("HlsManifest", "DashManifest") if one in outputs]
        return *manifests, f"{manifests[0].rpartition('/')[0]}/segment_1.mp4"


@contextlib.contextmanager
def on_air(name: str, folder: Path, say: Callable[[str], None] = lambda _: None) -> Iterator[Live]:
    """An example by name, built into the folder, deployed, and on air; `say` gets the output."""
    with stream_on_air(load(STREAMS[name]), folder, say, name=name) as live:
        yield live


@contextlib.contextmanager
def stream_on_air(
    stream: Stream, folder: Path, say: Callable[[str], None] = lambda _: None, *, name: str = ""
) -> Iterator[Live]:
    """The same for any stream."""
    build(stream, folder, lambda _: None)
    template = template_in(folder)
    parameters = given(template)
    with Account() as account:
        copy_code(account, folder)
        register(account, template["Parameters"], parameters)
        register_existing(account, template["Parameters"], parameters)
        create_pool(account, template["Parameters"], parameters)
        stack = Stack(account=account, say=say)
        viewer_log = ViewerLog(Output(say, account.clock.now), account.clock.now, requests=True)
        stack.deploy(template, parameters)
        register_urls(account, stack.outputs)
        upload_page(account, stack.outputs)
        go_on_air(account, stack.outputs)
        with Served(account, saw=viewer_log.saw, certificate=certificate()) as served:
            browser = Browser(
                served=served, clock=account.clock, watch_address=stack.outputs["WatchAddress"]
            )
            browser.token_header = browser.settings().get("tokenHeader", browser.token_header)
            yield Live(
                name=name,
                account=account,
                stack=stack,
                browser=browser,
                template=template,
            )
            browser.close()
