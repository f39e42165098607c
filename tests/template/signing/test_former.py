"""A former key, whose cookies stay valid alongside those of the new one."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from protected_stream import Stream, assemble
from protected_stream.lint import findings
from protected_stream.template.emit import document
from tests.conftest import Document, of_type
from tests.template.signing.streams import public_pem

TABLES: dict[str, dict[str, Any]] = {
    "managed": {"mode": "managed"},
    "supplied": {"mode": "supplied", "public_keys": [public_pem("rsa-2048")]},
    "kms": {"mode": "kms"},
}
GROUPS = {
    "managed": {"Fn::GetAtt": ["SigningKeyPair", "KeyGroupId"]},
    "supplied": {"Ref": "CookieKeys"},
    "kms": {"Ref": "KmsCookieKeys"},
}
PAIRS = [(old, new) for old in TABLES for new in TABLES if old != new]


def changing(old: dict[str, Any], new: dict[str, Any]) -> Document:
    """The template of the first of two deployments."""
    tables = {"signing": new, "former_signing": old}
    return document(assemble(Stream.model_validate(tables)))


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_the_linter_finds_nothing(old: str, new: str) -> None:
    assert findings(json.dumps(changing(TABLES[old], TABLES[new])), "any") == ()


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_the_media_trust_both(old: str, new: str) -> None:
    template = changing(TABLES[old], TABLES[new])
    (distribution,) = of_type(template, "AWS::CloudFront::Distribution").values()
    behaviors = distribution["DistributionConfig"]["CacheBehaviors"]
    trusted = [one["TrustedKeyGroups"] for one in behaviors if "TrustedKeyGroups" in one]
    assert trusted == 3 * [[GROUPS[new], GROUPS[old]]]


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_the_bucket_is_a_parameter_if_code_is_in_one(old: str, new: str) -> None:
    template = changing(TABLES[old], TABLES[new])
    functions = of_type(template, "AWS::Lambda::Function").values()
    in_bucket = any("S3Bucket" in function["Code"] for function in functions)
    assert in_bucket == ("ArtifactBucket" in template["Parameters"])
    assert in_bucket == ((old, new) != ("supplied", "kms"))


TRUSTED_SIGNER = {"mode": "trusted-signer"}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (TABLES["kms"], {"mode": "kms", "generations": [2]}, "has the same mode as signing"),
        (TRUSTED_SIGNER, TABLES["kms"], "cannot combine trusted signers with key groups"),
        (TABLES["managed"], TRUSTED_SIGNER, "cannot combine trusted signers with key groups"),
    ],
)
def test_what_cloudfront_cannot_trust_together_is_rejected(
    old: dict[str, Any], new: dict[str, Any], says: str
) -> None:
    with pytest.raises(ValidationError, match=says):
        changing(old, new)
