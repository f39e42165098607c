"""Lambda environment variables: settings, and errors about missing or invalid ones."""

import dataclasses

import pytest

from cookies.environment import Environment
from shared.environment import InvalidEnvironment
from tests.lambda_src.cookies.stream import (
    CLIENT_ID,
    ENVIRONMENT,
    IN_THE_POSTS_NAMES,
    MEDIA_PATH,
    MEDIA_URL,
    SECRET_ARN,
    VARIABLES,
)


def test_the_variables_become_settings() -> None:
    assert Environment.from_variables(VARIABLES) == Environment(
        secret_id=SECRET_ARN,
        client_id=CLIENT_ID,
        media_url=MEDIA_URL,
        cookie_seconds=3600,
        step_seconds=300,
        hash_algorithm="SHA256",
    )


def test_with_a_key_ring_there_are_no_settings_for_pasted_keys_and_other_regions() -> None:
    found = Environment.from_variables(
        VARIABLES | {"REGION": "us-west-1", "AWS_REGION": "us-east-1"}
    )
    assert (found.key_pair_ids, found.key_pair_id, found.secret_region) == (None, None, None)


def test_the_ids_of_supplied_keys_are_mapped_by_fingerprint() -> None:
    variables = VARIABLES | {"KEY_PAIR_IDS": "0123456789abcdef=K2ABC fedcba9876543210=K3DEF"}
    assert Environment.from_variables(variables) == dataclasses.replace(
        ENVIRONMENT, key_pair_ids={"0123456789abcdef": "K2ABC", "fedcba9876543210": "K3DEF"}
    )


def test_the_groups_are_a_setting_in_every_mode() -> None:
    for variables in (VARIABLES, IN_THE_POSTS_NAMES):
        Environment.from_variables(variables | {"GROUPS": "subscribers the_editors"})
    with pytest.raises(InvalidEnvironment, match="GROUPS is not names of groups"):
        Environment.from_variables(VARIABLES | {"GROUPS": ""})


def test_the_id_of_a_trusted_signers_key_is_a_setting() -> None:
    assert Environment.from_variables(VARIABLES | {"KEY_PAIR_ID": "APKAEXAMPLE"}) == (
        dataclasses.replace(ENVIRONMENT, key_pair_id="APKAEXAMPLE")
    )


def test_the_posts_names_become_the_same_settings() -> None:
    assert Environment.from_variables(IN_THE_POSTS_NAMES) == dataclasses.replace(
        ENVIRONMENT,
        secret_id="RootKey",
        key_pair_id="APKAIOSFODNN7EXAMPLE",
        secret_region="us-west-1",
    )


@pytest.mark.parametrize(
    ("media_url", "path"),
    [
        (MEDIA_URL, MEDIA_PATH),
        ("https://media.example.com/*", "/"),
        ("https://media.example.com/out/v1/*", "/out/v1/"),
        ("https://localhost:8443/out/v1/a~b.c_d/*", "/out/v1/a~b.c_d/"),
    ],
)
def test_the_cookies_path_is_the_media_urls_without_the_wildcard(media_url: str, path: str) -> None:
    assert Environment.from_variables(VARIABLES | {"MEDIA_URL": media_url}).media_path == path


@pytest.mark.parametrize("name", VARIABLES)
def test_a_missing_variable_is_one_error_that_names_it(name: str) -> None:
    variables = {other: value for other, value in VARIABLES.items() if other != name}
    with pytest.raises(InvalidEnvironment, match=f"cannot start: {name} is missing: "):
        Environment.from_variables(variables)


def test_all_missing_variables_are_named_at_once() -> None:
    with pytest.raises(InvalidEnvironment) as caught:
        Environment.from_variables({"AWS_REGION": "us-east-1"})
    assert [name for name in VARIABLES if f"{name} is missing" in str(caught.value)] == [*VARIABLES]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_ARN", ""),
        ("SECRET_ARN", "KeyRing"),
        ("SECRET_ARN", "arn:aws:ssm:us-east-1:111122223333:parameter/KeyRing"),
        ("CLIENT_ID", ""),
        ("CLIENT_ID", " "),
        ("MEDIA_URL", ""),
        ("MEDIA_URL", "*"),
        ("MEDIA_URL", "http://media.example.com/out/v1/*"),
        ("MEDIA_URL", "https://media.example.com"),
        ("MEDIA_URL", "https://media.example.com*"),
        ("MEDIA_URL", "https://media.example.com/out/v1/"),
        ("MEDIA_URL", "https://media.example.com/out/v1*"),
        ("MEDIA_URL", "https://media.example.com/out/*/live/*"),
        ("MEDIA_URL", "https://media.example.com/out/v?/*"),
        ("MEDIA_URL", "https://*/out/v1/*"),
        ("MEDIA_URL", "https://*.example.com/out/v1/*"),
        ("MEDIA_URL", "https://media.example.com/out; Domain=example.com/*"),
        ("MEDIA_URL", "https://media.example.com/out/v1/*\n"),
        ("COOKIE_SECONDS", "0"),
        ("COOKIE_SECONDS", "-3600"),
        ("COOKIE_SECONDS", "3600.0"),
        ("COOKIE_SECONDS", "1h"),
        ("COOKIE_SECONDS", "\u0663"),  # a digit to Python
        ("STEP_SECONDS", "0"),
        ("STEP_SECONDS", ""),
        ("HASH_ALGORITHM", "SHA-256"),
        ("HASH_ALGORITHM", "sha256"),
        ("HASH_ALGORITHM", "MD5"),
    ],
)
def test_an_invalid_variable_is_one_error_that_says_what_it_must_be(name: str, value: str) -> None:
    with pytest.raises(InvalidEnvironment, match=f"cannot start: {name} is not "):
        Environment.from_variables(VARIABLES | {name: value})


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        ENVIRONMENT.client_id = "another"  # type: ignore[misc]  # the test is that it fails
