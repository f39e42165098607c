"""`[page]` of the stream file: the page that is built from it, and what is refused."""

import html.parser
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from protected_stream.cli.exit_status import CLEAN
from protected_stream.cli.main import main
from protected_stream.config import Stream, load
from protected_stream.errors import BuildError, StreamError
from protected_stream.package_files import sources
from protected_stream.page.brand import Brand
from protected_stream.page.branded_files import branded_files
from protected_stream.page.strings import languages, strings
from tests.conftest import CHECKOUT
from tests.unit.test_command_line import contents

WEB = sources("web_src")
PAGES = {path.name: path.read_bytes() for path in WEB.glob("*.html")}
HOSTILE = (
    "</script><script>alert(1)</script>",
    '" onload="alert(1)',
    "'; alert(1); '",
    "{{title}} {{nothing}} ${1} \\ `${2}`",
    "a\u2028b\u2029c",
    "<!-- & --> ]]> &amp;",
    "🏟 שלום Ünï",
)


def site(brand: Brand) -> dict[str, str]:
    """The text files of the page that depend on the brand, by path."""
    generated, pages = branded_files(brand, WEB, PAGES)
    texts = {name: content.decode() for name, content in {**generated, **pages}.items()}
    return {name: text for name, text in texts.items() if not name.startswith("brand/")}


def config(files: dict[str, str]) -> Any:
    """The value that config.js exports."""
    (value,) = re.fullmatch(r"export const CONFIG=(\{.*\});\n", files["config.js"]).groups()  # type: ignore[union-attr]
    return json.loads(value)


class Text(html.parser.HTMLParser):
    """The text of an HTML file, by the tag that it is in, and all tags with their attributes."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self.tags[-1][0], data.strip()))


def test_without_a_brand_the_page_is_as_before() -> None:
    files = site(Brand())
    assert config(files)["title"] == "Live stream"
    assert {name: config(files)[name] for name in ("showTitle", "logo", "poster", "helpLink")} == {
        "showTitle": None,
        "logo": None,
        "poster": None,
        "helpLink": None,
    }
    page = Text(files["index.html"])
    assert ("html", {"lang": "en"}) in page.tags
    assert ("title", "Live stream") in page.texts
    assert "{{" not in files["index.html"]


@pytest.mark.parametrize("title", HOSTILE)
def test_texts_cannot_break_out_of_html_and_scripts(title: str) -> None:
    files = site(Brand(title=title, show_title=title))
    plain = site(Brand(title="x", show_title="x"))
    assert config(files)["title"] == config(files)["showTitle"] == title
    assert config(files)["strings"]["messages"]["welcome"]["heading"] == title
    assert not re.search("[<\u2028\u2029]", files["config.js"])
    for name in PAGES:
        assert Text(files[name]).tags == Text(plain[name]).tags
        assert (title.strip(), "x") in [
            (one, other)
            for (_, one), (_, other) in zip(
                Text(files[name]).texts, Text(plain[name]).texts, strict=True
            )
        ] or name == "404.html"
    assert files["brand.css"] == plain["brand.css"]


@pytest.mark.parametrize("language", languages(WEB))
def test_every_language_has_every_string(language: str) -> None:
    texts = strings(WEB, language)
    files = site(Brand(language=language, help_link="https://example.com/"))
    assert ("html", {"lang": language}) in Text(files["index.html"]).tags
    assert ("noscript", texts["needsJavaScript"]) in Text(files["index.html"]).texts
    assert ("a", texts["signInToWatch"]) in Text(files["login.html"]).texts
    assert ("h1", texts["notFound"]) in Text(files["404.html"]).texts
    for name in PAGES:
        assert ("a", texts["help"]) in Text(files[name]).texts or name == "login.html"


def test_strings_that_differ_from_the_english_ones_are_reported(tmp_path: Path) -> None:
    (tmp_path / "strings").mkdir()
    (tmp_path / "strings" / "en.json").write_text('{"a": "x", "messages": {"b": {"text": "y"}}}')
    other = tmp_path / "strings" / "fr.json"
    other.write_text('{"a": ["x"], "messages": {"b": {"texte": "y"}}}')
    with pytest.raises(
        BuildError,
        match=r"fr\.json must have the same strings as en\.json; these are in one of them only: "
        r"a, a \(list\), messages\.b\.text, messages\.b\.texte",
    ):
        strings(tmp_path, "fr")
    for text in ("{", "[]", "\xff"):
        other.write_text(text, encoding="latin-1")
        with pytest.raises(BuildError, match=r"fr\.json (cannot be read|must have a table)"):
            strings(tmp_path, "fr")


def refusal(tmp_path: Path, text: str) -> str:
    """The message about the mistake in that `[page]` table."""
    path = tmp_path / "stream.toml"
    path.write_text(f"[page]\n{text}\n", encoding="utf-8")
    with pytest.raises(StreamError) as refused:
        load(path)
    (line,) = refused.value.lines
    return re.sub(r":[12]: page\.", "", line.removeprefix(str(path)), count=1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('title = ""', "title: must have at least 1 character(s)"),
        ('title = " "', 'title: must not be blank; got " "'),
        (f'title = "{"x" * 101}"', "title: must have at most 100 character(s)"),
        (
            r'title = "a\u0007"',
            "title: must be one line of text, but has a control character, U+0007",
        ),
        (
            r'show_title = "a\nb"',
            "show_title: must be one line of text, but has a control character, U+000A",
        ),
        (r'title = "a\u2028b"', "title: must be one line of text, but has a line break, U+2028"),
        ("title = 7", 'title: must be a quoted string, such as "live", got 7'),
        ('accent = "red"', 'accent: must be a color such as "#7cc4ff"; got "red"'),
        ('accent = "#fff"', 'accent: must be a color such as "#7cc4ff"; got "#fff"'),
        (
            'background = "#000000;}"',
            'background: must be a color such as "#7cc4ff"; got "#000000;}"',
        ),
        (
            'accent = "#333333"',
            "accent: #333333 has a contrast of 1.50:1 against page.background (#0d1014), and needs "
            "3:1 to be seen: choose a lighter accent, or another background",
        ),
        (
            'background = "#ffffff"',
            "accent: #7cc4ff has a contrast of 1.87:1 against page.background (#ffffff), and needs "
            "3:1 to be seen: choose a darker accent, or another background",
        ),
        (
            'language = "fr"',
            'language: must be one of "de", "en", or the name of a file that you add to '
            'web_src/strings; got "fr"',
        ),
        (
            'language = "../en"',
            'language: must be one of "de", "en", or the name of a file that you add to '
            'web_src/strings; got "../en"',
        ),
    ],
)
def test_mistakes_are_refused_with_what_to_do(tmp_path: Path, text: str, message: str) -> None:
    assert refusal(tmp_path, text) == message


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com",
        "javascript:alert(1)",
        "https://",
        "https://user:pass@example.com",
        'https://example.com/"onclick="',
        "https://example.com/ä",
        "https://example.com/a b",
        "//example.com",
        "mailto:",
        "mailto:help",
        "mailto:help@example.com?subject=a b",
        "tel:123",
    ],
)
def test_links_that_are_not_https_or_mailto_are_refused(tmp_path: Path, url: str) -> None:
    assert "must be an address such as" in refusal(tmp_path, f"help_link = {json.dumps(url)}")


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "https://example.com:8443/a/b?c=d&e=%20#f",
        "https://xn--bcher-kva.example/hilfe",
        "mailto:help@example.com",
        "mailto:help+live@example.com?subject=Stream%20help&body=x",
    ],
)
def test_links_are_in_the_page(url: str) -> None:
    brand = Stream.model_validate({"page": {"help_link": url}}).page.brand
    files = site(brand)
    assert config(files)["helpLink"] == url
    for name in ("index.html", "404.html"):
        assert url in [attributes.get("href") for _, attributes in Text(files[name]).tags]


def test_colors_are_written_to_the_style_sheet() -> None:
    brand = Stream.model_validate(
        {"page": {"accent": "#B00020", "background": "#FFFFFF"}}
    ).page.brand
    style = site(brand)["brand.css"]
    assert style.startswith(":root{--ground:#ffffff;")
    assert "--accent:#b00020;" in style
    assert "color-scheme:light" in style
    assert ("meta", {"name": "color-scheme", "content": "light"}) in Text(
        site(brand)["index.html"]
    ).tags


def test_every_color_of_the_page_comes_from_the_brand() -> None:
    """Except over the video, where there are white on black, and the mark of live."""
    style = (WEB / "style.css").read_text("utf-8")
    colors = re.findall(r"(?<=[\s(,])#[0-9a-f]{3,8}\b(?=[;,)\s])", style)
    shades = re.compile("#000.?|#fff.?|#1c1c1cf2")
    assert {color for color in colors if not shades.fullmatch(color)} == {"#ff4d4d"}


def test_the_brand_s_texts_change_no_template() -> None:
    plain, named = Stream(), Stream.model_validate({"page": {"title": "Derby"}})
    assert plain.digest == named.digest


BRANDED = (
    CHECKOUT / "examples" / "branded.toml",
    CHECKOUT / "tests" / "unit" / "brands" / "hafenfest.toml",
)


def texts(files: Mapping[str, bytes]) -> set[str]:
    """What viewers of the page can read: the HTML's texts, and the strings of config.js."""
    own = config({"config.js": files["config.js"].decode()})
    in_pages = {text for name in PAGES for _, text in Text(files[name].decode()).texts}
    return {*in_pages, own["title"], own["showTitle"], *leaves(own["strings"])}


def leaves(table: Mapping[str, Any]) -> Iterator[str]:
    """All strings of nested tables."""
    for value in table.values():
        if isinstance(value, str):
            yield value
        else:
            yield from leaves(value)


def colors(files: Mapping[str, bytes]) -> set[str]:
    """The colors of the page's own style sheet and images, except those in the sources."""
    return set(re.findall(r"#[0-9a-f]{6}\b", files["brand.css"].decode()))


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, bytes]]:
    """The sites of two brands: English and dark, German and light."""
    found = []
    for path in BRANDED:
        out = tmp_path_factory.mktemp(path.stem)
        assert main(["page", str(path), "--out", str(out)]) == CLEAN
        found.append({**contents(out / "site"), "404.html": (out / "404.html").read_bytes()})
    return found


def test_two_brands_share_no_text_color_or_file(sites: list[dict[str, bytes]]) -> None:
    one, other = sites
    same_in_both_languages = set(leaves(strings(WEB, "en"))) & set(leaves(strings(WEB, "de")))
    assert texts(one) & texts(other) <= same_in_both_languages
    assert colors(one) & colors(other) == set()
    images = [{files[name] for name in files if name.startswith("brand/")} for files in sites]
    assert [len(contents_of_one) for contents_of_one in images] == [3, 3]
    assert images[0] & images[1] == set()


def test_nothing_of_a_brand_is_in_the_page_of_another(sites: list[dict[str, bytes]]) -> None:
    for own, path in zip(sites, reversed(BRANDED), strict=True):
        others = tomllib.loads(path.read_text("utf-8"))["page"].values()
        written = b"".join(files for name, files in own.items() if not name.startswith("lib/"))
        for value in {*others} - {"en", "de"}:
            assert html.escape(value).encode() not in written
            assert value.encode() not in written


def test_both_pages_are_in_their_language_and_show_their_files(
    sites: list[dict[str, bytes]],
) -> None:
    for files, language, scheme in zip(sites, ("en", "de"), ("dark", "light"), strict=True):
        for name in PAGES:
            page = Text(files[name].decode())
            assert ("html", {"lang": language}) in page.tags
            assert ("meta", {"name": "color-scheme", "content": scheme}) in page.tags
        named = [
            value.lstrip("/")
            for tag, attributes in Text(files["index.html"].decode()).tags
            for value in attributes.values()
            if value and value.startswith("/brand/") and tag in {"img", "link", "video"}
        ]
        assert set(named) == {name for name in files if name.startswith("brand/")}


def test_the_shared_files_of_two_brands_are_the_same(sites: list[dict[str, bytes]]) -> None:
    """So that nothing of a brand is in a source."""
    one, other = sites
    same = {name for name in one if not name.startswith("brand/")}
    differing = {name for name in same if one[name] != other[name]}
    assert differing == {"config.js", "brand.css", *PAGES}
