"""The picture, and what a viewer can do with it."""

import pytest

from tests.browser.viewer import Viewer


@pytest.mark.parametrize(("path", "suffix"), [("/", ".m3u8"), ("/#dash", ".mpd")])
def test_hls_and_dash_play(viewer: Viewer, member: str, path: str, suffix: str) -> None:
    viewer.sign_in(member, path)
    viewer.plays_smoothly(seconds=6)
    manifests = {one for _, one, _ in viewer.answers if one.endswith((".m3u8", ".mpd"))}
    assert manifests
    assert {one for one in manifests if not one.endswith(suffix)} == set()
    assert viewer.media_statuses().keys() == {200}


def test_playback_begins_at_the_live_edge(watching: Viewer) -> None:
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


def test_the_viewer_goes_back_and_to_the_live_edge_again(watching: Viewer) -> None:
    watching.until(lambda: float(watching.page.locator("#seek").get_attribute("max") or 0) > 15)
    here = watching.time
    watching.page.keyboard.press("ArrowLeft")
    watching.until(lambda: watching.time < here - 5, what="going back")
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
    assert watching.page.get_by_role("button", name="Play", exact=True).is_visible()
    keyboard.press("k")
    watching.plays()
    keyboard.press("ArrowDown")
    assert watching.video("video.volume") == pytest.approx(0.95)
    keyboard.press("f")
    watching.until(lambda: watching.page.evaluate("Boolean(document.fullscreenElement)"))
    keyboard.press("f")
    watching.until(lambda: watching.page.evaluate("!document.fullscreenElement"))


def test_everything_is_reached_with_the_tab_key(watching: Viewer) -> None:
    reached = []
    for _ in range(10):
        watching.page.keyboard.press("Tab")
        reached.append(watching.page.evaluate("document.activeElement.id"))
    order = ["sign-out", "unmute", "seek", "play", "live", "mute", "volume", "quality", "pip"]
    assert [one for one in reached if one in order] == order


def test_a_narrow_window_needs_no_scrolling_sideways(watching: Viewer) -> None:
    watching.page.set_viewport_size({"width": 320, "height": 640})
    width = watching.page.evaluate("document.documentElement.scrollWidth")
    assert width == 320


def test_nothing_comes_from_elsewhere(watching: Viewer) -> None:
    """Page, API and media are of one host; only the sign-in is another."""
    elsewhere = {path for _, path, _ in watching.answers if path.startswith("https://")}
    assert elsewhere
    assert {path for path in elsewhere if ".amazoncognito.com/" not in path} == set()
