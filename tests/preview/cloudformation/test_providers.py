"""Properties that AWS rejects although they match CloudFormation's schema."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from preview.account import Account
from preview.errors import PreviewError
from tests.preview.operator import copy_code, deployed, template_in

Change = Callable[[dict[str, Any]], Any]


def of(name: str, *path: str, **changed: Any) -> Change:
    """A change to a resource's properties, or at a path in them."""

    def change(template: dict[str, Any]) -> None:
        found = template["Resources"][name]["Properties"]
        for key in path:
            found = found[key]
        found.update(changed)

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (of("SigningKeyFunction", Timeout=901), "Timeout must be at most 900"),
        (of("SigningKeyFunction", MemorySize="64"), "MemorySize"),
        (
            of("SigningKeyFunction", "Environment", "Variables", AWS_REGION="x"),
            "Lambda reserves the variables ['AWS_REGION']",
        ),
        (of("SigningKeyFunction", Runtime="python2.7"), "does not support the runtime python2.7"),
        (of("PageClient", AccessTokenValidity=4), "AccessTokenValidity must be from 300"),
        (of("PageClient", RefreshTokenValidity=0), "RefreshTokenValidity"),
        (
            of("PageBucketPolicy", "PolicyDocument", Version="2008-10-17"),
            "must have Version",
        ),
        (
            of("PackagerEndpointPolicy", "Policy", Statement={"Effect": "Allow"}),
            "does not support the policy statement",
        ),
        (of("SigningKeyPair", Algorithm="rsa-1024"), "Create failed"),
        (
            of("SigningKeyPair", ServiceToken="arn:aws:lambda:us-east-1:1:function:x"),
            "not an AWS::Lambda::Function",
        ),
        (of("Distribution", "DistributionConfig", WebACLId="arn"), "WebACLId"),
        (of("EncoderAllowList", WhitelistRules=[{"Cidr": "203.0.113.7/33"}]), "Cidr"),
    ],
)
def test_it_is_rejected(built: Path, change: Change, words: str) -> None:
    template = copy.deepcopy(template_in(built))
    change(template)
    with Account() as account:
        copy_code(account, built)
        with pytest.raises(PreviewError) as refusal:
            deployed(account, template)
    assert words in str(refusal.value)
