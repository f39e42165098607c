"""Custom resource requests: which are handled, and what is in a response."""

import pytest

from signing_key.cloudformation_handler import PHYSICAL_ID
from tests.lambda_src.signing_key.cloudformation import SIGNATURE, Stack

REQUESTS = ("Create", "Update", "Delete")


@pytest.mark.parametrize("request_type", REQUESTS)
@pytest.mark.parametrize("of_another", [True, False])
def test_a_request_from_elsewhere_changes_nothing(
    stack: Stack, request_type: str, of_another: bool
) -> None:
    """Anyone who may invoke the function can make up a request."""
    group_id = stack.create()
    stack.account.record()
    other = (
        {"StackId": f"{stack.id}-of-another"}
        if of_another
        else {"ResponseURL": f"http://example.com/{SIGNATURE}"}
    )
    tries = stack.url.tries
    with pytest.raises(ValueError, match="not a request of this stack"):
        stack.run(stack.event(request_type, group_id, **other))
    assert (stack.account.actions, stack.url.tries) == ([], tries)


@pytest.mark.parametrize("request_type", REQUESTS)
def test_no_request_changes_the_physical_id(stack: Stack, request_type: str) -> None:
    """For another one, CloudFormation would delete what the former one names."""
    stack.create()
    answer = stack.request(request_type, "E1GROUP")
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", "E1GROUP")


def test_a_resource_has_the_same_id_whether_it_was_created_or_not(stack: Stack) -> None:
    answer = stack.request("Create", ResourceProperties={"Algorithm": "rsa-4096"})
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", PHYSICAL_ID)
    assert stack.account.key_names == []
    answer = stack.request("Create")
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", PHYSICAL_ID)
