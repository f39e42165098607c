"""Brands that the browser tests show, instead of the one that the preview serves."""

import json
import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Route

from protected_stream.package_files import sources
from protected_stream.page.brand import Brand, Image
from protected_stream.page.branded_files import branded_files

WEB = sources("web_src")
PAGES = {path.name: path.read_bytes() for path in WEB.glob("*.html")}
REDIRECT = b'<meta http-equiv="refresh" content="0; url=/">'
ACCENTS = str.maketrans("aeiouyAEIOUY", "áéîöüÿÀËÏÔÚÝ")
PADDING = "ôñé ßüm ëîdå "
LENGTHENED = 1.5
LOGO = Image(
    suffix="svg",
    content=b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 50">'
    b'<path fill="#b3261e" d="M5 45 45 5v40z"/><path fill="#1f3a5f" d="M55 5h140v18H55z'
    b'M55 30h90v15H55z"/></svg>',
)
POSTER = Image(
    suffix="svg",
    content=b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1280 720">'
    b'<path fill="#1f3a5f" d="M0 0h1280v720H0z"/><path fill="#e8eef5" d="M200 520 640 120v400z"/>'
    b"</svg>",
)
PLAIN = Brand()
GERMAN = Brand(
    title="Internationale Segelregatta auf dem Großen Müggelsee",
    show_title="Finale der Zweihandboote mit Siegerehrung am Abend",
    logo=LOGO,
    poster=POSTER,
    accent="#b3261e",
    background="#ffffff",
    help_link="mailto:hilfe@example.com",
    language="de",
)
LONG = Brand(show_title="Final race", help_link="mailto:help@example.com")


def site(brand: Brand, folder: Path = WEB) -> dict[str, bytes]:
    """The files that depend on the brand, by path; login.html stays where it is."""
    generated, pages = branded_files(brand, folder, PAGES)
    assert REDIRECT in pages["login.html"]
    pages["login.html"] = pages["login.html"].replace(REDIRECT, b"")
    return {**generated, **pages}


def in_long_words(folder: Path) -> Path:
    """Writes a language that is half as long again as English, in place of it."""
    strings = json.loads((WEB / "strings" / "en.json").read_text("utf-8"))
    (folder / "strings").mkdir(parents=True)
    (folder / "strings" / "en.json").write_text(json.dumps(_lengthened(strings)), "utf-8")
    return folder


def _lengthened(text: Any) -> Any:
    """Padded with words of accented letters; placeholders stay."""
    if isinstance(text, dict):
        return {name: _lengthened(value) for name, value in text.items()}
    if "{{" in text:
        return text
    more = round(len(text) * (LENGTHENED - 1))
    padding = (PADDING * (more // len(PADDING) + 1))[:more]
    return f"{text.translate(ACCENTS)} {padding}".strip()


def serve(context: BrowserContext, files: Mapping[str, bytes], headers: Mapping[str, str]) -> None:
    """Serves the brand's files with the page's own security headers.

    Args:
        context: the browser windows that get them.
        files: what is served, by path.
        headers: of a response of the page.
    """

    def answer(route: Route) -> None:
        name = urlsplit(route.request.url).path.lstrip("/") or "index.html"
        kind = mimetypes.guess_type(name)[0] or "text/javascript"
        route.fulfill(
            body=files[name], headers={**headers, "content-type": f"{kind}; charset=utf-8"}
        )

    def is_branded(address: str) -> bool:
        parts = urlsplit(address)
        name = parts.path.lstrip("/") or "index.html"
        return "amazoncognito" not in parts.netloc and name in files

    context.route(is_branded, answer)
