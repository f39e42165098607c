"""Placeholders in the page's HTML, and values that could break out of it."""

import html

import pytest

from protected_stream.errors import BuildError
from protected_stream.page.placeholders import filled

VALUES = {"title": "Derby & Co", "logo": "", "poster": "/p.png"}


def fill(text: str) -> str:
    return filled(text, VALUES, "index.html", html.escape)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("<h1>{{title}}</h1>", "<h1>Derby &amp; Co</h1>"),
        ("{{#poster}}[{{poster}}]{{/poster}}", "[/p.png]"),
        ("{{#logo}}[{{logo}}]{{/logo}}", ""),
        ("{{^logo}}{{title}}{{/logo}}", "Derby &amp; Co"),
        ("{{^poster}}none{{/poster}}", ""),
        ("{{#poster}}a{{/poster}} {{#poster}}b{{/poster}}", "a b"),
        ("{ {title} }", "{ {title} }"),
    ],
)
def test_placeholders_are_filled_in(text: str, result: str) -> None:
    assert fill(text) == result


@pytest.mark.parametrize(
    "text",
    [
        "{{heading}}",
        "{{ title }}",
        "{{#lgo}}x{{/lgo}}",
        "{{#logo}}x",
        "x{{/logo}}",
        "{{}}",
        "{{{title}}}",
    ],
)
def test_an_unknown_placeholder_fails_the_build(text: str) -> None:
    with pytest.raises(BuildError, match=r"index\.html: \{\{.*\}\} has no value; there are: logo"):
        fill(text)


@pytest.mark.parametrize("value", ["{{logo}}", "{{#poster}}", "{{nothing}}", r"\1 \g<0>"])
def test_braces_in_a_value_stay_as_they_are(value: str) -> None:
    values = {**VALUES, "title": value}
    assert filled("{{title}}{{^logo}}{{title}}{{/logo}}", values, "index.html") == value * 2
