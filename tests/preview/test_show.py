"""What goes on while viewers are served."""

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from preview.account import Account
from preview.chromium import Window
from preview.console import Console
from preview.media import test_card as card
from preview.show import Show
from tests.preview.operator import copy_code, deployed, go_on_air, template_in

DAY = 86_400


@pytest.fixture(scope="module")
def show(built: Path) -> Iterator[Show]:
    """A stack on air, without encoder and browser."""
    with Account() as account:
        copy_code(account, built)
        stack = deployed(account, template_in(built))
        go_on_air(account, stack.outputs)
        said: list[str] = []
        window = Window(["no-such-chromium"], Path())
        yield Show(
            account=account,
            encoder=None,
            window=window,
            console=Console(account=account, window=window, say=said.append),
            typed=queue.Queue(),
            say=said.append,
        )


def state(show: Show) -> str:
    """What the channel does."""
    (channel,) = show.account.of_type("AWS::MediaLive::Channel")
    return show.account.media.state(channel.ref)


def test_it_is_ready_with_every_manifest(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    assert show.has_pictures()
    monkeypatch.setattr(
        show.account.media,
        "source",
        lambda endpoint, name: None if name.endswith(".mpd") else card(endpoint, name),
    )
    assert not show.has_pictures()


def test_commands_are_obeyed(show: Show) -> None:
    show.typed.put("stop")
    show.go_on(until=lambda: state(show) == "IDLE")
    show.typed.put("start")
    show.go_on(until=lambda: state(show) == "RUNNING")


def test_schedules_come_round_by_themselves(show: Show) -> None:
    """The stack's guard looks every quarter of an hour, and stops what ran for too long."""
    show.account.clock.skip(DAY)
    show.go_on(until=lambda: state(show) == "STOPPING")


def test_it_goes_on_without_a_browser(show: Show) -> None:
    said: list[str] = []
    Show(
        account=show.account,
        encoder=None,
        window=show.window,
        console=show.console,
        typed=show.typed,
        say=said.append,
    ).open_browser()
    assert len(said) == 1
    assert said[0].startswith("There is no Chromium to open; install it: ")
