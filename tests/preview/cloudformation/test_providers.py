"""What AWS refuses although CloudFormation's schema takes it."""

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
    """A change of a resource's properties, or of what stands at a path in them."""

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
            "['AWS_REGION'] are Lambda's own variables",
        ),
        (of("SigningKeyFunction", Runtime="python2.7"), "runtime python2.7 is not known"),
        (of("PageClient", AccessTokenValidity=4), "AccessTokenValidity is from 300"),
        (of("PageClient", RefreshTokenValidity=0), "RefreshTokenValidity"),
        (
            of("PageBucketPolicy", "PolicyDocument", Version="2008-10-17"),
            "must be of Version",
        ),
        (of("PackagerEndpointPolicy", "Policy", Statement={"Effect": "Allow"}), "statement is not"),
        (of("SigningKeyPair", Algorithm="rsa-1024"), "Create failed"),
        (of("SigningKeyPair", ServiceToken="arn:aws:lambda:us-east-1:1:function:x"), "no AWS::La"),
        (of("Distribution", "DistributionConfig", WebACLId="arn"), "WebACLId"),
        (of("EncoderAllowList", WhitelistRules=[{"Cidr": "203.0.113.7/33"}]), "Cidr"),
    ],
)
def test_it_is_refused(built: Path, change: Change, words: str) -> None:
    template = copy.deepcopy(template_in(built))
    change(template)
    with Account() as account:
        copy_code(account, built)
        with pytest.raises(PreviewError) as refusal:
            deployed(account, template)
    assert words in str(refusal.value)
