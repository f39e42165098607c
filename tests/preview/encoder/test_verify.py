"""`protected-stream verify` plays and decodes what the preview encodes."""

import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from protected_stream.reading.stream_facts import stream_facts
from protected_stream.verify.answers import NO_HEADERS, Answer, Broken
from protected_stream.verify.visit import Visit
from protected_stream.verify.watching import everything_plays
from tests.preview.encoder.encoded import encoded
from tests.preview.operator import template_in
from tests.preview.required_programs import needs_ffmpeg
from tests.preview.visits import viewer_of

pytestmark = needs_ffmpeg
SECONDS_TO_BE_THERE = 60
TABLES = {"encoding": {"ladder": "SD-540p", "gop_seconds": 1}, "packaging": {"segment_seconds": 1}}


def test_every_rendition_is_fetched_and_decoded(tmp_path: Path) -> None:
    damaged = False

    def fetch(
        method: str, url: str, headers: Mapping[str, str] = NO_HEADERS, body: bytes = b""
    ) -> Answer:
        found = browser.ask(method, url, headers={**headers}, data=body)
        is_playlist = url.endswith((".m3u8", ".mpd"))
        content = found.content if is_playlist or not damaged else bytes(len(found.content))
        return Answer(status=found.status_code, headers=[*found.headers.items()], body=content)

    with encoded(TABLES, tmp_path) as (browser, outputs):
        facts = stream_facts(template_in(tmp_path))
        visit = Visit(fetch=fetch, outputs=outputs, facts=facts, viewer=viewer_of(browser))
        end = time.monotonic() + SECONDS_TO_BE_THERE
        while (found := _objection(visit)) and time.monotonic() < end:
            time.sleep(1)
        assert found == ""
        damaged = True
        with pytest.raises(Broken, match="ffmpeg cannot decode"):
            everything_plays(visit)


def _objection(visit: Visit) -> str:
    try:
        return everything_plays(visit)
    except Broken as found:
        return str(found)
