"""A stack of every release, updated to today's template in the preview."""

import pytest

from preview.account import Account
from preview.cloudformation.stack import Stack
from tests.conftest import Document
from tests.preview.scenario_given import given
from tests.released.releases import RELEASED, released, today
from tests.unit.test_released import STATEFUL

UPDATED = [(version, name) for version, name in RELEASED if name == "kms"]
"""The stream whose template has its functions' code: zip files of releases are not kept."""


@pytest.mark.parametrize(("version", "name"), UPDATED)
def test_a_stack_of_the_release_is_updated_in_place(version: str, name: str) -> None:
    before, now = released(version, name), today(version, name)
    parameters = {**given(before), "StartChannel": "No"}
    told: list[str] = []
    with Account() as account:
        stack = Stack(account=account, say=told.append)
        stack.deploy(before, parameters)
        held = physical_ids(account, before)
        assert held.keys() >= {"UserPool", "PageBucket", "PackagerEndpoint", "EncoderInput"}
        told.clear()
        stack.deploy(now, parameters)
        assert physical_ids(account, before) == held
    gone = {line.split()[1] for line in told if line.startswith(("deleted", "kept"))}
    assert not gone & held.keys()


def physical_ids(account: Account, template: Document) -> dict[str, str]:
    """What Ref returns for each stateful resource, by logical ID."""
    titles = {
        title for title, resource in template["Resources"].items() if resource["Type"] in STATEFUL
    }
    found = account.resources.by_logical_id
    return {title: str(found[title].ref) for title in titles & found.keys()}
