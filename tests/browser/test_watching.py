"""Playback and player controls."""

import time
from datetime import UTC, datetime

import pytest

from tests.browser.conftest import SEGMENT_SECONDS
from tests.browser.viewer import Viewer


@pytest.mark.parametrize(("path", "suffix"), [("/", ".m3u8"), ("/#dash", ".mpd")])
def test_hls_and_dash_play(viewer: Viewer, member: str, path: str, suffix: str) -> None:
    viewer.sign_in(member, path)
    viewer.plays_smoothly(seconds=6)
    manifests = {one for _, one, _ in viewer.answers if one.endswith((".m3u8", ".mpd"))}
    assert manifests
    assert {one for one in manifests if not one.endswith(suffix)} == set()
    assert viewer.media_statuses().keys() == {200}


def test_playback_starts_at_the_live_edge(watching: Viewer) -> None:
    edge = watching.page.locator("#seek")
    behind = float(edge.get_attribute("max") or 0) - float(edge.input_value())
    assert behind < 6
    assert edge.get_attribute("aria-valuetext") == "Live"


@pytest.mark.parametrize("path", ["/", "/#dash"])
def test_the_viewer_chooses_a_rendition(viewer: Viewer, member: str, path: str) -> None:
    viewer.sign_in(member, path)
    viewer.plays()
    menu = viewer.page.locator("#quality")
    names = menu.locator("option").all_inner_texts()
    assert names[0] == "Automatic"
    assert len(names) == 1 + 6
    for name in (names[-1], names[1]):
        menu.select_option(name)
        viewer.has_height(int(name.removesuffix("p")))
        viewer.plays()
    menu.select_option("Automatic")
    viewer.plays()
    assert menu.input_value() == "Automatic"


def test_the_viewer_seeks_back_and_returns_to_the_live_edge(watching: Viewer) -> None:
    watching.until(lambda: float(watching.page.locator("#seek").get_attribute("max") or 0) > 15)
    here = watching.time
    watching.page.keyboard.press("ArrowLeft")
    watching.until(lambda: watching.time < here - 5, what="seeking back")
    watching.plays()
    assert watching.page.text_content("#behind") not in ("", None)
    watching.page.click("#live")
    watching.until(lambda: watching.page.text_content("#behind") == "", what="going to live")
    watching.plays()


def test_keys_do_what_the_buttons_do(watching: Viewer) -> None:
    keyboard = watching.page.keyboard
    assert watching.video("video.muted") is True
    keyboard.press("m")
    assert watching.video("video.muted") is False
    assert watching.page.is_hidden("#unmute")
    keyboard.press(" ")
    watching.until(lambda: watching.video("video.paused"), what="the pause")
    watching.until(watching.page.get_by_role("button", name="Play", exact=True).is_visible)
    keyboard.press("k")
    watching.plays()
    keyboard.press("ArrowDown")
    assert watching.video("video.volume") == pytest.approx(0.95)
    keyboard.press("f")
    watching.until(lambda: watching.page.evaluate("Boolean(document.fullscreenElement)"))
    keyboard.press("f")
    watching.until(lambda: watching.page.evaluate("!document.fullscreenElement"))


def test_the_tab_key_reaches_everything(watching: Viewer) -> None:
    reached = []
    for _ in range(10):
        watching.page.keyboard.press("Tab")
        reached.append(watching.page.evaluate("document.activeElement.id"))
    order = ["sign-out", "unmute", "seek", "play", "live", "mute", "volume", "quality", "pip"]
    assert [one for one in reached if one in order] == order


def test_a_narrow_window_needs_no_horizontal_scrolling(watching: Viewer) -> None:
    watching.page.set_viewport_size({"width": 320, "height": 640})
    width = watching.page.evaluate("document.documentElement.scrollWidth")
    assert width == 320


def test_the_page_is_painted_before_its_libraries_load(viewer: Viewer) -> None:
    viewer.page.route("**/lib/*", lambda _: None)  # never answered
    viewer.page.goto(viewer.watch_address, wait_until="commit")
    painted = "performance.getEntriesByName('first-contentful-paint').length"
    viewer.until(lambda: viewer.page.evaluate(painted), what="the first paint")
    assert viewer.page.get_by_text("Live stream").first.is_visible()


# A second language and captions, which the template's channel does not have, are added to the
# multivariant playlist before the player gets it.
MORE_TRACKS = """
const asked = globalThis.fetch;
globalThis.fetch = async (...given) => {
  const answer = await asked(...given);
  if (!answer.url.endsWith("/index.m3u8") || !answer.ok) return answer;
  const text = await answer.text();
  const [audio] = text.match(/#EXT-X-MEDIA:TYPE=AUDIO.*/);
  const german = audio
    .replace(/NAME="[^"]*"/, 'NAME="Deutsch",LANGUAGE="de"')
    .replace("DEFAULT=YES", "DEFAULT=NO")
    .replace(".m3u8", ".m3u8?german");
  const captions = '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="English",LANGUAGE="en",' +
    'URI="captions.m3u8"';
  const more = text
    .replace(audio, [audio, german, captions].join("\\n"))
    .replace(/(#EXT-X-STREAM-INF:.*)/g, '$1,SUBTITLES="captions"');
  const response = new Response(more, { headers: answer.headers });
  return Object.defineProperty(response, "url", { value: answer.url });
};
"""


def captions_playlist() -> str:
    """Captions for the last minute, with the stream's segment duration."""
    newest = int(time.time() / SEGMENT_SECONDS)
    numbers = range(newest - 30, newest)
    begin = datetime.fromtimestamp(numbers[0] * SEGMENT_SECONDS, UTC)
    return "\n".join(
        (
            "#EXTM3U",
            "#EXT-X-VERSION:6",
            f"#EXT-X-TARGETDURATION:{SEGMENT_SECONDS}",
            f"#EXT-X-MEDIA-SEQUENCE:{numbers[0]}",
            f"#EXT-X-PROGRAM-DATE-TIME:{begin:%Y-%m-%dT%H:%M:%SZ}",
            *(f"#EXTINF:{SEGMENT_SECONDS},\ncaptions.vtt?{number}" for number in numbers),
        )
    )


def test_the_viewer_chooses_language_and_captions(viewer: Viewer, member: str) -> None:
    viewer.page.add_init_script(MORE_TRACKS)
    viewer.page.route("**/captions.m3u8", lambda route: route.fulfill(body=captions_playlist()))
    viewer.page.route("**/captions.vtt*", lambda route: route.fulfill(body="WEBVTT\n"))
    viewer.sign_in(member)
    viewer.plays()
    audio, captions = viewer.page.locator("#audio"), viewer.page.locator("#captions")
    assert audio.locator("option").count() == 2
    audio.select_option("Deutsch")
    viewer.plays()
    assert audio.input_value() == "Deutsch"
    assert captions.locator("option").all_inner_texts() == ["Off", "English"]
    assert captions.input_value() == "Off"
    assert not viewer.has_fetched("/captions.vtt")
    captions.select_option("English")
    viewer.until(lambda: viewer.has_fetched("/captions.vtt"), what="the captions")
    # they are drawn over the video: native ones would need media from data: URLs
    viewer.until(lambda: viewer.page.locator(".shaka-text-container[lang=en]").count() == 1)
    captions.select_option("Off")
    viewer.plays()
    assert captions.input_value() == "Off"


def test_there_are_no_third_party_requests(watching: Viewer) -> None:
    """Page, API and media are on one host; only the sign-in is on another."""
    elsewhere = {path for _, path, _ in watching.answers if path.startswith("https://")}
    assert elsewhere
    assert {path for path in elsewhere if ".amazoncognito.com/" not in path} == set()
