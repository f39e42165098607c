"""The page and its libraries as files for S3.

The build is reproducible: the same sources give the same bytes.
"""

import json
import re
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from protected_stream.errors import BuildError
from protected_stream.files import write_atomically
from protected_stream.package_files import sources
from protected_stream.page.brand import Brand
from protected_stream.page.branded_files import branded_files
from protected_stream.page.node_packages import node, node_modules

SOURCES = sources("web_src")

PAGE_FILES = frozenset({".css", ".html", ".ico", ".js", ".png", ".svg", ".txt", ".woff2"})
"""Suffixes of the files that browsers fetch; other files in web_src are for development."""
NOT_PAGE = frozenset({"node_modules", "tests"})
DEFAULT_BRAND = Brand()
SHORTENED = (".css", ".js")
"""Suffixes of the files that are served without comments and white space."""
# The player for HLS and DASH with its controls, and the sign-in library with the global `oidc`.
LIBRARIES: Mapping[str, str] = {
    "lib/oidc-client-ts.js": "oidc-client-ts/dist/browser/oidc-client-ts.min.js",
    "lib/shaka-player.css": "shaka-player/dist/controls.css",
    "lib/shaka-player.js": "shaka-player/dist/shaka-player.ui-es2021.js",
}
LICENSES = "lib/LICENSES.txt"
NOT_FOUND = "404.html"
"""The page for unknown paths: next to the site, as it is uploaded with another Cache-Control."""
# What libraries would request besides the files that are served: a source map, for developer tools,
# and a font from another host. By the suffix of the library's file.
REQUESTS: Mapping[str, re.Pattern[bytes]] = {
    ".css": re.compile(rb"@font-face\s*\{[^}]*\}|/\*# sourceMappingURL=\S+\s*\*/"),
    ".js": re.compile(rb"^//# sourceMappingURL=\S+\s*\Z", re.MULTILINE),
}


def write(folder: Path, say: Callable[[str], None], brand: Brand = DEFAULT_BRAND) -> int:
    """Writes the page to the folder, and removes files of earlier pages that this one lacks.

    The page for unknown paths is written next to the folder.

    Args:
        folder: where the page goes; created if missing.
        say: reports slow steps to the user.
        brand: what distinguishes this stream's page from another's.

    Returns:
        How many files the folder has.

    Raises:
        BuildError: the libraries are not available, the folder contains something else, or a
            placeholder or string of the page is unknown.
        OSError: the folder cannot be written.
    """
    _expect_page_or_nothing(folder)
    # the steps that can fail come first, so that either all or nothing is written
    page = _page()
    markup = {name: content for name, content in page.items() if name.endswith(".html")}
    generated, branded = branded_files(brand, SOURCES, markup)
    modules = node_modules(SOURCES, say)
    files = {
        **{**page, **branded},
        **_shortened(page, modules),
        **generated,
        **_libraries(modules),
    }
    not_found = files.pop(NOT_FOUND, None)
    # the licenses first: they mark the folder as the page's
    for name in sorted(files, key=lambda name: (name != LICENSES, name)):
        _write(folder / name, files[name])
    if not_found is not None:
        _write(folder.parent / NOT_FOUND, not_found)
    _remove_others(folder, {folder / name for name in files})
    return len(files)


def _expect_page_or_nothing(folder: Path) -> None:
    """Keeps a folder of other files from being emptied by mistake."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / LICENSES).exists():
        raise BuildError(
            f"{folder} contains files that are not the page's: remove them, or choose another"
            " folder with --out"
        )


def _page() -> dict[str, bytes]:
    """The page's own files, by their paths relative to its URL."""
    found = {path.relative_to(SOURCES): path for path in SOURCES.rglob("*") if path.is_file()}
    files = {
        name.as_posix(): path.read_bytes()
        for name, path in found.items()
        if path.suffix in PAGE_FILES and not _is_apart(name)
    }
    if "index.html" not in files:
        raise BuildError(f"{SOURCES / 'index.html'} is missing: the page needs it")
    return files


def _is_apart(name: Path) -> bool:
    """Whether a file is in a folder that is not the page's."""
    return any(part in NOT_PAGE or part.startswith(".") for part in name.parts)


def _shortened(page: Mapping[str, bytes], modules: Path) -> dict[str, bytes]:
    """The minified scripts and styles; files are not merged, and names do not change.

    https://esbuild.github.io/api/#minify
    """
    names = [name for name in page if name.endswith(SHORTENED)]
    with tempfile.TemporaryDirectory() as folder:
        command = node(
            modules / "esbuild" / "bin" / "esbuild",
            *(SOURCES / name for name in names),
            *("--minify-whitespace", "--charset=utf8", "--log-level=error", "--tsconfig-raw={}"),
            *(f"--outbase={SOURCES}", f"--outdir={folder}"),
        )
        finished = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own words, no shell
        if finished.returncode:
            raise BuildError(f"the page cannot be parsed:\n{finished.stderr.strip()}")
        return {name: Path(folder, name).read_bytes() for name in names}


def _libraries(modules: Path) -> dict[str, bytes]:
    """The libraries and the licenses of everything in them, by their paths."""
    files = {name: _without_requests(modules / source) for name, source in LIBRARIES.items()}
    return {**files, LICENSES: _licenses(modules)}


def _without_requests(path: Path) -> bytes:
    """A library's file, with a note instead of what it would request."""
    return REQUESTS[path.suffix].sub(b"/* left out here */", _content(path))


def _licenses(modules: Path) -> bytes:
    """The license texts of what is served, each under the package's name and version."""
    packages = json.loads((SOURCES / "package-lock.json").read_text("utf-8"))["packages"]
    parts = []
    for place, package in sorted(packages.items()):
        name = place.rpartition("node_modules/")[2]
        if name and not package.get("dev"):
            title = f"{name} {package['version']} ({package['license']})"
            text = _content(modules.parent / place / "LICENSE").decode()
            parts.append(f"{title}\n{'=' * len(title)}\n\n{text.strip()}\n")
    return "\n\n".join(parts).encode()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BuildError(
            f"{path} is missing: remove {path.parents[1]}, or list another file in page/bundle.py"
        ) from None


def _write(path: Path, content: bytes) -> None:
    """An unchanged file keeps its modification time, so that it is not uploaded again."""
    if not (path.is_file() and path.read_bytes() == content):
        write_atomically(path, content)


def _remove_others(folder: Path, wanted: set[Path]) -> None:
    """Removes all other files, and the folders that are then empty."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in wanted:
            path.unlink()
