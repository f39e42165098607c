"""State of a running preview, for the console's command `status`."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from time import time

from moto.cloudfront.models import cloudfront_backends

from preview.account import Account
from preview.cli.output import wall_clock
from preview.cloudformation.providers.rotation import next_rotation
from preview.local.chromium import Window

UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))
SHOWN_LOST = 3
"""How many events that reached no function are shown."""


def status(account: Account, window: Window, viewers: Mapping[str, float]) -> str:
    """A line for each part of the preview.

    Args:
        account: the account with the stack.
        window: the browser.
        viewers: when each viewer's cookies expire, in epoch seconds, by name.
    """
    rows = [
        ("stack", f"{account.stack.name} in {account.stack.region}: {account.stack_status}"),
        *(("channel", line) for line in _channels(account)),
        ("packager", _packager(account)),
        ("viewers", _viewers(account, viewers)),
        *(("key", line) for line in _keys(account)),
        ("clock", _clock(account)),
        ("browser", "open" if window.is_open() else "closed; type 'open' to open it"),
        *(("failed", line) for line in account.events.lost[-SHOWN_LOST:]),
    ]
    return "\n".join(f"{name:8} {text}" for name, text in rows)


def duration(seconds: float) -> str:
    """A length of time in its two largest units, such as `2 h 5 min`."""
    left, parts = max(round(seconds), 0), list[str]()
    for size, unit in UNITS:
        if left >= size and len(parts) < 2:
            parts.append(f"{left // size} {unit}")
            left %= size
    return " ".join(parts) or "0 s"


def _channels(account: Account) -> Iterator[str]:
    for channel in account.resources.of_type("AWS::MediaLive::Channel"):
        source = "" if account.media.is_fed(channel) else ", and no encoder sends to it"
        yield f"{channel.logical_id} is {account.media.state(channel.ref)}{source}"


def _packager(account: Account) -> str:
    left = duration(account.media.failing_seconds())
    if account.media.is_silent():
        return f"does not answer, for another {left}"
    failure = account.media.failure()
    return f"returns {failure}, for another {left}" if failure else "works"


def _viewers(account: Account, viewers: Mapping[str, float]) -> str:
    now = account.clock.now()
    # copied at once: the threads that serve viewers add to it
    known = [
        f"{name} (cookies until {wall_clock(end)})"
        for name, end in dict(viewers).items()
        if end > now
    ]
    return ", ".join(known) or "none with valid cookies"


def _keys(account: Account) -> Iterator[str]:
    """The public keys that CloudFront knows, the newest first, and when the next one comes."""
    backend = cloudfront_backends[account.stack.account_id][account.stack.partition]
    now = account.clock.now()
    ages = {key.id: now - _epoch(key.created_time) for key in backend.public_keys.values()}
    for key_id, age in sorted(ages.items(), key=lambda one: one[1]):
        yield f"{key_id} is {duration(age)} old"
    for schedule in account.resources.of_type("AWS::SecretsManager::RotationSchedule"):
        due = next_rotation(account, schedule)
        if due is not None:
            yield f"the next one comes in {duration(due - now)}"


def _epoch(moment: datetime) -> float:
    """Epoch seconds of a time in UTC, which moto keeps without a time zone."""
    return moment.replace(tzinfo=UTC).timestamp()


def _clock(account: Account) -> str:
    now = account.clock.now()
    ahead = now - time()
    moment = datetime.fromtimestamp(now, UTC).astimezone()
    text = f"{moment:%Y-%m-%d} {wall_clock(now)}"
    return f"{text}, {duration(ahead)} ahead of this machine" if ahead >= 1 else text
