"""Several audios and captions: the viewer chooses, hears and reads them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright

from protected_stream.building import build
from protected_stream.page import bundle
from tests.browser.conftest import opened
from tests.browser.previewed import EMAIL, Previewed, previewed
from tests.browser.viewer import Viewer
from tests.preview.encoder.languages import AUDIOS, CAPTIONS, languages, languages_source

FORMATS = ("#hls", "#dash")
# The loudest frequency in the video's sound, in hertz; 0 while it is silent.
PITCH = """(() => {
  const { spectrum } = globalThis.observed;
  const volumes = new Float32Array(spectrum.frequencyBinCount);
  spectrum.getFloatFrequencyData(volumes);
  const loudest = volumes.indexOf(Math.max(...volumes));
  return Math.max(...volumes) > -60 ? loudest * spectrum.context.sampleRate / spectrum.fftSize : 0;
})()"""
LISTEN = """(() => {
  const context = new AudioContext();
  const spectrum = new AnalyserNode(context, { fftSize: 8192 });
  const video = document.getElementById("video");
  context.createMediaElementSource(video).connect(spectrum).connect(context.destination);
  Object.assign(globalThis.observed, { spectrum });
  return context.resume();
})()"""


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Previewed]:
    """A stream in two languages, with captions in both."""
    folder = tmp_path_factory.mktemp("languages")
    build(languages(), folder, lambda _: None)
    bundle.write(folder / "site", lambda _: None)
    film = languages_source(folder / "source.mp4")
    with previewed(folder / "template.json", "--source", str(film)) as running:
        yield running


@pytest.fixture(scope="module")
def watching(playwright: Playwright, preview: Previewed) -> Iterator[Viewer]:
    """A window in which the viewer is signed in."""
    with opened(playwright, preview) as browser:
        viewer = Viewer.of(browser.new_context(), preview.outputs["WatchAddress"])
        viewer.open()
        viewer.begin_sign_in(EMAIL, preview.temporary_password)
        viewer.change_password()
        viewer.plays()
        yield viewer
        viewer.close()
    assert viewer.problems == []


@pytest.fixture(params=FORMATS)
def viewer(watching: Viewer, request: pytest.FixtureRequest) -> Viewer:
    """The viewer, who has just opened the page with one of its formats."""
    watching.page.goto("about:blank")
    watching.open(f"/{request.param}")
    watching.plays()
    watching.page.click("#unmute")
    watching.page.evaluate(LISTEN)
    return watching


def hears(viewer: Viewer, name: str) -> None:
    """Waits for the pitch of a language."""
    _, hertz = AUDIOS[name]
    viewer.until(
        lambda: abs(viewer.page.evaluate(PITCH) - hertz) < 20,
        what=f"{name}, not {viewer.page.evaluate(PITCH)} Hz",
    )


def reads(viewer: Viewer, text: str) -> None:
    """Waits for captions; "" for none."""
    viewer.until(lambda: shown(viewer) == text, what=f"captions {text}, not {shown(viewer)}")


def shown(viewer: Viewer) -> str:
    """The captions over the video."""
    found = viewer.page.locator(".shaka-text-container").all_inner_texts()
    return " ".join(found).strip()


def test_the_viewer_chooses_what_to_hear(viewer: Viewer) -> None:
    hears(viewer, "Original")
    assert sorted(viewer.choices("Language")) == ["Deutsch", "Original"]
    viewer.choose("Language", "Deutsch")
    hears(viewer, "Deutsch")
    assert viewer.chosen("Language") == "Deutsch"
    viewer.choose("Language", "Original")
    hears(viewer, "Original")


def test_the_viewer_chooses_what_to_read(viewer: Viewer) -> None:
    assert viewer.chosen("Captions") == "Off"
    assert shown(viewer) == ""
    assert sorted(viewer.choices("Captions")) == ["Deutsch", "English", "Off"]
    for name, (_, text) in CAPTIONS.items():
        viewer.choose("Captions", name)
        reads(viewer, text)
    viewer.choose("Captions", "Off")
    reads(viewer, "")


def test_the_choices_survive_a_restart_of_the_stream(viewer: Viewer, preview: Previewed) -> None:
    viewer.choose("Language", "Deutsch")
    viewer.page.keyboard.press("c")
    text = viewer.until(lambda: shown(viewer), what="captions")
    restart(viewer, preview)
    hears(viewer, "Deutsch")
    reads(viewer, text)
    viewer.choose("Captions", "Off")
    restart(viewer, preview)
    hears(viewer, "Deutsch")
    assert viewer.chosen("Captions") == "Off"


def restart(viewer: Viewer, preview: Previewed) -> None:
    """Stops the channel, and starts it again when the viewer has noticed."""
    preview.stop()
    viewer.shows("waiting", seconds=40)
    preview.start()
    viewer.plays(within=40)
