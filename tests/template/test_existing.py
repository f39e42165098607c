"""A stream that is on the air already: no channel, no packager, and nothing of the owner's."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from protected_stream import Stream
from protected_stream.building import build
from protected_stream.reading.summary import summary
from protected_stream.template.validation_errors import validation_errors
from tests.conftest import Document, of_type
from tests.resolve import Stack

HOSTS = {
    "mediapackage-v2": "a1b2.egress.c3d4.mediapackagev2.eu-west-1.amazonaws.com",
    "mediapackage-v1": "0123456789abcdef.mediapackage.eu-west-1.amazonaws.com",
    "s3": "my-media.s3.eu-west-1.amazonaws.com",
    "https": "origin.example.com",
}
MEDIA = {
    "mediapackage-v2": {
        "media_path": "/out/v1/news/*",
        "hls": "studio/ts/index.m3u8",
        "dash": "studio/cmaf/index.mpd",
    },
    "mediapackage-v1": {"media_path": "/out/v1/*", "hls": "12ab/index.m3u8"},
    "s3": {"media_path": "/show/*", "dash": "index.mpd"},
    "https": {"media_path": "/live/final/*", "hls": "index.m3u8", "dash": "index.mpd"},
}
NOTHING_OF = ("AWS::MediaLive::", "AWS::MediaPackage", "AWS::Events::", "Custom::ChannelGuard")
POLICIES = ("AWS::S3::BucketPolicy", "AWS::MediaPackageV2::OriginEndpointPolicy")


def options(origin: str, **changes: Any) -> dict[str, Any]:
    return {"mode": "existing", "origin": origin, **MEDIA[origin], **changes}


@pytest.fixture(params=MEDIA)
def origin(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def template(origin: str, template_of: Callable[..., Document]) -> Document:
    return template_of(packaging=options(origin))


def media_origin(template: Document) -> Document:
    (distribution,) = of_type(template, "AWS::CloudFront::Distribution").values()
    return next(
        dict(one) for one in distribution["DistributionConfig"]["Origins"] if one["Id"] == "media"
    )


def test_it_has_no_channel_and_writes_no_policy_of_the_owner(template: Document) -> None:
    types = {resource["Type"] for resource in template["Resources"].values()}
    assert [one for one in types if one.startswith(NOTHING_OF)] == []
    policies = [title for kind in POLICIES for title in of_type(template, kind)]
    assert policies == ["PageBucketPolicy"]


def test_cloudfront_signs_or_sends_the_secret(origin: str, template: Document) -> None:
    found = media_origin(template)
    access = of_type(template, "AWS::CloudFront::OriginAccessControl").get("MediaOriginAccess")
    kind = access["OriginAccessControlConfig"]["OriginAccessControlOriginType"] if access else None
    headers = [
        (one["HeaderName"], one["HeaderValue"]["Fn::Sub"])
        for one in found.get("OriginCustomHeaders", ())
    ]
    arn = "${MediaOriginSecretArn}"
    key = "SecretString:MediaPackageCDNIdentifier"
    assert (kind, headers) == {
        "mediapackage-v2": ("mediapackagev2", []),
        "s3": ("s3", []),
        "mediapackage-v1": (
            None,
            [("X-MediaPackage-CDNIdentifier", f"{{{{resolve:secretsmanager:{arn}:{key}}}}}")],
        ),
        "https": (None, [("X-Origin-Secret", f"{{{{resolve:secretsmanager:{arn}}}}}")]),
    }[origin]
    assert ("OriginAccessControlId" in found) == bool(kind)
    assert ("S3OriginConfig" in found) == (origin == "s3")


def test_the_outputs_have_the_statements_to_add(origin: str, template: Document) -> None:
    """A MediaPackage endpoint has a policy of its own, so each needs its statement."""
    stack = Stack(template=template, ids={"Distribution": "E1", "MediaOriginHost": HOSTS[origin]})
    statements = [
        json.loads(stack.value(output["Value"]))
        for name, output in template["Outputs"].items()
        if name.startswith("OriginStatement")
    ]
    endpoint = "arn:aws:mediapackagev2:eu-west-1:123456789012:channelGroup/news/channel/studio"
    assert [(one["Action"], one["Resource"]) for one in statements] == {
        "mediapackage-v2": [
            (
                ["mediapackagev2:GetObject", "mediapackagev2:GetHeadObject"],
                [f"{endpoint}/originEndpoint/{name}"],
            )
            for name in ("ts", "cmaf")
        ],
        "s3": [
            (
                ["s3:GetObject", "s3:ListBucket"],
                ["arn:aws:s3:::my-media", "arn:aws:s3:::my-media/show/*"],
            )
        ],
    }.get(origin, [])
    for one in statements:
        assert (one["Effect"], one["Principal"]) == (
            "Allow",
            {"Service": "cloudfront.amazonaws.com"},
        )
        (condition,) = one["Condition"]["StringEquals"].items()
        assert condition == ("AWS:SourceArn", "arn:aws:cloudfront::123456789012:distribution/E1")


def test_manifests_come_before_segments_and_all_are_signed(origin: str, template: Document) -> None:
    (distribution,) = of_type(template, "AWS::CloudFront::Distribution").values()
    media = [
        one
        for one in distribution["DistributionConfig"]["CacheBehaviors"]
        if one["TargetOriginId"] == "media"
    ]
    named = MEDIA[origin]
    folder = named["media_path"].removesuffix("*")
    suffixes = {"hls": "*.m3u8", "dash": "*.mpd"}
    wanted = [f"{folder}{suffix}" for name, suffix in suffixes.items() if name in named]
    assert [one["PathPattern"] for one in media] == [*wanted, named["media_path"]]
    assert all(one["TrustedKeyGroups"] for one in media)
    assert all(one["AllowedMethods"] == ["GET", "HEAD"] for one in media)


@pytest.mark.parametrize(
    ("origin", "other"),
    [(one, other) for one in HOSTS for other in HOSTS if one not in ("https", other)],
)
def test_the_host_is_one_of_its_kind(
    template_of: Callable[..., Document], origin: str, other: str
) -> None:
    parameter = template_of(packaging=options(origin))["Parameters"]["MediaOriginHost"]
    hosts = (HOSTS[origin], HOSTS[other], f"https://{HOSTS[origin]}")
    assert [bool(re.fullmatch(parameter["AllowedPattern"], one)) for one in hosts] == [
        True,
        False,
        False,
    ]


def test_the_summary_says_what_to_do_at_the_origin_and_what_it_costs(
    origin: str, tmp_path: Path
) -> None:
    stream = Stream.model_validate({"packaging": options(origin)})
    text = summary(build(stream, tmp_path).written)
    assert {
        "OriginStatement": origin in ("mediapackage-v2", "s3"),
        "cloudfront:GetDistributionConfig": origin in ("mediapackage-v1", "https"),
        "turn on CDN authorization": origin == "mediapackage-v1",
    } == {
        words: words in text
        for words in (
            "OriginStatement",
            "cloudfront:GetDistributionConfig",
            "turn on CDN authorization",
        )
    }
    assert "at least $0.40 a month and $0.085 for each gigabyte that viewers receive" in text
    assert not any(word in text for word in ("MediaLive", "until stopped", "on air"))


@pytest.mark.parametrize(
    ("tables", "lines"),
    [
        (
            {"packaging": options("s3", dash=""), "encoding": {"gop_seconds": 2}},
            [
                "encoding.gop_seconds: leave it out, as the stack has no channel if packaging.mode "
                'is "existing"',
                "packaging.hls: must not be empty unless dash has a manifest",
            ],
        ),
        (
            {"packaging": options("s3"), "ingest": {}, "schedule": {}},
            [
                f'{name}: leave it out, as the stack has no channel if packaging.mode is "existing"'
                for name in ("ingest", "schedule")
            ],
        ),
        (
            {"packaging": options("s3", segment_seconds=4)},
            ['packaging.segment_seconds: requires mode = "new", but mode is "existing"'],
        ),
        (
            {"packaging": {"hls": "index.m3u8"}},
            ['packaging.hls: requires mode = "existing", but mode is "new"'],
        ),
        (
            {"packaging": options("s3", header="X-Secret")},
            ['packaging.header: is only for origin = "https", and origin is "s3": leave it out'],
        ),
        (
            {"packaging": options("https", header="X-Amz-Key")},
            ['packaging.header: is a header that CloudFront cannot add to requests: "X-Amz-Key"'],
        ),
        (
            {"packaging": options("mediapackage-v2", media_path="/live/*", hls="a.m3u8")},
            [
                'packaging.hls: must be "CHANNEL/ENDPOINT/MANIFEST", not "a.m3u8", as origin is '
                '"mediapackage-v2"',
                'packaging.media_path: must be "/out/v1/GROUP/*" with the channel group, not '
                '"/live/*", as origin is "mediapackage-v2"',
            ],
        ),
        *(
            (
                {"packaging": options("https", media_path=path)},
                [
                    "packaging.media_path: must not begin with /api/ or /lib/, which the page has, "
                    f'nor contain the folders "." and ".."; got "{path}"'
                ],
            )
            for path in ("/api/*", "/live/../*")
        ),
        *(
            (
                {"packaging": options("https", media_path=path)},
                [
                    "packaging.media_path: must be the folder with the media on the origin and an "
                    f'asterisk, such as "/live/*"; got "{path}"'
                ],
            )
            for path in ("/*", "/live", "live/*", "/li*ve/*")
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(
    tables: Mapping[str, Any], lines: list[str]
) -> None:
    with pytest.raises(ValidationError) as refusal:
        Stream.model_validate(tables)
    found = validation_errors(refusal.value, Stream, "stream.toml")
    assert sorted(found) == [f"stream.toml: {line}" for line in lines]
