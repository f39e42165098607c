"""Lambda environment variables: settings, and errors that list every problem."""

import dataclasses

import pytest

from shared.environment import InvalidEnvironment
from signing_key.environment import Environment

GOOD = {
    "SECRET_ARN": "arn:aws:secretsmanager:us-east-1:123456789012:secret:SigningSecret-1a2b3c",
    "NAME": "cookies-us-east-1-1a2b3c4d",
    "GRACE_SECONDS": "900",
}


def test_the_settings_are_the_variables() -> None:
    settings = Environment.from_variables(GOOD | {"AWS_REGION": "us-east-1"})
    assert dataclasses.asdict(settings) == {
        "secret_arn": GOOD["SECRET_ARN"],
        "name": GOOD["NAME"],
        "grace_seconds": 900,
    }


def test_all_missing_variables_are_in_one_error() -> None:
    with pytest.raises(InvalidEnvironment, match=r"SECRET_ARN is missing.*; NAME is missing"):
        Environment.from_variables({})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_ARN", ""),
        ("SECRET_ARN", "SigningSecret"),
        ("SECRET_ARN", "arn:aws:kms:us-east-1:123456789012:key/1"),
        ("NAME", ""),
        ("NAME", "with blank"),
        ("NAME", "n" * 112),
        ("GRACE_SECONDS", "0"),
        ("GRACE_SECONDS", "15m"),
    ],
)
def test_an_invalid_variable_is_named(name: str, value: str) -> None:
    with pytest.raises(InvalidEnvironment, match=f"{name} is not "):
        Environment.from_variables(GOOD | {name: value})


def test_the_longest_name_leaves_room_for_the_fingerprint() -> None:
    """CloudFront allows 128 characters: the name, a dash and 16 digits."""
    name = "n" * 111
    assert Environment.from_variables(GOOD | {"NAME": name}).name == name
    assert len(f"{name}-{'f' * 16}") == 128
