"""The checks that the preview cannot show, and how a check ends."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from werkzeug.wrappers import Request, Response

from preview.local.http_server import serve
from protected_stream.errors import AwsError
from protected_stream.reading.stream_facts import stream_facts
from protected_stream.verify import keys, media, watching
from protected_stream.verify.answers import (
    NO_HEADERS,
    Answer,
    Broken,
    Fetch,
    NotTried,
    Unreachable,
)
from protected_stream.verify.dash import newest_segments
from protected_stream.verify.internet import Internet
from protected_stream.verify.promises import PROMISES, Promise, verdict
from protected_stream.verify.viewers import NoViewer, as_operator, signed_in, with_viewer
from protected_stream.verify.visit import Viewer, Visit
from tests.conftest import CHECKOUT, Document

NOW = 1_800_000_000.0
OUTPUTS = {
    "WatchAddress": "https://live.example/",
    "HlsManifest": "https://live.example/out/v1/a/index.m3u8",
    "SigningSecretArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:key-AbCdEf",
    "KeyGroupId": "group",
    "UserPoolClientId": "client",
    "SignInHost": "sign-in.example",
}
COOKIE = "CloudFront-{}=value; Path=/out/v1/a/; Secure; HttpOnly; SameSite=Strict"
NAMES = ("Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm")


def answered(status: int, body: bytes = b"", **headers: str) -> Fetch:
    """A stream that answers every request in the same way."""
    answer = Answer(status=status, headers=[*headers.items()], body=body)

    def fetch(
        method: str,  # noqa: ARG001 - whatever is requested
        url: str,  # noqa: ARG001
        headers: Mapping[str, str] = NO_HEADERS,  # noqa: ARG001
        body: bytes = b"",  # noqa: ARG001
    ) -> Answer:
        return answer

    return fetch


@pytest.fixture
def visit(default: Document) -> Visit:
    """A stranger's visit to a stream that refuses everything."""
    facts = replace(stream_facts(default), manifests=("HlsManifest",), domains=("live.example",))
    return Visit(fetch=answered(403), outputs=OUTPUTS, facts=facts, now=lambda: NOW)


def viewer(*lines: str) -> Viewer:
    """A viewer with these Set-Cookie headers, or good ones."""
    good = tuple(COOKIE.format(name) for name in NAMES)
    return Viewer(set_cookie=lines or good, taken=NOW)


def test_the_documented_table_is_that_of_the_promises() -> None:
    text = (CHECKOUT / "docs" / "verify.md").read_text("utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert rows[1:] == [f"| {one.id} | {one.sentence} | {one.who} |" for one in PROMISES]


@pytest.mark.parametrize(
    ("error", "state", "why"),
    [
        (Broken("no"), "broken", "no"),
        (NotTried("none"), "not tried", "none"),
        (Unreachable("away"), "broken", "away"),
        (KeyError("hls"), "broken", "unexpected response: KeyError 'hls'"),
    ],
)
def test_how_a_check_ends(visit: Visit, error: Exception, state: str, why: str) -> None:
    def check(_: Visit) -> None:
        raise error

    found = verdict(Promise("id", "It holds", "stranger", check), visit)
    assert (found.state, found.why) == (state, why)


@pytest.mark.parametrize(("accepts", "error"), [(True, Broken), (None, NotTried)])
def test_old_tls_is_found(visit: Visit, accepts: bool | None, error: type[Exception]) -> None:
    with pytest.raises(error):
        media.need_current_tls(replace(visit, old_tls=lambda _: accepts))


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        ({"RotationEnabled": False}, "turned off"),
        ({"RotationEnabled": True}, "no rotation is due"),
        (
            {"RotationEnabled": True, "NextRotationDate": datetime(2020, 1, 2, tzinfo=UTC)},
            "was due on 2020-01-02",
        ),
        (
            {"RotationEnabled": True, "NextRotationDate": datetime(2030, 1, 2, tzinfo=UTC)},
            "",
        ),
    ],
)
def test_a_rotation_is_due_in_the_future(visit: Visit, secret: Document, said: str) -> None:
    found = _with_client(visit, "secretsmanager", "describe_secret", secret, keys.rotation_is_due)
    assert said in found
    assert bool(found) == bool(said)


def test_a_key_that_is_not_in_the_group_is_found(visit: Visit) -> None:
    group = {"KeyGroup": {"Id": "group", "LastModifiedTime": datetime(2026, 1, 1, tzinfo=UTC)}}
    for trusted, said in ((["value"], ""), (["other"], "cookies are signed with value")):
        config = {"Name": "keys", "Items": trusted}
        answer: Document = {"KeyGroup": {**group["KeyGroup"], "KeyGroupConfig": config}}
        seen = _with_client(
            replace(visit, viewer=viewer()),
            "cloudfront",
            "get_key_group",
            answer,
            keys.signing_key_is_trusted,
        )
        assert seen.startswith(said)
        assert bool(seen) == bool(said)


def _with_client(
    visit: Visit, service: str, call: str, answer: Document, check: Callable[[Visit], Any]
) -> str:
    """What the check finds with this response of AWS; empty if nothing."""
    client = boto3.client(
        service,  # type: ignore[call-overload]
        region_name="us-east-1",
        aws_access_key_id="for",
        aws_secret_access_key="tests",
    )
    with Stubber(client) as stubber:
        stubber.add_response(call, answer)
        try:
            check(replace(visit, client=lambda _: client))
        except Broken as found:
            return str(found)
    return ""


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("; Secure", ""), "lacks Secure"),
        (("; HttpOnly", ""), "lacks HttpOnly"),
        (("Strict", "None"), "lacks SameSite=Strict"),
        (("Path=/out/v1/a/", "Path=/"), "has the Path /"),
        (("; Secure", "; Secure; Domain=example"), "is for other hosts"),
        (("CloudFront-Policy", "Policy"), "missing: CloudFront-Policy"),
    ],
)
def test_unsafe_cookies_are_found(visit: Visit, changed: tuple[str, str], said: str) -> None:
    lines = [COOKIE.format(name).replace(*changed) for name in NAMES]
    watching.cookies_are_safe(replace(visit, viewer=viewer()))
    with pytest.raises(Broken, match=said):
        watching.cookies_are_safe(replace(visit, viewer=viewer(*lines)))


def test_a_viewer_without_a_code_or_with_a_refusal_is_not_tried(visit: Visit) -> None:
    settings = answered(200, b'{"clientId": "client", "signInHost": "sign-in.example"}')
    stranger = replace(visit, fetch=settings)
    for pasted in ("", "https://live.example/?code=1&state=another"):
        tried = with_viewer(stranger, lambda one, text=pasted: signed_in(one, lambda _: text))  # type: ignore[misc]
        assert tried.viewer is None
        assert "no code of this sign-in" in tried.why_no_viewer


def test_a_function_that_refuses_the_operator_is_reported(visit: Visit) -> None:
    class Body:
        def read(self) -> bytes:
            return b'{"statusCode": 403, "body": "no"}'

    class Client:
        def invoke(self, **_: object) -> Document:
            return {"Payload": Body()}

    with pytest.raises(NoViewer, match="answers 403: no"):
        as_operator(replace(visit, client=lambda _: Client()), "function")


def test_a_disguised_path_is_sent_as_it_is() -> None:
    """urllib3 normalizes URLs, but not what follows the host name."""
    seen: list[str] = []

    @Request.application
    def application(request: Request) -> Response:
        seen.append(request.environ["REQUEST_URI"])
        return Response("", status=301, headers={"Location": "/elsewhere"})

    targets = ["/a/../b", "/a//b", "/a%2Fb?c=%2E", "/a;b", "/x/%2E%2E/y"]
    server = serve(application)
    try:
        for target in targets:
            answer = Internet()("GET", f"http://127.0.0.1:{server.port}{target}")
            assert (answer.status, answer.header("location")) == (301, "/elsewhere")
    finally:
        server.close()
    assert seen == targets
    with pytest.raises(Unreachable, match="gives no response"):
        Internet()("GET", f"http://127.0.0.1:{server.port}/")


def test_a_template_of_another_program_is_refused() -> None:
    with pytest.raises(AwsError, match="name another stack"):
        stream_facts({"Resources": {}, "Outputs": {}})


def test_the_newest_segment_follows_from_the_timeline() -> None:
    text = (
        '<MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><AdaptationSet><SegmentTemplate '
        'media="$RepresentationID$/$Number%04d$_$Time$.m4s" initialization="$RepresentationID$.mp4"'
        ' startNumber="7"><SegmentTimeline><S t="10" d="4" r="2"/><S d="6"/></SegmentTimeline>'
        '</SegmentTemplate><Representation id="v1"/></AdaptationSet></Period></MPD>'
    )
    assert list(newest_segments(text, "https://a.example/b/index.mpd")) == [
        ("https://a.example/b/v1/0010_22.m4s", "https://a.example/b/v1.mp4")
    ]
    with pytest.raises(Broken, match="not XML"):
        list(newest_segments("<MPD", "https://a.example/b/index.mpd"))
