"""Interface of every user pool to the other sections, and the options that all have."""

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field
from troposphere import AWSHelperFn

from protected_stream.template.options import TOML_LIST, Options, is_unset
from protected_stream.template.section import Note, Section
from protected_stream.template.validation_errors import shown

DEFAULT_SESSION_HOURS = 24


# Cognito allows more, but names are passed on as text, separated by commas or spaces.
# Source: Amazon Cognito API Reference, CreateGroup, GroupName
GROUP_NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,127}"
MOST_GROUPS = 10
"""A choice of ours: environment variables have 4 kB together."""


def _group_name(name: str) -> str:
    if not re.fullmatch(GROUP_NAME, name):
        raise ValueError(
            "must have letters, digits and . _ - only, begin with a letter or digit, and have at "
            f"most 128 characters; got {shown(name)}"
        )
    return name


def _distinct(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(names) > MOST_GROUPS:
        raise ValueError(f"must name at most {MOST_GROUPS} groups, got {len(names)}")
    if len({logical_id(name) for name in names}) < len(names):
        raise ValueError("names two groups that are the same except for case and . _ -")
    return names


def logical_id(group: str) -> str:
    """The logical ID of a group that the stack creates: letters and digits only."""
    return f"Group{re.sub('[^A-Za-z0-9]', '', group).capitalize()}"


class PoolOptions(Options):
    """How viewers sign in, whatever user pool they are in."""

    session_hours: int = Field(
        default=DEFAULT_SESSION_HOURS,
        ge=1,
        le=8760,
        description="hours until a viewer must sign in again",
    )
    rotate_refresh_tokens: bool = Field(
        default=False,
        exclude_if=is_unset,
        description="whether each use of a refresh token replaces it; the old one is accepted for "
        "60 seconds",
    )
    groups: Annotated[
        tuple[Annotated[str, AfterValidator(_group_name)], ...],
        TOML_LIST,
        AfterValidator(_distinct),
    ] = Field(
        default=(),
        exclude_if=is_unset,
        json_schema_extra={"maxItems": MOST_GROUPS, "uniqueItems": True},
        description="groups of the user pool: only members of one of them may watch; empty: every "
        "viewer",
    )


@dataclass(frozen=True, kw_only=True)
class Viewers(Section):
    """The viewers' user pool and app client, for the API's authorizer."""

    pool_arn: AWSHelperFn
    client_id: AWSHelperFn
    """The only app client whose tokens are accepted."""
    groups: tuple[str, ...]
    """The groups of the pool whose members get cookies; empty: all viewers."""


def group_notes(groups: tuple[str, ...]) -> tuple[Note, ...]:
    """How a viewer becomes one who may watch.

    Source: AWS CLI Command Reference, cognito-idp admin-add-user-to-group.
    """
    if not groups:
        return ()
    command = (
        "aws cognito-idp admin-add-user-to-group --user-pool-id UserPoolId "
        f"--group-name {groups[0]} --username ADDRESS"
    )
    return (Note("members", f"only they may watch; to add a viewer: {command}"),)
