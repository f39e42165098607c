"""What a person without an AWS account need not give."""

import pytest

from preview.made_up import MADE_UP, with_made_up
from preview.refused import Refused
from preview.template.parameters import parameter_values
from tests.conftest import Document


def test_every_template_can_be_previewed_without_parameters(any_template: Document) -> None:
    declared = any_template["Parameters"]
    values = parameter_values(declared, with_made_up(declared, {}))
    assert values["ViewerEmail"] == MADE_UP["ViewerEmail"]


def test_what_was_given_counts_even_if_it_is_empty(default: Document) -> None:
    given = {"ViewerEmail": "", "StreamKey": "another-key-0123456"}
    values = with_made_up(default["Parameters"], given)
    assert values.items() >= given.items()


def test_only_what_the_template_asks_for_is_made_up() -> None:
    assert with_made_up({"Kind": {"Default": "a"}, "InputCidr": {}}, {}) == {
        "InputCidr": MADE_UP["InputCidr"]
    }


def test_what_nobody_can_make_up_is_asked_for() -> None:
    with pytest.raises(Refused) as refusal:
        with_made_up({"Vpc": {"Type": "String"}}, {})
    assert str(refusal.value) == (
        "Vpc has no default, and the preview has no value for it: give it as Vpc=Value."
    )
