"""A channel with several audios and captions, from its template to its manifests."""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from preview.account import Account
from preview.encoder import Broadcast
from preview.hosts.server import Served
from protected_stream.building import build
from protected_stream.config import Stream, load
from tests.conftest import STREAMS
from tests.preview.browser import Browser
from tests.preview.encoder.captions import captioned_video
from tests.preview.encoder.encoded import EMAIL, PASSWORD
from tests.preview.encoder.languages import languages, languages_source
from tests.preview.operator import copy_code, deployed, go_on_air, template_in
from tests.preview.required_programs import needs_ffmpeg
from tests.preview.scenario_given import given

pytestmark = needs_ffmpeg

SECONDS_TO_BE_THERE = 40
Watched = Callable[[str], str]


@contextlib.contextmanager
def watched(stream: Stream, folder: Path, film: Path) -> Iterator[tuple[Watched, list[str]]]:
    """The text of each manifest by its output, and what the preview says to the operator."""
    build(stream, folder, lambda _: None)
    template = template_in(folder)
    said: list[str] = []
    with Account() as account, Served(account) as served:
        copy_code(account, folder)
        outputs = deployed(account, template, given(template)).outputs
        broadcast = Broadcast(account, folder / "broadcast", film, said.append)
        account.media.source = broadcast.answer
        go_on_air(account, outputs)
        browser = Browser(served=served, clock=account.clock, watch_address=outputs["WatchAddress"])
        browser.sign_in(EMAIL, account.mailbox[EMAIL], new_password=PASSWORD)
        browser.ask_for_cookies()

        def manifest(name: str) -> str:
            end = time.monotonic() + SECONDS_TO_BE_THERE
            while (answer := browser.get(outputs[name])).status_code != 200:
                assert time.monotonic() < end
                time.sleep(0.2)
            return answer.text

        try:
            broadcast.follow()
            yield manifest, said
        finally:
            broadcast.close()
            browser.close()


def test_manifests_name_audios_and_captions_and_the_operator_is_told_what_is_missing(
    tmp_path: Path,
) -> None:
    film = languages_source(tmp_path / "film.mp4", audios=1)
    with watched(languages(), tmp_path, film) as (manifest, said):
        hls, dash = manifest("HlsManifest"), manifest("DashManifest")
    assert 'NAME="Original",LANGUAGE="en",DEFAULT=YES' in hls
    assert 'NAME="de",LANGUAGE="de",DEFAULT=NO' in hls
    assert 'NAME="English",LANGUAGE="eng",DEFAULT=NO,AUTOSELECT=YES,INSTREAM-ID="CC1"' in hls
    assert 'CODECS="hvc1.1.' in hls
    assert "<Label>Original</Label>" in dash
    assert 'value="CC1=eng;CC3=deu"' in dash
    assert [line for line in said if line.startswith(("audio", "captions"))] == [
        "audio    audio-2-de: the source has no audio track 2; silence replaces it",
        "captions only H.264 renditions have them: ffmpeg does not embed them in others",
    ]


def test_the_source_tells_the_language_that_the_template_leaves_to_it(tmp_path: Path) -> None:
    film = captioned_video(tmp_path / "film.mp4", {1: "HELLO"}, [("deu", 440)])
    with watched(load(STREAMS["mp4-file"]), tmp_path, film) as (manifest, said):
        hls, dash = manifest("HlsManifest"), manifest("DashManifest")
    assert 'NAME="deu",LANGUAGE="deu"' in hls
    assert 'lang="deu"' in dash
    assert "CAPTIONS" not in hls
    assert "Accessibility" not in dash
    assert not [line for line in said if line.startswith(("audio", "captions"))]
