"""Evidence has no account ID, key, address or other secret, whatever messages say."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from protected_stream.rehearsal.scrub import scrubber
from tests.unit.rehearsal.conftest import EVIDENCE, STREAM_KEY, Rehearsal

ACCOUNT = "123456789012"
SECRETS = {
    "an account": (ACCOUNT, "[account]"),
    "another account": ("210987654321", "[account]"),
    "an account with dashes": ("2109-8765-4321", "[account]"),
    "an account in a name": (f"live-code-{ACCOUNT}-us-east-1", "live-code-[account]-us-east-1"),
    "an ARN": (f"arn:aws:medialive:us-east-1:{ACCOUNT}:channel:1", "arn:aws:medialive:[hidden]"),
    "an access key": ("AKIAIOSFODNN7EXAMPLE", "[key]"),
    "a secret access key": ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "[token]"),
    "a private key": ("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----", "[key]"),
    "a token": ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIi.sig", "[token]"),
    "a generated stream key": ("0123456789abcdef0123456789abcdef", "[token]"),
    "the stream key": (STREAM_KEY, "[hidden]"),
    "the stream key in capitals": (STREAM_KEY.upper(), "[hidden]"),
    "an input's URL": (f"rtmp://192.0.2.1:1935/primary/{STREAM_KEY}", "rtmp://[address][hidden]"),
    "an IP address": ("192.0.2.1:1935", "[address]"),
    "a range": ("203.0.113.0/24", "[address]"),
    "an IPv6 address": ("2001:db8::1", "[address]"),
    "a host": ("encoder.example.com", "[address]"),
    "an input's host in capitals": ("SHOWS.S3.US-EAST-1.AMAZONAWS.COM", "[address]"),
    "a host of AWS": ("abc.mediapackagev2.us-east-1.amazonaws.com:443", "[address]"),
    "an e-mail address": ("ann@example.com", "[e-mail address]"),
}
"""What must not be written, and what is instead."""
KEPT = (
    "AWS::MediaLive::Channel (from [encoding])",
    "#/EncoderSettings/OutputGroups/0/OutputGroupSettings/MediapackageV2GroupSettings",
    "Channel.Arn, docs/first-deployment.md, medialive.amazonaws.com",
    "Channel 1234567 is RUNNING since 2026-11-30 20:00:05 UTC; 100000 kbit/s",
    "Status Code: 403, Request ID: 0a1b2c3d-0000-1111-2222-abcdefabcdef",
)


@pytest.fixture(scope="module")
def scrub() -> Callable[[str], str]:
    values = [STREAM_KEY, "https://shows.s3.us-east-1.amazonaws.com/a"]
    return scrubber(account=ACCOUNT, secrets=[STREAM_KEY], urls=values)


@pytest.mark.parametrize("what", SECRETS)
def test_secrets_are_removed(scrub: Callable[[str], str], what: str) -> None:
    secret, instead = SECRETS[what]
    assert scrub(f"before {secret}, after") == f"before {instead}, after"


@pytest.mark.parametrize("text", KEPT)
def test_what_a_reader_needs_is_kept(scrub: Callable[[str], str], text: str) -> None:
    assert scrub(text) == text


def test_evidence_has_none_of_them(rehearse: Callable[..., Rehearsal]) -> None:
    """In the messages of every step that CloudFormation or MediaLive can put them in."""
    told = " ".join(secret for secret, _ in SECRETS.values())
    rehearsal, written = rehearse(terminal=True), []
    for prepare in (
        {"refuses": told},
        {"fails_at": f"Distribution:{told}"},
        {"alerts": [told]},
        {"before_execution": lambda _: told},
        {"deletions": [told] * 3},
    ):
        EVIDENCE.unlink(missing_ok=True)
        rehearsal.begin_again()
        for name, value in prepare.items():
            setattr(rehearsal.account, name, value)
        rehearsal.run()
        assert "bad" in rehearsal.states.values()
        written.append(Path(EVIDENCE).read_text("utf-8"))
    for what, (secret, _) in SECRETS.items():
        for text in written:
            assert json.dumps(secret)[1:-1].lower() not in text.lower(), what
