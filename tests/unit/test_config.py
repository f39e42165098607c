"""stream.toml: valid files, and the messages for invalid ones."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from protected_stream.config import Stream, load
from protected_stream.errors import StreamError
from protected_stream.template.regions import SERVICES, offering
from tests.conftest import Document

Mistakes = Callable[[str], list[str]]
CHECKOUT = Path(__file__).parents[2]
UNKNOWN_MODE = 'signing: mode must be one of "managed", "supplied", "kms", "trusted-signer"'


@pytest.fixture
def mistakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mistakes:
    """The error lines when this text is loaded."""
    monkeypatch.chdir(tmp_path)

    def lines(text: str) -> list[str]:
        Path("stream.toml").write_text(text, encoding="utf-8")
        with pytest.raises(StreamError) as raised:
            load(Path("stream.toml"))
        return list(raised.value.lines)

    return lines


def test_an_empty_file_is_the_default_stream(tmp_path: Path) -> None:
    path = tmp_path / "stream.toml"
    path.touch()
    assert load(path) == Stream()


def test_the_stream_file_of_this_checkout_has_the_defaults() -> None:
    assert load(CHECKOUT / "stream.toml") == Stream()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "[signing]\ncookie_minutes = 0",
            "signing.cookie_minutes: must be between 1 and 1440, got 0",
        ),
        (
            "[signing]\ncookie_minutes = 1441",
            "signing.cookie_minutes: must be between 1 and 1440, got 1441",
        ),
        (
            '[signing]\ncookie_minutes = "60"',
            'signing.cookie_minutes: must be a whole number, got "60"',
        ),
        (
            "[signing]\ncokie_minuts = 60",
            "signing.cokie_minuts: unknown key; did you mean cookie_minutes?",
        ),
        (
            '[signing]\nalgorithm = "rsa"',
            'signing.algorithm: must be one of "rsa-2048", "ecdsa-p256"; got "rsa"',
        ),
        (
            '[signing]\nalgorithm = "ecdsa-p256"\nhash = "sha-1"',
            'signing: hash = "sha-1" requires algorithm = "rsa-2048"',
        ),
        ("[delivry]\nx = 1", "delivry: unknown table; did you mean delivery?"),
        ("[delivery]\nx = 1", "delivery.x: unknown key; docs/stream-file.md lists all"),
        (
            "[signing]\ngenerations = [2, 1]",
            'signing.generations: requires mode = "kms", but mode is "managed"',
        ),
        (
            '[signing]\nmode = "kms"\nrotation_days = 3',
            'signing.rotation_days: requires mode = "managed", but mode is "kms"',
        ),
        (
            '[signing]\nmode = "kms"\nhash = "sha-1"',
            'signing.hash: requires mode = "managed" or "supplied" or "trusted-signer", but mode'
            ' is "kms"',
        ),
        (
            '[signing]\nmode = "kms"\ngenerations = [0]',
            "signing.generations.0: must be at least 1, got 0",
        ),
        (
            "\n".join(["[tags]", *(f'team{number} = "x"' for number in range(41))]),
            "tags: must have at most 40 entries, got 41",
        ),
        (f'[signing]\nmode = "{"x" * 61}"', f"{UNKNOWN_MODE}; got 61 characters"),
        (f'[signing]\nmode = "{"x" * 60}"', f'{UNKNOWN_MODE}; got "{"x" * 60}"'),
        ("encoding = 3", "encoding: must be a table, got 3"),
        (
            "[packaging]\nsegment_seconds = 5",
            "packaging.segment_seconds: must be a multiple of encoding.gop_seconds (2), got 5",
        ),
        (
            "[packaging]\nsegment_seconds = 20\ndvr_window_seconds = 50",
            "packaging: dvr_window_seconds must be at least six times segment_seconds (120), "
            "got 50: players stay three segments behind live",
        ),
        (
            "[encoding]\nframe_rate = 29.98",
            "encoding.frame_rate: must be one of 23.976, 24, 25, 29.97, 30, 50, 59.94, 60; "
            "got 29.98",
        ),
        (
            '[encoding]\nframe_rate = "30"',
            "encoding.frame_rate: must be one of 23.976, 24, 25, 29.97, 30, 50, 59.94, 60; "
            'got "30"',
        ),
        (
            '[delivery]\norigin_shield = "us-west-1"',
            'delivery.origin_shield: must be "on", "off" or one of ap-northeast-1, ap-northeast-2, '
            "ap-south-1, ap-southeast-1, ap-southeast-2, eu-central-1, eu-west-1, eu-west-2, "
            'sa-east-1, us-east-1, us-east-2, us-west-2; got "us-west-1"',
        ),
        (
            "[delivery]\naccess_logs = true",
            'delivery.access_logs: requires region = "us-east-1", where CloudFront logging is '
            'configured; region is "any"',
        ),
        ("[delivery]\naccess_logs = 1", "delivery.access_logs: must be true or false, got 1"),
        (
            'region = "mars"',
            'region: must be "any" or a Region that has MediaLive, MediaPackage v2 and Cognito, '
            'which "mars" is not as far as the AWS SDK knows; those that do are '
            "ap-northeast-1, ap-northeast-2, ap-northeast-3, ap-south-1, ap-south-2, "
            "ap-southeast-1, ap-southeast-2, ap-southeast-4, ap-southeast-5, ca-central-1, "
            "eu-central-1, eu-north-1, eu-west-1, eu-west-2, eu-west-3, me-central-1, sa-east-1, "
            "us-east-1, us-east-2, us-west-2",
        ),
        (
            '[tags]\n"aws:team" = "video"',
            'tags.aws:team: must not begin with "aws:", which AWS reserves',
        ),
        ('[tags]\n"" = "x"', "tags.: must have at least 1 character(s)"),
        (f'[tags]\nteam = "{"x" * 257}"', "tags.team: must have at most 256 character(s)"),
        (
            '[roles]\npath = "streams"',
            'roles.path: must begin and end with "/", as in "/streams/", with only letters, digits '
            'and _ . @ = , + - between; got "streams"',
        ),
        ("[[signing]]\nhash = 1", 'signing: must be a table, got [{"hash": 1}]'),
        ("signing = 1979-05-27", 'signing: must be a table, got "1979-05-27"'),
        (
            "[signing]\ncookie_minutes = nan",
            "signing.cookie_minutes: must be a whole number, got NaN",
        ),
        ("[tags]\nteam = 3", 'tags.team: must be a quoted string, such as "live", got 3'),
        *(
            (
                f'[lint.ignore]\n{rule_id} = "why"',
                f"lint.ignore.{rule_id}: is not a rule ID; docs/lint.md lists those that begin "
                "with PS, and cfn-lint's look like W3005",
            )
            for rule_id in ("PS9999", "ps1601", "P1601", "E30", "W30055", "X3005", "wide")
        ),
        *(
            (
                f'[lint.ignore]\n{rule_id} = "{reason}"',
                f"lint.ignore.{rule_id}: must say why the rule is ignored",
            )
            for rule_id in ("PS1601", "W3005")
            for reason in ("", "  ")
        ),
        (
            "[lint.ignore]\nPS1601 = true",
            'lint.ignore.PS1601: must be a quoted string, such as "live", got true',
        ),
        ('[lint]\nignore = ["PS1601"]', 'lint.ignore: must be a table, got ["PS1601"]'),
    ],
)
def test_a_mistake_is_reported_with_place_and_reason(
    mistakes: Mistakes, text: str, line: str
) -> None:
    (said,) = mistakes(text)
    assert re.sub(r"^stream\.toml(:[0-9]+)?: ", "", said) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            '[tags]\nStage = "prod"\nSTAGE = "prod"',
            'stream.toml:3: tags.STAGE: differs from "Stage" in case alone, which IAM does not '
            "allow: leave one out",
        ),
        (
            '[tags]\n"Straße" = "1"\nSTRASSE = "2"',
            'stream.toml:3: tags.STRASSE: differs from "Straße" in case alone, which IAM does not '
            "allow: leave one out",
        ),
        *(
            (
                f'[tags]\n{name} = "x"',
                f'stream.toml:2: tags.{name}: is the tag "guarded-by" that the stream itself needs:'
                " choose another name",
            )
            for name in ("guarded-by", "Guarded-By", "GUARDED-BY")
        ),
    ],
)
def test_tags_that_iam_does_not_tell_apart_are_refused(
    mistakes: Mistakes, text: str, line: str
) -> None:
    assert mistakes(text) == [line]


def test_every_tag_of_the_product_is_refused_as_one_of_the_user(
    any_encoded_template: Document,
) -> None:
    """The default stream has no tags, so those in its template are the product's."""
    own = {tag for tag in tags_in(any_encoded_template) if tag not in {"team", "cost-center"}}
    for tag in own:
        with pytest.raises(ValidationError, match="that the stream itself needs"):
            Stream.model_validate({"tags": {tag.upper(): "x"}})
    assert own == {"guarded-by"}


def tags_in(template: Document) -> set[str]:
    """The names of all tags of all resources."""
    found: set[str] = set()
    for resource in template["Resources"].values():
        for name in ("Tags", "UserPoolTags"):
            tags = resource.get("Properties", {}).get(name, {})
            found |= set(tags) if isinstance(tags, dict) else {tag["Key"] for tag in tags}
    return found


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("us-weast-1", "did you mean us-east-1?"),
        ("us-east-9", "did you mean us-east-"),
        ("eu-centrl-1", "did you mean eu-central-1?"),
        ("US-EAST-1", "did you mean us-east-1?"),
        ("us-west-1", "as far as the AWS SDK knows; did you mean us-west-2?"),
        *(
            (name, f"is in {partition}: viewers sign in at amazoncognito.com")
            for name, partition in {
                "cn-north-1": "aws-cn",
                "us-gov-west-1": "aws-us-gov",
                "us-iso-east-1": "aws-iso",
                "us-isob-east-1": "aws-iso-b",
                "eusc-de-east-1": "aws-eusc",
            }.items()
        ),
    ],
)
def test_a_region_without_the_services_is_refused(mistakes: Mistakes, name: str, says: str) -> None:
    (line,) = mistakes(f'region = "{name}"')
    assert line.startswith("stream.toml:1: region: must be ")
    assert f'"{name}"' in line
    assert says in line


def test_every_region_with_the_services_is_accepted() -> None:
    regions = offering(SERVICES)
    assert len(regions) == 20
    for name in regions:
        assert Stream(region=name).region == name


@pytest.mark.parametrize(
    "name",
    [
        *("Cookie", "Host", "host", "Origin", "Referer", "Date", "Via", "TE", "Content-Length"),
        *("Proxy-Authorization", "Sec-Token", "sec-", "Set-Cookie", "User-Agent", "Expect"),
        *("X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "x-amz-cf-id", "X-Edge-Token"),
        *("X-Amzn-Trace-Id", "CloudFront-Viewer-Address", "Max-Forwards"),
    ],
)
def test_a_header_that_cannot_bring_the_token_is_refused(mistakes: Mistakes, name: str) -> None:
    (line,) = mistakes(f'[api]\ntoken_header = "{name}"')
    assert line.startswith(f'stream.toml:2: api.token_header: must be another header than "{name}"')


@pytest.mark.parametrize("name", ["Authorization", "Auth", "X-Token", "Section", "Datum", "Hosts"])
def test_another_header_can_bring_the_token(name: str) -> None:
    assert Stream.model_validate({"api": {"token_header": name}}).api.token_header == name


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            '[api]\ntoken_header = "my token"',
            "stream.toml:2: api.token_header: must begin with a letter and have at most 63 "
            'letters, digits and dashes; got "my token"',
        ),
        (
            '[roles]\npath = "/aws-service-role/x/"',
            'stream.toml:2: roles.path: must not begin with "/aws-service-role/", which IAM keeps '
            "for AWS services",
        ),
        (
            "[signing]\ncookie_minutes = 1440\n[viewers]\nsession_hours = 1",
            "stream.toml:2: signing.cookie_minutes: must be at most 60, or a viewer would not have "
            "to sign in again after viewers.session_hours (1); got 1440",
        ),
        (
            '[encoding]\naudio_language = "English"',
            'stream.toml:2: encoding.audio_language: must be empty or a language tag such as "en" '
            'or "pt-BR" (RFC 5646); got "English"',
        ),
        (
            "[signing]\ncookie_minutes = 1",
            "stream.toml:1: signing.step_minutes: must be at most cookie_minutes (1), or cookies "
            "would last several times as long; got 5",
        ),
        (
            "[api]\nburst = 1",
            "stream.toml:2: api.burst: must be at least half of requests_per_second (200), as in "
            "API Gateway's own quotas, or viewers who arrive in the same moment are refused; got 1",
        ),
        (f"a = {'[' * 3000}{']' * 3000}", "stream.toml: has lists or tables nested too deeply"),
        (f"{'a.' * 3000}a = 1", "stream.toml: has lists or tables nested too deeply"),
        (f"region = 1{'0' * 5000}", "stream.toml: has a number with too many digits"),
        (
            f"region = 0x{'f' * 5000}",
            'stream.toml:1: region: must be a quoted string, such as "live", got a value that is '
            "too long to show",
        ),
        (f"# {'x' * 262_144}", "stream.toml: cannot be read: has more than 262,144 bytes"),
        (
            "\n".join(["[signing]", "#", "", 'mode = "supplied"', "hash = 1"]),
            "stream.toml:1: signing.public_keys: is missing",
        ),
    ],
)
def test_the_line_and_the_rule_are_told(mistakes: Mistakes, text: str, line: str) -> None:
    assert line in mistakes(text)


@pytest.mark.parametrize(
    "tables",
    [
        {"viewers": {"session_hours": 1}},
        {"signing": {"cookie_minutes": 5}},
        {"api": {"burst": 100}},
        {"api": {"burst": 5_000, "requests_per_second": 10_000}},
    ],
)
def test_a_rule_across_options_accepts_its_limit(tables: dict[str, dict[str, int]]) -> None:
    Stream.model_validate(tables)


def test_every_rule_across_options_is_reported_at_once(mistakes: Mistakes) -> None:
    text = '[tags]\nA = "1"\na = "1"\n[api]\nburst = 1\n[packaging]\nsegment_seconds = 5\n'
    assert [line.split(": ")[:2] for line in mistakes(text)] == [
        ["stream.toml:3", "tags.a"],
        ["stream.toml:5", "api.burst"],
        ["stream.toml:7", "packaging.segment_seconds"],
    ]


def test_a_stream_file_may_come_from_a_pipe() -> None:
    """As a shell's process substitution gives it."""
    reads, writes = os.pipe()
    os.write(writes, b'region = "us-east-1"')
    os.close(writes)
    try:
        assert load(Path(f"/dev/fd/{reads}")).region == "us-east-1"
    finally:
        os.close(reads)


def test_a_device_without_an_end_is_refused() -> None:
    with pytest.raises(StreamError, match="cannot be read: has more than 262,144 bytes"):
        load(Path("/dev/zero"))


def test_every_mistake_is_reported_at_once(mistakes: Mistakes) -> None:
    text = 'regoin = "us-east-1"\n[signing]\ncookie_minutes = 0\n[encoding]\nladder = "4K"\n'
    assert [line.split(": ")[:2] for line in mistakes(text)] == [
        ["stream.toml:1", "regoin"],
        ["stream.toml:3", "signing.cookie_minutes"],
        ["stream.toml:5", "encoding.ladder"],
    ]


def test_rules_of_both_kinds_can_be_ignored(tmp_path: Path) -> None:
    path = tmp_path / "stream.toml"
    path.write_text('[lint.ignore]\nPS1601 = "a test"\nW3005 = "another"', encoding="utf-8")
    assert load(path).lint.ignore == {"PS1601": "a test", "W3005": "another"}


def test_the_digest_depends_only_on_what_is_built() -> None:
    ignoring = Stream.model_validate({"lint": {"ignore": {"PS1601": "a test"}}})
    another = Stream.model_validate({"tags": {"team": "video"}})
    assert ignoring.digest == Stream().digest != another.digest


def test_invalid_toml_is_reported_with_its_line(mistakes: Mistakes) -> None:
    (line,) = mistakes("region = \n")
    assert line.startswith("stream.toml: is not TOML: ")
    assert "line 1" in line


def test_a_byte_order_mark_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "stream.toml"
    path.write_bytes(b'\xef\xbb\xbfregion = "any"')
    assert load(path) == Stream()


def test_a_file_that_is_not_text_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "stream.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(StreamError, match="is not UTF-8 text"):
        load(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StreamError, match=r"gone\.toml: cannot be read: No such file"):
        load(tmp_path / "gone.toml")
