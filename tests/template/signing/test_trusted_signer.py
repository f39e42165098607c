"""CloudFront trusted signer, as in the post: a key pair of the account's root user."""

import re

import pytest

from tests.conftest import Document, of_type
from tests.resolve import Stack
from tests.template.signing.streams import signed_by


@pytest.fixture(scope="module")
def template() -> Document:
    """The template of the default stream with the root user's key pair."""
    return signed_by(mode="trusted-signer")


def test_cloudfront_trusts_the_account_that_was_named(template: Document) -> None:
    (distribution,) = of_type(template, "AWS::CloudFront::Distribution").values()
    trusting = [
        item
        for item in distribution["DistributionConfig"]["CacheBehaviors"]
        if item["TargetOriginId"] == "packager"
    ]
    assert len(trusting) == 3
    for item in trusting:
        assert item["TrustedSigners"] == [{"Ref": "SigningAccount"}]
        assert "TrustedKeyGroups" not in item


@pytest.mark.parametrize(
    ("text", "fits"), [("self", True), ("123456789012", True), ("12345678901", False), ("", False)]
)
def test_the_account_is_this_one_or_a_number(template: Document, text: str, fits: bool) -> None:
    parameter = template["Parameters"]["SigningAccount"]
    assert parameter["Default"] == "self"
    assert bool(re.fullmatch(parameter["AllowedPattern"], text)) is fits


def test_the_signer_gets_the_key_pair_id_parameter(template: Document) -> None:
    variables = Stack(template=template).properties("CookiesFunction")["Environment"]["Variables"]
    assert variables["KEY_PAIR_ID"] == Stack(template=template).value({"Ref": "KeyPairId"})
    assert "KEY_PAIR_IDS" not in variables


def test_it_signs_like_the_post_by_default(template: Document) -> None:
    def hash_of(template: Document) -> str:
        functions = of_type(template, "AWS::Lambda::Function")
        return str(functions["CookiesFunction"]["Environment"]["Variables"]["HASH_ALGORITHM"])

    assert hash_of(template) == "SHA1"
    assert hash_of(signed_by(mode="trusted-signer", hash="sha-256")) == "SHA256"


def test_it_creates_no_key_and_no_key_group(template: Document) -> None:
    types = {resource["Type"] for resource in template["Resources"].values()}
    assert not {kind for kind in types if "PublicKey" in kind or "KeyGroup" in kind}
    assert "Custom::SigningKeyPair" not in types


def test_the_functions_settings_may_have_the_posts_names() -> None:
    template = signed_by(mode="trusted-signer", variables="post")
    stack = Stack(template=template, attributes={"Distribution.DomainName": "d1.cloudfront.net"})
    told = stack.properties("CookiesFunction")["Environment"]["Variables"]
    assert told["ACCESS_KEY_ID"] == stack.value({"Ref": "KeyPairId"})
    assert told["SECRET_NAME"] == stack.value({"Ref": "PrivateKeySecret"})
    assert told["CLOUDFRONT_URL"].startswith("https://d1.cloudfront.net/out/v1/")
    assert told["REGION"] == stack.value({"Ref": "AWS::Region"})
    assert not {"SECRET_ARN", "KEY_PAIR_ID", "MEDIA_URL"} & told.keys()
