"""stream.toml: valid files, and the messages for invalid ones."""

from collections.abc import Callable
from pathlib import Path

import pytest

from protected_stream.config import Stream, load
from protected_stream.errors import StreamError

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
            "encoding.frame_rate: must be one of 23.976, 24, 25, 29.97, 30, 50, 59.94, 60, "
            "got 29.98",
        ),
        (
            '[delivery]\norigin_shield = "us-west-1"',
            'delivery.origin_shield: must be "on", "off" or one of ap-northeast-1, ap-northeast-2, '
            "ap-south-1, ap-southeast-1, ap-southeast-2, eu-central-1, eu-west-1, eu-west-2, "
            "sa-east-1, us-east-1, us-east-2, us-west-2, got us-west-1",
        ),
        (
            "[delivery]\naccess_logs = true",
            'delivery.access_logs: requires region = "us-east-1", where CloudFront logging is '
            'configured; region is "any"',
        ),
        ("[delivery]\naccess_logs = 1", "delivery.access_logs: must be true or false, got 1"),
        (
            'region = "mars"',
            "region: must be the Region to deploy to, such as us-east-1, or "
            '"any" to leave out features that only some Regions have; got "mars"',
        ),
        (
            '[tags]\n"aws:team" = "video"',
            'tags.aws:team: must not begin with "aws:", which AWS reserves',
        ),
        ('[tags]\n"" = "x"', "tags.: must have at least 1 character(s)"),
        (f'[tags]\nteam = "{"x" * 257}"', "tags.team: must have at most 256 character(s)"),
        (
            '[roles]\npath = "streams"',
            'roles.path: must be the IAM path of every role, such as /streams/; got "streams"',
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
    assert mistakes(text) == [f"stream.toml: {line}"]


def test_every_mistake_is_reported_at_once(mistakes: Mistakes) -> None:
    text = 'regoin = "us-east-1"\n[signing]\ncookie_minutes = 0\n[encoding]\nladder = "4K"\n'
    assert [line.split(": ")[1] for line in mistakes(text)] == [
        "encoding.ladder",
        "signing.cookie_minutes",
        "regoin",
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
