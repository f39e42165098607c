"""The examples: they have every value that an option names, and docs/examples.md lists them."""

import json

from protected_stream.cli.examples import markdown, purpose
from protected_stream.cli.reference import DOCS
from tests.option_values import examples, named, options, used

SCALES = ("RenditionOptions.level",)
"""Options with so many values in order that one of them is enough; the option pairs try all."""


def test_an_example_has_every_value_that_an_option_names() -> None:
    """Choices, true and false; a default counts where the key is left out.

    After a new option: add its values to examples of streams that need them.
    """
    known = {
        (id_, json.dumps(value, default=str)) for one in examples() for id_, value in used(one)
    }
    unused = {
        f"{option.id} = {json.dumps(value)}"
        for option in options()
        for value in named(option)
        if (option.id, json.dumps(value)) not in known and option.id not in SCALES
    }
    assert sorted(unused) == []
    assert {id_ for id_, _ in known} > set(SCALES)


def test_the_list_of_examples_is_up_to_date() -> None:
    """`make docs` regenerates it."""
    assert (DOCS / "examples.md").read_text("utf-8") == markdown()


def test_an_example_is_for_what_its_first_sentence_says() -> None:
    text = (
        "#:schema a.json\n# Short cookies: access\n# ends at once. Not for all.\n\n# a key\nb = 1\n"
    )
    assert purpose(text) == "Short cookies: access ends at once"
    assert purpose("[tags]\n# of a team\n") == ""
