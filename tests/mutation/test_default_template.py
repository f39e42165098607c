"""Each mutation of the default template is found by the preview, and by the preview alone."""

from pathlib import Path

import pytest

from tests.mutation.all_mutations import of_default
from tests.mutation.operators import Mutation
from tests.mutation.survivors import verdict
from tests.preview.scenario import violation


@pytest.mark.parametrize("mutation", of_default(), ids=str)
def test_it_is_found(mutation: Mutation, built: Path) -> None:
    found = violation(mutation.template, built, late=mutation.late)
    assert not verdict(mutation.place, found)
    if found:
        assert _action_removed_from_a_role(mutation) in found


def _action_removed_from_a_role(mutation: Mutation) -> str:
    """Empty for all other mutations.

    Resource policies are about viewers, who get a 403, and trust policies about AWS services, which
    do not say what they lack.
    """
    is_for_a_role = "Role/" in mutation.place and "AssumeRolePolicyDocument" not in mutation.place
    if mutation.operator != "policy action" or not is_for_a_role:
        return ""
    return mutation.place.split(": ")[1].removesuffix(" removed")
