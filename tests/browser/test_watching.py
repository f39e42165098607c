"""Playback and player controls."""

import re
import time
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Route

from tests.browser.conftest import SEGMENT_SECONDS, OpenWindow
from tests.browser.viewer import PHONE, Viewer

# The ID of what has the focus, or the name that Shaka's UI gives it.
FOCUSED = """(() => {
  const { id, className } = document.activeElement;
  const [, name] = className.match(/shaka-((?!range)[a-z-]+?)(-button)?( |$)/) ?? [];
  return id || (/(seek|volume)-bar/.exec(className)?.[0] ?? name);
})()"""


@pytest.mark.parametrize(("path", "suffix"), [("/", ".m3u8"), ("/#dash", ".mpd")])
def test_hls_and_dash_play(viewer: Viewer, member: str, path: str, suffix: str) -> None:
    viewer.sign_in(member, path)
    viewer.plays_smoothly(seconds=6)
    manifests = {one for _, one, _ in viewer.answers if one.endswith((".m3u8", ".mpd"))}
    assert manifests
    assert {one for one in manifests if not one.endswith(suffix)} == set()
    assert viewer.media_statuses().keys() == {200}


def test_playback_starts_at_the_live_edge(watching: Viewer) -> None:
    assert watching.seconds_behind < 6
    assert watching.behind == "Live"


def test_the_time_behind_live_is_right_before_the_controls_are_shown(
    viewer: Viewer, member: str
) -> None:
    """Screen readers read it, and viewers see it as the controls appear."""
    viewer.sign_in(member)
    viewer.plays(seconds=3)
    assert viewer.page.inner_text("#live") == "Live"


@pytest.mark.parametrize("path", ["/", "/#dash"])
def test_the_viewer_chooses_a_rendition(viewer: Viewer, member: str, path: str) -> None:
    viewer.sign_in(member, path)
    viewer.plays()
    names = viewer.renditions()
    for name in (names[-1], names[0]):
        viewer.choose("Resolution", name)
        viewer.has_height(int(name.removesuffix("p")))
        viewer.plays()
        assert viewer.chosen("Resolution") == name
    viewer.choose("Resolution", "Auto")
    viewer.plays()
    # with what is playing
    assert re.fullmatch(r"Auto\s*\d+p", viewer.chosen("Resolution"))


def test_the_viewer_seeks_back_and_returns_to_the_live_edge(watching: Viewer) -> None:
    watching.until(lambda: watching.window > 15, seconds=60, what="a window")
    here = watching.time
    watching.page.keyboard.press("ArrowLeft")
    watching.until(lambda: watching.time < here - 5, what="seeking back")
    watching.plays()
    assert re.fullmatch(r"\N{MINUS SIGN}0:\d\d", watching.behind)
    watching.page.click("#live")
    watching.until(lambda: watching.behind == "Live", what="going to live")
    watching.plays()


def test_a_key_seeks_ten_seconds_after_the_controls_were_hidden_for_longer(
    watching: Viewer,
) -> None:
    watching.until(lambda: watching.window > 40, seconds=90, what="a window")
    watching.page.mouse.move(0, 0)
    watching.plays(seconds=20, within=40)
    watching.page.keyboard.press("ArrowLeft")
    watching.plays(seconds=1)
    assert watching.seconds_behind == pytest.approx(10, abs=4)


def test_the_time_behind_live_grows_while_paused(watching: Viewer) -> None:
    watching.page.keyboard.press(" ")
    watching.until(lambda: watching.behind != "Live", what="being behind")
    before = watching.behind
    watching.until(lambda: watching.behind > before, what="more time behind")


def test_speed_ends_at_the_live_edge(watching: Viewer) -> None:
    watching.until(lambda: watching.window > 15, seconds=60, what="a window")
    watching.page.keyboard.press("ArrowLeft")
    watching.open_menu("Playback speed")
    watching.page.click("[data-rate='2']")
    watching.page.keyboard.press("Escape")
    watching.until(lambda: watching.video("video.playbackRate") == 2, what="double speed")
    watching.until(lambda: watching.video("video.playbackRate") == 1, what="the live edge")
    watching.plays(seconds=3)


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
    size = watching.page.evaluate("[innerWidth, innerHeight]")
    watching.until(lambda: watching.picture_size() == size, what="a picture that fills the screen")
    keyboard.press("f")
    watching.until(lambda: watching.page.evaluate("!document.fullscreenElement"))


def test_a_key_that_is_held_down_acts_once(watching: Viewer) -> None:
    watching.page.evaluate(
        """() => {
          globalThis.toggled = 0;
          const video = document.getElementById("video");
          for (const name of ["play", "pause"]) video.addEventListener(name, () => toggled += 1);
        }"""
    )
    for key in (" ", "k", "m"):
        for _ in range(5):  # repeated, as the key is not released
            watching.page.keyboard.down(key)
        watching.page.keyboard.up(key)
    watching.until(lambda: watching.page.evaluate("toggled") >= 2, what="both events")
    watching.page.wait_for_timeout(300)  # in which there could be more
    assert watching.page.evaluate("toggled") == 2
    assert watching.video("video.muted") is False


def test_a_question_mark_shows_the_keys(watching: Viewer) -> None:
    keyboard, dialog = watching.page.keyboard, watching.page.locator("#keys-help")
    keyboard.press("?")
    assert dialog.is_visible()
    assert dialog.locator("dt").count() == 12
    keyboard.press("k")  # the dialog has the keyboard
    assert watching.video("video.paused") is False
    keyboard.press("Escape")
    assert dialog.is_hidden()
    watching.open_menu("Keyboard shortcuts")
    assert dialog.is_visible()
    watching.page.uncheck("#keys-on")
    watching.page.click("#keys-close")
    for key in ("k", "m", "f", "?", "<", "5"):
        keyboard.press(key)
    assert watching.video("[video.paused, video.muted]") == [False, True]
    assert dialog.is_hidden()
    keyboard.press(" ")  # not a character
    watching.until(lambda: watching.video("video.paused"), what="the pause")
    watching.page.reload()
    watching.plays()
    keyboard.press("k")
    assert watching.video("video.paused") is False


def test_keys_act_after_a_click_on_a_slider(watching: Viewer) -> None:
    watching.show_controls()
    watching.page.locator(".shaka-seek-bar").focus()
    watching.page.keyboard.press("k")
    watching.until(lambda: watching.video("video.paused"), what="the pause")


def test_the_sound_is_turned_on_with_the_mouse(watching: Viewer) -> None:
    watching.page.click("#unmute", timeout=5000)
    watching.until(lambda: watching.video("!video.muted"), what="the sound")
    assert watching.video("video.paused") is False


def test_keys_of_the_pages_own_buttons_are_not_the_players(watching: Viewer) -> None:
    watching.page.focus("#unmute")
    watching.page.keyboard.press(" ")
    watching.until(lambda: watching.video("!video.muted"), what="the sound")
    assert watching.video("video.paused") is False
    # its button is gone, but the focus is not lost
    assert watching.page.evaluate("document.activeElement.id") == "picture"


def test_a_click_pauses_and_a_double_click_fills_the_screen(watching: Viewer) -> None:
    picture = watching.page.locator("#picture")
    picture.click()
    watching.until(lambda: watching.video("video.paused"), what="the pause")
    picture.click()
    watching.plays()
    picture.dblclick()
    watching.until(lambda: watching.page.evaluate("Boolean(document.fullscreenElement)"))
    watching.plays()
    picture.dblclick()
    watching.until(lambda: watching.page.evaluate("!document.fullscreenElement"))


def test_the_controls_disappear_and_come_back(watching: Viewer) -> None:
    bar = watching.page.locator(".shaka-controls-container")
    watching.show_controls()
    assert bar.get_attribute("shown") == "true"
    watching.until(lambda: bar.get_attribute("shown") is None, what="hidden controls")
    watching.show_controls()
    assert bar.get_attribute("shown") == "true"


def test_a_tap_shows_the_controls_and_two_taps_seek(window: OpenWindow, member: str) -> None:
    phone = window(360, 740, has_touch=True, is_mobile=True, user_agent=PHONE)
    phone.sign_in(member)
    phone.plays()
    phone.until(lambda: phone.window > 15, seconds=60, what="a window")
    bar = phone.page.locator(".shaka-controls-container")
    phone.until(lambda: bar.get_attribute("shown") is None, what="hidden controls")
    phone.page.touchscreen.tap(180, 150)
    phone.until(lambda: bar.get_attribute("shown") == "true", what="the controls")
    assert phone.video("video.paused") is False
    here = phone.time
    for _ in range(2):
        phone.page.touchscreen.tap(60, 150)
    phone.until(lambda: phone.time < here - 5, what="seeking back")


def test_statistics_are_shown_on_request(watching: Viewer) -> None:
    panel = watching.page.locator(".shaka-statistics-container")
    assert panel.is_hidden()
    watching.open_menu("Statistics")
    watching.show_controls()
    watching.until(panel.is_visible, what="the statistics")
    assert "liveLatency" in panel.inner_text()


def test_picture_in_picture(watching: Viewer) -> None:
    watching.page.keyboard.press("p")
    watching.until(lambda: watching.page.evaluate("Boolean(document.pictureInPictureElement)"))
    watching.page.keyboard.press("p")
    watching.until(lambda: watching.page.evaluate("!document.pictureInPictureElement"))


def test_nothing_offers_cast_or_airplay(watching: Viewer) -> None:
    """A receiver has no cookies."""
    watching.open_menu()
    assert "cast" not in watching.page.inner_text("body").lower()
    assert watching.page.locator(".shaka-cast-button, .shaka-remote-button").count() == 0
    assert watching.video("video.disableRemotePlayback") is True


def test_the_lock_screen_names_the_stream(watching: Viewer) -> None:
    title = "navigator.mediaSession.metadata.title"
    watching.until(lambda: watching.page.evaluate(title) == "Live stream", what="the title")


def test_the_screen_stays_on_while_the_video_plays(viewer: Viewer, member: str) -> None:
    viewer.page.add_init_script(
        """globalThis.locks = 0;
        navigator.wakeLock.request = async () => {
          locks += 1;
          const lock = new EventTarget();
          lock.release = async () => { locks -= 1; };
          return lock;
        };"""
    )
    viewer.sign_in(member)
    viewer.plays()
    viewer.until(lambda: viewer.page.evaluate("locks") == 1, what="the lock")
    viewer.page.keyboard.press(" ")
    viewer.until(lambda: viewer.page.evaluate("locks") == 0, what="the release")


def test_remote_playback_stays_off(watching: Viewer) -> None:
    """Shaka would turn it on where it adds <source> elements, in Safari."""
    assert watching.video("video.disableRemotePlayback") is True
    assert watching.video("video.querySelectorAll('source').length") == 0
    player = "document.getElementById('video').ui.getControls().getPlayer()"
    configuration = watching.page.evaluate(f"{player}.getConfiguration().mediaSource")
    assert configuration["useSourceElements"] is False


def test_no_rendition_disappears_after_a_damaged_segment(watching: Viewer) -> None:
    names = watching.renditions()
    damaged: list[str] = []

    def damage(route: Route) -> None:
        if damaged:
            route.continue_()
        else:
            damaged.append(route.request.url)
            route.fulfill(body=b"\0\0\0\x20moof" + bytes(900), content_type="video/mp4")

    watching.page.route("**/*.m4s", damage)
    watching.until(lambda: damaged, what="a damaged segment")
    watching.page.wait_for_timeout(3000)
    watching.plays(seconds=3)
    assert watching.renditions() == names


def test_a_stream_that_cannot_be_decoded_is_loaded_less_and_less_often(
    viewer: Viewer, member: str
) -> None:
    """The browser reports it after the playlists have been loaded."""
    viewer.page.add_init_script(
        """document.addEventListener("loadedmetadata", ({ target }) => {
          const error = { code: MediaError.MEDIA_ERR_DECODE, message: "" };
          Object.defineProperty(target, "error", { value: error, configurable: true });
          target.dispatchEvent(new Event("error"));
        }, true);"""
    )
    viewer.sign_in(member)
    viewer.page.wait_for_timeout(15_000)
    loads = [path for _, path, _ in viewer.answers if path.endswith("/index.m3u8")]
    assert 2 <= len(loads) <= 20


def test_the_tab_key_reaches_everything(watching: Viewer) -> None:
    watching.show_controls()
    reached = []
    for _ in range(10):
        watching.page.keyboard.press("Tab")
        reached.append(watching.page.evaluate(FOCUSED))
    order = ["sign-out", "seek-bar", "play", "mute", "volume-bar", "live"]
    order += ["overflow-menu", "fullscreen", "unmute"]
    assert [one for one in dict.fromkeys(reached) if one in order] == order


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
    assert len(viewer.choices("Language")) == 2
    viewer.choose("Language", "Deutsch")
    viewer.plays()
    assert viewer.chosen("Language") == "Deutsch"
    assert viewer.choices("Captions") == ["English", "Off"]
    assert viewer.chosen("Captions") == "Off"
    assert not viewer.has_fetched("/captions.vtt")
    viewer.choose("Captions", "English")
    viewer.until(lambda: viewer.has_fetched("/captions.vtt"), what="the captions")
    # they are drawn over the video: native ones would need media from data: URLs
    viewer.until(lambda: viewer.page.locator(".shaka-text-container[lang=en]").count() == 1)
    viewer.choose("Subtitle size", "200%")
    # whatever else is on: nothing violates the policy, or asks another host
    viewer.page.click("#picture", button="right")
    viewer.page.locator(".shaka-context-menu").wait_for()
    for key, element in (("p", "pictureInPictureElement"), ("f", "fullscreenElement")):
        for is_on in (True, False):
            viewer.page.keyboard.press(key)
            viewer.has_value(f"Boolean(document.{element})", is_on)
    viewer.page.keyboard.press("c")
    viewer.plays()
    assert viewer.chosen("Captions") == "Off"


def test_there_are_no_third_party_requests(watching: Viewer) -> None:
    """Page, API and media are on one host; only the sign-in is on another."""
    elsewhere = {path for _, path, _ in watching.answers if path.startswith("https://")}
    assert elsewhere
    assert {path for path in elsewhere if ".amazoncognito.com/" not in path} == set()
