"""Resources come after what they need, and otherwise in any order."""

from itertools import pairwise

import pytest

from preview.order import dependencies, ordered
from preview.refused import Refused

NEEDS = {"C": {"A"}, "B": set[str](), "A": set[str](), "D": {"B", "C", "AWS::Region"}}


@pytest.mark.parametrize("backwards", [False, True])
def test_everything_comes_after_what_it_needs(*, backwards: bool) -> None:
    order = ordered(NEEDS, backwards=backwards)
    places = {name: place for place, name in enumerate(order)}
    assert sorted(order) == sorted(NEEDS)
    assert all(
        places[need] < places[name] for name in NEEDS for need in NEEDS[name] if need in NEEDS
    )


def test_what_does_not_depend_on_each_other_comes_in_both_orders() -> None:
    ends = [ordered({"A": set(), "B": set(), "C": set()}, backwards=end) for end in (False, True)]
    assert ends == [["A", "B", "C"], ["C", "B", "A"]]


def test_a_circle_is_refused_with_its_members() -> None:
    with pytest.raises(Refused, match=r"Circular dependency.*A"):
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


def test_neighbours_of_the_two_ends_differ() -> None:
    """The ends are far apart: of two free neighbours each comes first in one of them."""
    free = {name: set[str]() for name in "ABCDEF"}
    forward, backward = (ordered(free, backwards=end) for end in (False, True))
    assert all(backward.index(b) < backward.index(a) for a, b in pairwise(forward))
