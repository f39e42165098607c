"""Whoever breaks the keeping of the key, in whatever way it is kept, is told so by the preview.

The default stream's way is broken in test_mutations.py.
"""

from collections import Counter, defaultdict

from tests.preview.conftest import UNCHANGED, FoundInSigning
from tests.preview.signing_parts import signing_parts
from tests.preview.test_mutations import LIMITS, OF_SIGNING, told_of


def test_no_example_has_anything_wrong(found_in_signing: FoundInSigning) -> None:
    """Also that every grant is used, and that nothing is left after deletion."""
    wrong = {
        example: objected
        for (example, mistake), objected in found_in_signing.items()
        if mistake.operator == UNCHANGED and objected
    }
    assert wrong == {}


def test_every_mistake_in_every_example_is_made(found_in_signing: FoundInSigning) -> None:
    """In this example, or in another that keeps the key in the same way; or in the default."""
    parts = {part.example: part for part in signing_parts()}
    made: dict[str, set[str]] = defaultdict(set)
    default = parts["default"]
    made[default.mode] |= {_spot(one.place) for one in default.mistakes(default.pieces)}
    for example, mistake in found_in_signing:
        made[parts[example].mode].add(_spot(mistake.place))
    for example, part in parts.items():
        mistakes = {_spot(mistake.place) for mistake in part.mistakes(part.pieces)}
        assert mistakes
        assert mistakes - made[part.mode] == set(), example


def _spot(place: str) -> str:
    """What is broken: what stands there instead is not the same in all examples."""
    return place.partition(" -> ")[0]


def test_what_the_preview_does_not_find_in_them_is_told(found_in_signing: FoundInSigning) -> None:
    """Each survivor stands in docs/limits.md, and nothing there has been found meanwhile."""
    print(*_counts(found_in_signing), sep="\n")
    survivors = {
        mistake.place
        for (_, mistake), objected in found_in_signing.items()
        if objected is None and mistake.operator != UNCHANGED
    }
    of_default, _, of_signing = LIMITS.read_text("utf-8").partition(OF_SIGNING)
    assert survivors - told_of(of_default) == told_of(of_signing)


def _counts(found: FoundInSigning) -> list[str]:
    """For each example: how many of the mistakes in it were found."""
    mistakes = {key: objected for key, objected in found.items() if key[1].operator != UNCHANGED}
    made = Counter(example for example, _ in mistakes)
    killed = Counter(example for (example, _), objected in mistakes.items() if objected)
    return [f"{example}: {killed[example]} of {count} found" for example, count in made.items()]
