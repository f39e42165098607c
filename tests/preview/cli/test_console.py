"""Console commands, on the default template's stack."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from preview.account import Account
from preview.cli.console import COMMANDS, Console
from preview.cli.deployment import Deployment
from preview.cloudformation.stack import Stack
from preview.errors import PreviewError
from preview.local.chromium import Window
from tests.preview.browser import App
from tests.preview.operator import PARAMETERS, copy_code, deployed, go_on_air, template_in

VIEWER = "second@example.com"


class NoWindow(Window):
    """A window that cannot be opened."""

    def __init__(self) -> None:
        super().__init__(["chromium"], Path())

    def open(self) -> None:
        raise PreviewError("The browser is already open.")


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A stack on air and its console."""

    account: Account
    stack: Stack
    console: Console
    said: list[str] = field(default_factory=list)

    def __call__(self, line: str) -> str:
        """The output for a typed line."""
        self.said.clear()
        self.console.obey(line)
        return "\n".join(self.said)

    @property
    def state(self) -> str:
        """The channel's state."""
        return self.account.media.state(self.stack.outputs["ChannelId"])

    def user(self) -> dict[str, object]:
        """The second viewer's Cognito user."""
        answer = self.account.client("cognito-idp").admin_get_user(
            UserPoolId=self.stack.outputs["UserPoolId"], Username=VIEWER
        )
        return dict(answer)


@pytest.fixture(scope="module")
def desk(built: Path) -> Iterator[Desk]:
    """One desk for all tests: each leaves the channel on air."""
    with Account() as account:
        copy_code(account, built)
        stack = deployed(account, template_in(built))
        go_on_air(account, stack.outputs)
        said: list[str] = []
        console = Console(
            deployment=Deployment(stack=stack, parameters=PARAMETERS),
            window=NoWindow(),
            say=said.append,
            viewers={VIEWER: account.clock.now() + 600_000, "gone@example.com": 0},
        )
        yield Desk(account=account, stack=stack, console=console, said=said)


def test_the_channel_stops_and_starts(desk: Desk) -> None:
    assert desk("stop") == "stopped  Channel"
    assert desk.state == "IDLE"
    assert desk("stop") == f"The channel {desk.stack.outputs['ChannelId']} is IDLE, not RUNNING."
    assert desk("start") == "started  Channel"
    assert desk.state == "RUNNING"
    assert "is RUNNING, not IDLE." in desk("start")


def test_the_key_rotates_and_all_keys_are_revoked(desk: Desk) -> None:
    assert desk("rotate") == "rotated  SigningSecret"
    assert "does not sign yet. Nothing was changed." in desk("rotate")
    assert desk("revoke").startswith("revoked  The key ")


def test_skipping_time_runs_due_schedules(desk: Desk) -> None:
    """After 12 hours, the stack's own guard stops the channel."""
    before = desk.account.clock.now()
    assert desk("skip 46800") == "skipped  46800 s"
    assert desk.account.clock.now() - before == pytest.approx(46_800, abs=60)
    assert desk.state == "IDLE"
    assert desk("start") == "started  Channel"


def test_the_packager_fails_for_a_while(desk: Desk) -> None:
    assert desk("fail 503 30") == "failing  with 503 for 30 s"
    assert desk.account.media.failure() == 503
    assert desk("skip 31") == "skipped  31 s"
    assert desk.account.media.failure() is None


def test_the_packager_is_silent_for_a_while(desk: Desk) -> None:
    assert desk("FAIL Silent 30") == "failing  silent for 30 s"
    assert desk.account.media.is_silent()
    assert desk.account.media.failure() is None
    assert "packager does not answer, for another 30 s" in desk("status")
    assert desk("fail 404 30") == "failing  with 404 for 30 s"
    assert not desk.account.media.is_silent()
    assert "packager returns 404, for another 30 s" in desk("status")
    assert desk("skip 31") == "skipped  31 s"


def test_the_status_is_that_of_every_part(desk: Desk) -> None:
    desk("skip 3600")
    desk("rotate")
    desk.account.media.sending.clear()
    desk.account.events.lost.append("Rule: Scheduled Event: too late")
    rows = [line.split(maxsplit=1) for line in desk("status").splitlines()]
    go_on_air(desk.account, desk.stack.outputs)
    desk.account.events.lost.clear()
    texts = dict(rows)
    assert texts["stack"] == "live in us-east-1: CREATE_COMPLETE"
    assert texts["channel"] == "Channel is RUNNING, and no encoder sends to it"
    assert texts["packager"] == "works"
    assert re.fullmatch(rf"{VIEWER} \(cookies until [\d:]+\)", texts["viewers"])
    ages = [re.fullmatch(r"\w+ is (.+) old", text) for name, text in rows if name == "key"]
    assert re.fullmatch(r"\d s", next(age[1] for age in ages if age))
    assert re.fullmatch(r"the next one comes in (29 d 2\d h|30 d)", texts["key"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d [\d:]+, .+ ahead of this machine", texts["clock"])
    assert texts["browser"] == "closed; type 'open' to open it"
    assert texts["failed"] == "Rule: Scheduled Event: too late"


def test_viewers_are_invited_and_disabled(desk: Desk) -> None:
    said = desk(f"invite {VIEWER}")
    password = desk.account.mailbox[VIEWER]
    assert said == f"invited  {VIEWER}: the temporary password is {password}"
    assert desk.user()["Enabled"] is True
    assert desk(f"invite {VIEWER}") == (
        "The user pool already has an account with that email address (UsernameExistsException)."
    )
    assert desk(f"disable {VIEWER}") == f"disabled {VIEWER}"
    assert desk.user()["Enabled"] is False
    assert desk("disable nobody@example.com") == (
        "The user pool has no account with that email address (UserNotFoundException)."
    )


def test_viewers_join_groups_and_their_mail_is_shown(desk: Desk) -> None:
    desk(f"invite {VIEWER}")
    assert desk(f"mail {VIEWER}") == (
        f"mail     {desk.account.mailbox[VIEWER]} was mailed to {VIEWER}"
    )
    assert "ResourceNotFoundException" in desk(f"join {VIEWER} subscribers")
    desk.account.client("cognito-idp").create_group(
        UserPoolId=desk.stack.outputs["UserPoolId"], GroupName="subscribers"
    )
    assert desk(f"join {VIEWER} subscribers") == f"joined   {VIEWER} is a member of subscribers"


def test_a_code_is_the_one_in_the_viewers_app(desk: Desk) -> None:
    app = App(desk.account.authenticators.key(VIEWER))
    said = desk(f"code {VIEWER}")
    now = desk.account.clock.now()
    assert said in {
        f"code     {app.shown(at)} in the authenticator app of {VIEWER}" for at in (now - 30, now)
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("code me@example.com", "me@example.com has not started to set up an authenticator app."),
        ("dance", "Unknown command: dance. Type 'help'."),
        ("Stoq", "Unknown command: Stoq. Did you mean 'stop'?"),
        ("STATUS now", "Usage: status"),
        ("update", "Usage: update FILE [Name=Value ...]"),
        ("update t.json Name", "write every parameter as Name=Value."),
        (
            "update 'no where/t.json'",
            "no where/t.json: No such file or directory. Create it with: make template",
        ),
        ("stop now", "Usage: stop"),
        ("fail 404", "Usage: fail STATUS SECONDS"),
        ("fail 500 10", "STATUS must be one of 404, 503, silent."),
        ("fail 404 soon", "SECONDS must be from 1 to 2592000."),
        ("skip 0", "SECONDS must be from 1 to 2592000."),
        ("skip 2592001", "SECONDS must be from 1 to 2592000."),
        ("skip -1", "SECONDS must be from 1 to 2592000."),
        ("skip \N{SUPERSCRIPT TWO}", "SECONDS must be from 1 to 2592000."),
        ("invite somebody", "somebody is not an email address."),
        ("disable somebody", "somebody is not an email address."),
        ("mail nobody@example.com", "Nothing was mailed to nobody@example.com."),
        ("open", "The browser is already open."),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_mistake_gets_a_one_line_error(desk: Desk, line: str, said: str) -> None:
    before = desk.state
    assert desk(line) == said
    assert desk.state == before


def test_the_help_names_every_command(desk: Desk) -> None:
    lines = [line.strip() for line in desk("help").splitlines()]
    assert [line.split()[0] for line in lines] == list(COMMANDS)


def test_quit_is_like_ctrl_c(desk: Desk) -> None:
    with pytest.raises(KeyboardInterrupt):
        desk("quit")


def test_a_missing_resource_is_an_error(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.account.resources, "by_logical_id", {})
    assert desk("rotate") == "The stack has no AWS::SecretsManager::RotationSchedule."
    assert desk("stop") == "The stack has no AWS::MediaLive::Channel."
