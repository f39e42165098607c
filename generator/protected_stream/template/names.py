"""Physical names of resources that AWS requires a name for.

Names never collide and never block a replacement: they contain the Region, the first block of the
stack's UUID, and a digest of the properties whose change requires replacement.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from troposphere import AWSHelperFn, Join, Ref, Select, Split, encode_to_dict

from protected_stream.template.simplify import simplify

POLICY_NAME_LIMIT = 128  # Amazon CloudFront's cache and response headers policies
LONGEST_STACK_NAME = 128  # AWS::StackName, API reference, CreateStack
LONGEST_REGION = 14  # ap-southeast-7 and the like
LENGTH_OF_UUID_BLOCK = 8
LENGTH_OF_DIGEST = 6


def stack_uuid() -> AWSHelperFn:
    """The UUID at the end of the stack's ARN: unique among all stacks; only hex digits and dashes.

    Source: AWS CloudFormation User Guide, pseudo parameter AWS::StackId.
    """
    return Select(2, Split("/", Ref("AWS::StackId")))


def physical_name(
    role: str, *, limit: int, create_only: Mapping[str, Any] | None = None
) -> AWSHelperFn:
    """A name that is unique across stacks and Regions.

    It begins with the stack's name if the longest stack name fits, otherwise with the role:
    CloudFormation has no function that truncates a string.

    Args:
        role: what the resource is in this stream, such as "page" or "manifests".
        limit: the longest name that AWS accepts, in characters.
        create_only: the properties whose change replaces the resource; a change of any of them
            changes the name, so that old and new can exist at the same time.
    """
    digest = digest_of(create_only) if create_only else ""
    longest = LONGEST_STACK_NAME + LONGEST_REGION + LENGTH_OF_UUID_BLOCK + LENGTH_OF_DIGEST + 3
    subject: str | AWSHelperFn = Ref("AWS::StackName") if longest <= limit else role
    first_block = Select(0, Split("-", stack_uuid()))
    parts = [subject, Ref("AWS::Region"), first_block, *([digest] if digest else [])]
    return Join("-", parts)


def name_within_parent(role: str, create_only: Mapping[str, Any]) -> str:
    """A name that needs to be unique only within the parent that it belongs to."""
    return f"{role}-{digest_of(create_only)}"


def digest_of(value: Any, length: int = LENGTH_OF_DIGEST) -> str:
    """Hexadecimal digits that change when the value does; equal values give equal digits."""
    text = json.dumps(simplify(encode_to_dict(value)), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:length]
