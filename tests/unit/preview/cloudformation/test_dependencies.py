"""Resources come after what they need, and otherwise in any order."""

import pytest

from preview.cloudformation.dependencies import dependencies, ordered
from preview.errors import Rejected

NEEDS = {"C": {"A"}, "B": set[str](), "A": set[str](), "D": {"B", "C", "AWS::Region"}}


@pytest.mark.parametrize("late", ["", *NEEDS])
def test_everything_comes_after_what_it_needs(late: str) -> None:
    order = ordered(NEEDS, late=late)
    assert sorted(order) == sorted(NEEDS)
    for name, needs in NEEDS.items():
        assert all(order.index(need) < order.index(name) for need in needs if need in NEEDS)


def test_of_two_that_do_not_depend_on_each_other_either_can_be_late() -> None:
    needs = {"A": set[str](), "B": set[str](), "OfA": {"A"}, "OfB": {"B"}}
    assert ordered(needs) == ["A", "B", "OfA", "OfB"]
    assert ordered(needs, late="A") == ["B", "OfB", "A", "OfA"]


def test_a_circular_dependency_is_rejected_with_its_members() -> None:
    with pytest.raises(Rejected, match=r"Circular dependency.*A"):
        ordered({"A": {"B"}, "B": {"A"}})


def test_references_of_every_kind_are_dependencies() -> None:
    resource = {
        "DependsOn": "E",
        "Properties": {
            "One": {"Ref": "A"},
            "Two": [{"Fn::GetAtt": ["B", "Arn"]}, {"Fn::GetAtt": "C.Arn"}],
            "Three": {"Fn::Sub": ["${D.Id} ${Own} ${!F}", {"Own": {"Ref": "G"}}]},
        },
    }
    assert dependencies(resource) == set("ABCDEG")
