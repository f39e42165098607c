"""Files of the brand: what is accepted, and what is refused with which words."""

import json
from pathlib import Path

import pytest

from protected_stream.config import Stream, load
from protected_stream.errors import StreamError
from protected_stream.page.brand import Image
from tests.conftest import CHECKOUT

BRAND = CHECKOUT / "examples" / "brand"
OTHER = CHECKOUT / "tests" / "unit" / "brands"
FILES = {
    "jpg": (BRAND / "poster.jpg").read_bytes(),
    "png": (OTHER / "logo.png").read_bytes(),
    "webp": (OTHER / "poster.webp").read_bytes(),
    "ico": (OTHER / "favicon.ico").read_bytes(),
    "svg": (BRAND / "logo.svg").read_bytes(),
}


def svg(inner: str, attributes: str = "") -> bytes:
    """An SVG with that content."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inner}</svg>'.encode()


def loaded(folder: Path, key: str, name: str, content: bytes | None) -> Stream:
    """The stream whose `[page]` names that file."""
    if content is not None:
        (folder / name).write_bytes(content)
    (folder / "stream.toml").write_text(f"[page]\n{key} = {json.dumps(name)}\n", encoding="utf-8")
    return load(folder / "stream.toml")


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        *(("logo", kind) for kind in ("svg", "png", "jpg")),
        *(("poster", kind) for kind in ("jpg", "png", "webp")),
        *(("favicon", kind) for kind in ("svg", "ico")),
    ],
)
def test_an_image_is_read_from_beside_the_stream_file(tmp_path: Path, key: str, kind: str) -> None:
    page = loaded(tmp_path, key, f"Bild von mir.{kind}", FILES[kind]).page
    assert getattr(page, key) == Image(suffix=kind, content=FILES[kind])
    assert list(page.brand.images) == [f"brand/{key}.{kind}"]


def test_another_spelling_of_a_suffix_is_the_same_kind(tmp_path: Path) -> None:
    assert loaded(tmp_path, "poster", "a.JPEG", FILES["jpg"]).page.brand.url("poster") == (
        "/brand/poster.jpg"
    )


@pytest.mark.parametrize(
    ("key", "name", "content", "message"),
    [
        ("logo", "a.gif", b"GIF89a", "must be the name of a file that ends in .svg, .png or .jpg"),
        ("logo", "a.webp", FILES["webp"], "must be the name of a file that ends in .svg"),
        ("favicon", "a.png", FILES["png"], "must be the name of a file that ends in .svg or .ico"),
        ("poster", "poster", b"", "must be the name of a file that ends in .jpg, .png or .webp"),
        ("logo", "none.svg", None, "none.svg: No such file or directory"),
        ("logo", f"{'x' * 2000}.svg", None, "must have at most 1,024 characters, got 2,004"),
        ("logo", f"{'x' * 1000}.svg", None, "File name too long"),
        ("logo", "a\0.svg", None, "is not the name of a file"),
        ("logo", "a.png", FILES["jpg"], "a.png: is a .jpg file, by its content: rename it"),
        ("logo", "a.png", FILES["svg"], "a.png: is not a .png file"),
        ("poster", "a.webp", b"RIFF....WAVE", "a.webp: is not a .webp file"),
        ("logo", "a.png", b"", "a.png: is not a .png file"),
        ("logo", "a.png", FILES["png"] * 1000, "has more than 204,800 bytes"),
        ("favicon", "a.ico", FILES["ico"] * 40, "has more than 102,400 bytes"),
        ("poster", "a.jpg", FILES["jpg"] * 400, "has more than 2,097,152 bytes"),
        ("logo", "a.svg", FILES["png"], "a.svg: is not an SVG: not well-formed"),
        ("logo", "a.svg", b"", "a.svg: is not an SVG: no element"),
        ("logo", "a.svg", b"<html/>", "is not an SVG: it begins with <html> (line 1)"),
        ("logo", "a.svg", b"<svg/>", "is not an SVG: it begins with <svg> (line 1)"),
        ("logo", "a.svg", b"<svg", "a.svg: is not an SVG: unclosed"),
    ],
)
def test_other_files_are_refused(
    tmp_path: Path, key: str, name: str, content: bytes | None, message: str
) -> None:
    with pytest.raises(StreamError) as refused:
        loaded(tmp_path, key, name, content)
    assert message in str(refused.value)


@pytest.mark.parametrize("value", ["7", "true", "[]", "{}", '["a.svg"]', '""', "1979-05-27"])
def test_what_is_not_a_file_name_is_refused(tmp_path: Path, value: str) -> None:
    (tmp_path / "stream.toml").write_text(f"[page]\nlogo = {value}\n", encoding="utf-8")
    with pytest.raises(StreamError, match=r":2: page\.logo: must be the name of a file"):
        load(tmp_path / "stream.toml")


def test_a_folder_or_a_pipe_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.svg").mkdir()
    with pytest.raises(StreamError, match=r"a\.svg: is not a regular file"):
        loaded(tmp_path, "logo", "a.svg", None)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (svg("<script>alert(1)</script>"), "has a script: remove it"),
        (svg("<g><script href='#a'/></g>"), "has a script: remove it"),
        (svg("", 'onload="alert(1)"'), "has a script in onload: remove it"),
        (svg("<a href='javascript:alert(1)'/>"), "refers to 'javascript:alert(1)'"),
        (svg("<image href='https://example.com/x.png'/>"), "refers to 'https://example.com/x.png'"),
        (svg("<image href='x.png'/>"), "refers to 'x.png'"),
        (
            svg("<image href='data:image/svg+xml;base64,PHN2Zy8+'/>"),
            "refers to 'data:image/svg+xml",
        ),
        (
            svg("<use x:href='//a.example/b#c'/>", 'xmlns:x="http://www.w3.org/1999/xlink"'),
            "refers to '//a.example/b#c'",
        ),
        (svg("", 'xml:base="https://example.com/"'), "refers to 'https://example.com/'"),
        (
            svg("<a><set attributeName='href' to='javascript:alert(1)'/></a>"),
            "animates 'href': remove it",
        ),
        (
            svg("<image><animate attributeName='xlink:href' values='a;b'/></image>"),
            "animates 'xlink:href': remove it",
        ),
        (svg("<set attributeName='onclick' to='alert(1)'/>"), "animates 'onclick': remove it"),
        (svg("<foreignObject/>"), "has <foreignObject>, which may load other files"),
        (svg("<p xmlns='http://www.w3.org/1999/xhtml'/>"), "has <p>, which may load other files"),
        (svg("<style>@import 'x.css'</style>"), "has '@import' in its styles"),
        (svg("<style>a{b:url( 'http://x/')}</style>"), 'refers to "http://x/\')}"'),
        (svg("<style><![CDATA[a{b:u\\72l(x)}]]></style>"), "has '\\\\' in its styles"),
        (svg("<style>a{b:image-set('x' 1x)}</style>"), "has 'image-set(' in its styles"),
        (svg("<rect fill='url(https://example.com/#a)'/>"), "refers to 'https://example.com/#a)'"),
        (svg("<rect style='fill:URL(x)'/>"), "refers to 'x)'"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("&a;"), "has a DOCTYPE"),
        (b'<?xml-stylesheet href="x.css"?>' + svg(""), "has <?xml-stylesheet?>"),
    ],
)
def test_an_svg_that_runs_or_loads_something_is_refused(
    tmp_path: Path, content: bytes, words: str
) -> None:
    with pytest.raises(StreamError) as refused:
        loaded(tmp_path, "logo", "a.svg", content)
    assert words in str(refused.value)
    assert "(line " in str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        svg("<use href='#a'/><rect id='a' fill='url(#b)' clip-path='url( \"#c\")'/>"),
        svg("<style>.a{fill:url(#b);font:1em x}</style><title>script</title>"),
        svg("<image href='data:image/png;base64,AAAA'/>"),
        svg("", r'xmlns:i="http://www.inkscape.org/x" i:file="C:\logo.png"'),
        b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- a -->\n' + svg("<text>Ünï &amp; 🏟</text>"),
        "\ufeff".encode() + svg(""),
    ],
)
def test_an_svg_may_refer_to_what_is_in_it(tmp_path: Path, content: bytes) -> None:
    assert loaded(tmp_path, "logo", "a.svg", content).page.logo == Image(
        suffix="svg", content=content
    )


def test_python_code_can_pass_an_image() -> None:
    logo = Image(suffix="svg", content=FILES["svg"])
    assert Stream.model_validate({"page": {"logo": logo}}).page.brand.logo == logo
