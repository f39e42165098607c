"""Stacks of every release can be updated to today's templates without losing anything."""

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from preview.cloudformation.update_behavior import kept_by_aws, needs_replacement
from preview.resource import Resource
from protected_stream.template.deletion_policy import DELETION_RULES
from protected_stream.version import VERSION
from tests.conftest import CHECKOUT, Document
from tests.released.releases import FOLDER, RELEASED, released, today
from tests.resolve import Stack

# What people and programs outside the stack know of the resource
KNOWN_OUTSIDE: Mapping[str, str] = {
    "AWS::ApiGateway::RestApi": "the address of the cookies API",
    "AWS::CloudFront::Distribution": "the address of the page and the media",
    "AWS::CloudFront::KeyGroup": "the keys that viewers' cookies are signed with",
    "AWS::Cognito::UserPoolClient": "the viewers' sessions",
    "AWS::Cognito::UserPoolDomain": "the address of the sign-in page",
    "AWS::MediaLive::Channel": "the operator's commands",
    "AWS::MediaLive::Input": "the address in the encoder",
    "AWS::MediaPackageV2::Channel": "the media's paths",
    "AWS::MediaPackageV2::ChannelGroup": "the media's paths",
    "AWS::MediaPackageV2::OriginEndpoint": "the media's paths",
}
STATEFUL = {*DELETION_RULES, *KNOWN_OUTSIDE}
"""The types that hold data, or whose identifiers or addresses are known outside the stack."""

of_every_release = pytest.mark.parametrize(("version", "name"), RELEASED)


@of_every_release
def test_an_update_replaces_and_removes_nothing_stateful(version: str, name: str) -> None:
    assert list(losses(released(version, name), today(version, name))) == []


@of_every_release
def test_the_parameters_of_the_release_suffice(version: str, name: str) -> None:
    """An operator updates with the parameters.json that the stack was created with."""
    before, now = released(version, name)["Parameters"], today(version, name)["Parameters"]
    assert set(before) - set(now) == set()
    new = {title: parameter for title, parameter in now.items() if title not in before}
    assert [title for title, parameter in new.items() if "Default" not in parameter] == []


def losses(before: Document, now: Document) -> Iterator[str]:
    """What an update loses: a line for each stateful resource that it replaces or removes.

    Expressions are resolved as in one stack, with the same parameters. The resources that refer to
    a replaced resource are not followed; tests/preview/test_released.py deploys whole stacks.
    """
    # unlike the stacks of other tests, it has a name that occurs in no template
    old_stack, new_stack = (Stack(template=one, name="operators-stack") for one in (before, now))
    for title, resource in before["Resources"].items():
        kind = resource["Type"]
        if kind not in STATEFUL:
            continue
        there = now["Resources"].get(title)
        if there is None or there["Type"] != kind:
            yield f"{title} is removed"
            continue
        old = Resource(logical_id=title, type=kind, properties=old_stack.properties(title))
        new = new_stack.properties(title)
        for name in needs_replacement(old, new, old_stack.region):
            yield f"{title} is replaced: {name} has changed"
        for reason in kept_by_aws(old, new):
            yield f"{title} cannot be updated: {reason}"


@pytest.mark.parametrize(
    ("title", "change", "lost"),
    [
        ("UserPool", None, "UserPool is removed"),
        ("PageBucket", {"BucketName": "other"}, "PageBucket is replaced: BucketName has changed"),
        (
            "PackagerGroup",
            {"ChannelGroupName": "other"},
            "PackagerGroup is replaced: ChannelGroupName has changed",
        ),
        ("EncoderInput", {"Type": "RTP_PUSH"}, "EncoderInput is replaced: Type has changed"),
        (
            "UserPool",
            {"UsernameAttributes": ["phone_number"]},
            "UserPool cannot be updated: UsernameAttributes:"
            " UpdateUserPool has no UsernameAttributes",
        ),
    ],
)
def test_a_loss_is_found(
    default: Document, title: str, change: dict[str, Any] | None, lost: str
) -> None:
    changed = copy.deepcopy(default)
    if change is None:
        del changed["Resources"][title]
    else:
        changed["Resources"][title]["Properties"] |= change
    assert lost in losses(default, changed)


def test_every_release_of_the_changelog_is_kept() -> None:
    changelog = (CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8")
    versions = re.findall(r"^## (\S+) \((\S+)\)$", changelog, re.MULTILINE)
    assert versions[0][0] == VERSION
    dated = {version for version, date in versions if date != "unreleased"}
    assert dated == {path.name for path in FOLDER.iterdir() if re.fullmatch(r"[\d.]+", path.name)}
