"""Lambda environment variables: they determine where the key is; mistakes are clear errors."""

import pytest

from cookies.environment import Environment
from cookies.variables import ids_by_fingerprint, in_our_names, wanted
from shared.environment import InvalidEnvironment
from tests.lambda_src.cookies.stream import (
    ENVIRONMENT,
    IN_THE_POSTS_NAMES,
    MEDIA_URL,
    SECRET_ARN,
    VARIABLES,
)

IDS = "0123456789abcdef=K2ABC fedcba9876543210=K3DEF"
SUPPLIED = VARIABLES | {"KEY_PAIR_IDS": IDS}
TRUSTED_SIGNER = VARIABLES | {"KEY_PAIR_ID": "APKAIOSFODNN7EXAMPLE"}
EVERY_WAY = {
    "key ring": VARIABLES,
    "supplied": SUPPLIED,
    "trusted-signer": TRUSTED_SIGNER,
    "the post's names": IN_THE_POSTS_NAMES,
}


@pytest.mark.parametrize("variables", EVERY_WAY.values(), ids=EVERY_WAY.keys())
def test_each_mode_needs_only_its_own_variables(variables: dict[str, str]) -> None:
    assert set(wanted(variables | {"AWS_REGION": "us-east-1"})) == set(variables)


def test_a_stray_region_and_internal_names_are_not_read() -> None:
    strays = {"REGION": "nowhere", "SECRET_REGION": "nowhere"}
    assert Environment.from_variables(VARIABLES | strays) == ENVIRONMENT


def test_the_posts_names_are_translated_and_ours_are_kept() -> None:
    ours = {
        "SECRET_ARN": "RootKey",
        "SECRET_REGION": "us-west-1",
        "KEY_PAIR_ID": "APKAIOSFODNN7EXAMPLE",
    }
    assert in_our_names(IN_THE_POSTS_NAMES) == VARIABLES | ours
    assert in_our_names(SUPPLIED) == SUPPLIED


def test_the_map_of_ids_is_none_or_complete_and_cannot_be_changed() -> None:
    assert ids_by_fingerprint(None) is None
    ids = ids_by_fingerprint(IDS)
    assert ids == {"0123456789abcdef": "K2ABC", "fedcba9876543210": "K3DEF"}
    with pytest.raises(TypeError):
        ids["0123456789abcdef"] = "K3DEF"  # type: ignore[index]  # the test is that it fails


def refusal(variables: dict[str, str]) -> str:
    with pytest.raises(InvalidEnvironment) as caught:
        Environment.from_variables(variables)
    return str(caught.value).removeprefix("The cookie function cannot start: ")


@pytest.mark.parametrize("name", IN_THE_POSTS_NAMES)
def test_a_missing_variable_of_the_post_is_named(name: str) -> None:
    variables = {other: value for other, value in IN_THE_POSTS_NAMES.items() if other != name}
    missing = "SECRET_ARN" if name == "SECRET_NAME" else name
    assert refusal(variables).startswith(f"{missing} is missing: ")


@pytest.mark.parametrize(
    ("variables", "meaning"),
    [
        (VARIABLES, "SECRET_ARN is not the ARN of the secret with the key ring."),
        (SUPPLIED, "SECRET_ARN is not the ARN of the secret with the private key."),
        (TRUSTED_SIGNER, "SECRET_ARN is not the ARN of the secret with the private key."),
    ],
)
def test_the_error_says_what_the_secret_contains(variables: dict[str, str], meaning: str) -> None:
    assert refusal(variables | {"SECRET_ARN": "RootKey"}) == meaning


@pytest.mark.parametrize(
    "ids",
    [
        "",
        " ",
        "0123456789abcdef",
        "0123456789abcdef=",
        "=K2ABC",
        "0123456789abcde=K2ABC",
        "0123456789abcdef0=K2ABC",
        "0123456789ABCDEF=K2ABC",
        "0123456789abcdef=K2-ABC",
        "0123456789abcdef=" + "K" * 33,
        "0123456789abcdef=K2ABC ",
        " 0123456789abcdef=K2ABC",
        "0123456789abcdef=K2ABC\n",
        "0123456789abcdef=K2ABC  fedcba9876543210=K3DEF",
        "0123456789abcdef=K2ABC,fedcba9876543210=K3DEF",
    ],
)
def test_ids_that_are_not_pairs_are_rejected(ids: str) -> None:
    assert refusal(VARIABLES | {"KEY_PAIR_IDS": ids}) == (
        "KEY_PAIR_IDS is not fingerprint=id pairs separated by one space: a public key's 16 hex"
        " digits and its CloudFront ID."
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_NAME", ""),
        ("SECRET_NAME", "Root Key"),
        ("SECRET_NAME", "a" * 513),
        ("SECRET_NAME", "arn:aws:ssm:us-east-1:111122223333:parameter/RootKey"),
        ("REGION", ""),
        ("REGION", "California"),
        ("REGION", "us-west-1a"),
        ("REGION", "us-west-1.example.com"),
        ("REGION", "US-WEST-1"),
        ("ACCESS_KEY_ID", ""),
        ("ACCESS_KEY_ID", "APKA EXAMPLE"),
        ("ACCESS_KEY_ID", "A" * 33),
        ("CLOUDFRONT_URL", ""),
        ("CLOUDFRONT_URL", "d111111abcdef8.cloudfront.net/out/v1"),
        ("CLOUDFRONT_URL", "http://d111111abcdef8.cloudfront.net/out/v1"),
        ("CLOUDFRONT_URL", "https://d111111abcdef8.cloudfront.net"),
        ("CLOUDFRONT_URL", "https://d111111abcdef8.cloudfront.net/out/v10"),
        ("CLOUDFRONT_URL", "https://d111111abcdef8.cloudfront.net/out/v1/"),
        ("CLOUDFRONT_URL", "https://d111111abcdef8.cloudfront.net/out/v1/*/*"),
        ("CLOUDFRONT_URL", "https://d111111abcdef8.cloudfront.net/out/v1*"),
        ("CLOUDFRONT_URL", "https://d111111abcdef8.cloudfront.net/out/v1//live"),
        ("CLOUDFRONT_URL", "https://d111111abcdef8.cloudfront.net/out/v1/live; Domain=example.com"),
        ("CLIENT_ID", ""),
        ("COOKIE_SECONDS", "1h"),
        ("STEP_SECONDS", "0"),
        ("HASH_ALGORITHM", "MD5"),
    ],
)
def test_a_mistake_in_the_posts_names_is_reported_in_the_posts_names(name: str, value: str) -> None:
    told = refusal(IN_THE_POSTS_NAMES | {name: value})
    assert told.startswith(f"{name} is not ")
    assert ";" not in told


@pytest.mark.parametrize(
    ("name", "value", "setting", "found"),
    [
        ("SECRET_NAME", "stream/keys_1+a=b.c@d-e", "secret_id", "stream/keys_1+a=b.c@d-e"),
        ("SECRET_NAME", SECRET_ARN, "secret_id", SECRET_ARN),
        ("REGION", "us-gov-west-1", "secret_region", "us-gov-west-1"),
        ("REGION", "eusc-de-east-1", "secret_region", "eusc-de-east-1"),
        (
            "CLOUDFRONT_URL",
            "https://media.example.com/out/v1",
            "media_url",
            "https://media.example.com/out/v1/*",
        ),
        ("CLOUDFRONT_URL", MEDIA_URL.removesuffix("/*"), "media_url", MEDIA_URL),
        ("CLOUDFRONT_URL", MEDIA_URL, "media_url", MEDIA_URL),
    ],
)
def test_values_that_the_post_allows_are_accepted(
    name: str, value: str, setting: str, found: str
) -> None:
    environment = Environment.from_variables(IN_THE_POSTS_NAMES | {name: value})
    assert getattr(environment, setting) == found


@pytest.mark.parametrize("value", ["", "APKA EXAMPLE", "A" * 33, "APKAEXAMPLE\n"])
def test_an_invalid_id_of_a_trusted_signer_is_rejected(value: str) -> None:
    assert refusal(VARIABLES | {"KEY_PAIR_ID": value}) == (
        "KEY_PAIR_ID is not the ID of the CloudFront key pair."
    )
