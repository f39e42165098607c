"""Outages of the origin: no viewer sends many requests, and playback resumes soon after."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Request, Route

from tests.browser.conftest import OpenWindow
from tests.browser.viewer import MEDIA, Viewer

OUTAGE_SECONDS = 60
FIRST_REQUESTS = 5
"""Those that were on their way, or about to be sent, when the outage began."""
SECONDS_PER_REQUEST = 2
SECONDS_TO_RESUME = 5
CALM_SECONDS = 12
CALM_REQUESTS_PER_SECOND = 10
"""Two playlists and two segments in two seconds; more on a busy machine, as the player then changes
the rendition."""


@dataclass
class Counted:
    """When a window requested media, in seconds of the monotonic clock."""

    viewer: Viewer
    times: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Counts from now; requests that are never answered count, too."""
        self.viewer.page.on("request", self._count)

    def _count(self, request: Request) -> None:
        if MEDIA in request.url:
            self.times.append(time.monotonic())

    def since(self, start: float, end: float = float("inf")) -> int:
        """How many there were in a period."""
        return sum(start <= one < end for one in self.times)


def _silent(_: Route) -> None:
    """Never answers."""


def _answers(status: int) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status)


OUTAGES: dict[str, Callable[[Route], None]] = {
    "503": _answers(503),
    "404": _answers(404),
    "silence": _silent,
}


@pytest.mark.timeout(300)
def test_a_viewer_sends_few_requests_in_an_outage_and_resumes_soon(
    window: OpenWindow, member: str
) -> None:
    """Three windows, each with an outage of its own: of every manifest and segment."""
    counted = {name: Counted(window()) for name in OUTAGES}
    for one in counted.values():
        one.viewer.sign_in(member)
        one.viewer.plays()
    any_viewer = counted["503"].viewer
    calm_since = time.monotonic()
    any_viewer.page.wait_for_timeout(CALM_SECONDS * 1000)
    calm = {name: one.since(calm_since) / CALM_SECONDS for name, one in counted.items()}
    began = time.monotonic()
    for name, one in counted.items():
        one.viewer.page.route(f"**{MEDIA}**", OUTAGES[name])
        one.viewer.page.route("**/never", _silent)  # without a route, held requests are released
    any_viewer.page.wait_for_timeout(OUTAGE_SECONDS * 1000)
    ended = time.monotonic()
    requests = {name: one.since(began, ended) for name, one in counted.items()}
    print(f"requests a second before: {calm}; in the outage: {requests}")
    resumed = {name: _seconds_to_resume(one.viewer) for name, one in counted.items()}
    print(f"seconds to resume: {resumed}")
    most = FIRST_REQUESTS + (ended - began) / SECONDS_PER_REQUEST
    assert {name: count for name, count in requests.items() if count > most} == {}
    assert {name: rate for name, rate in calm.items() if rate > CALM_REQUESTS_PER_SECOND} == {}
    assert {name: time for name, time in resumed.items() if time > SECONDS_TO_RESUME} == {}


def _seconds_to_resume(viewer: Viewer) -> float:
    """Ends the outage; returns how long it takes until the picture moves, and leaves the page."""
    began = time.monotonic()
    viewer.page.unroute(f"**{MEDIA}**")
    viewer.plays(seconds=0.2, within=60)
    seconds = time.monotonic() - began
    viewer.page.goto("about:blank")  # playing it would slow down the next one
    return seconds


def test_a_slow_network_is_no_outage(viewer: Viewer, member: str) -> None:
    """Responses begin after more than a second, and segments take longer than usual."""
    viewer.sign_in(member)
    viewer.plays()
    network = viewer.context.new_cdp_session(viewer.page)
    network.send("Network.enable")
    network.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 1200, "downloadThroughput": 150_000, "uploadThroughput": -1},
    )
    viewer.plays(seconds=12, within=60)
    assert viewer.media_statuses().keys() == {200}
    assert viewer.message is None
