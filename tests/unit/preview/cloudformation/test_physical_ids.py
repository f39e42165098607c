"""Generated names have AWS's format and length limits."""

import re

import pytest

from preview.cloudformation.physical_ids import identify
from preview.resource import Resource
from preview.stack_id import StackId

LIMITS = {
    "AWS::Events::Rule": 64,
    "AWS::IAM::Role": 64,
    "AWS::Lambda::Function": 64,
    "AWS::Lambda::Permission": 256,
    "AWS::Logs::LogGroup": 512,
    "AWS::S3::Bucket": 63,
}


def named(kind: str, *, stack: str, logical_id: str, generation: int = 0) -> str:
    """The physical ID of a new resource."""
    resource = Resource(logical_id=logical_id, type=kind, properties={})
    identify(resource, StackId(name=stack), generation=generation)
    return resource.ref


@pytest.mark.parametrize(("kind", "limit"), LIMITS.items())
@pytest.mark.parametrize("stack", ["live", "s" * 40, "S-" * 55, "s" * 128])
@pytest.mark.parametrize("logical_id", ["PageBucket", "L" * 64, "L" * 255])
def test_a_generated_name_fits_the_limit_of_its_type(
    kind: str, limit: int, stack: str, logical_id: str
) -> None:
    name = named(kind, stack=stack, logical_id=logical_id)
    assert len(name) <= limit
    assert name != named(kind, stack=stack, logical_id=logical_id, generation=1)
    assert name.lower().startswith(stack[:10].lower())
    if kind == "AWS::S3::Bucket":
        assert re.fullmatch("[a-z0-9][a-z0-9-]*[a-z0-9]", name)


def test_the_stack_name_is_trimmed_before_the_logical_id() -> None:
    name = named("AWS::Lambda::Function", stack="s" * 110, logical_id="GetCookiesFunction")
    assert re.fullmatch("s{32}-GetCookiesFunction-[A-Z0-9]{12}", name)


def test_a_name_within_the_limit_is_complete() -> None:
    name = named("AWS::IAM::Role", stack="live", logical_id="ChannelRole")
    assert re.fullmatch("live-ChannelRole-[A-Z0-9]{12}", name)
