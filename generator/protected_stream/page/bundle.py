"""The page and its libraries, as the page's bucket takes them.

The same sources give the same bytes, whoever runs this, wherever and whenever.
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
from protected_stream.page.node_packages import node, node_modules

SOURCES = sources("web_src")

PAGE_FILES = frozenset({".css", ".html", ".ico", ".js", ".png", ".svg", ".txt", ".woff2"})
"""The endings of what browsers fetch; anything else in web_src is for those who work on it."""
NOT_PAGE = frozenset({"node_modules", "tests"})
SHORTENED = (".css", ".js")
"""The endings of what is served without its comments and white space."""
# The players of HLS and DASH without a look of their own, and the sign-in with the global `oidc`.
LIBRARIES: Mapping[str, str] = {
    "lib/oidc-client-ts.js": "oidc-client-ts/dist/browser/oidc-client-ts.min.js",
    "lib/shaka-player.js": "shaka-player/dist/shaka-player.compiled-es2021.js",
}
LICENSES = "lib/LICENSES.txt"
SOURCE_MAP = re.compile(rb"^//# sourceMappingURL=(\S+)\s*\Z", re.MULTILINE)


def write(folder: Path, say: Callable[[str], None]) -> int:
    """Writes the page into the folder, and removes what earlier pages had and this one has not.

    Args:
        folder: where the page goes; it is made if it is not there.
        say: tells a person what takes long.

    Returns:
        How many files the page has.

    Raises:
        BuildError: the libraries could not be had, or the folder holds something else.
        OSError: the folder cannot be written.
    """
    _expect_page_or_nothing(folder)
    # first what can fail, so that there is all or nothing
    page = _page()
    modules = node_modules(SOURCES, say)
    files = {**page, **_shortened(page, modules), **_libraries(modules)}
    # the licences first: by them the folder is known again
    for name in sorted(files, key=lambda name: (name != LICENSES, name)):
        # what has not changed keeps its time, so that it is not uploaded again
        if not _holds(folder / name, files[name]):
            write_atomically(folder / name, files[name])
    _remove_others(folder, {folder / name for name in files})
    return len(files)


def _expect_page_or_nothing(folder: Path) -> None:
    """A folder of other things is not emptied by mistake."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / LICENSES).exists():
        raise BuildError(
            f"{folder} holds files that are not the page's: remove them, or name another folder"
            " with --out"
        )


def _page() -> dict[str, bytes]:
    """The page's own files, by their paths below its address."""
    found = {path.relative_to(SOURCES): path for path in SOURCES.rglob("*") if path.is_file()}
    files = {
        name.as_posix(): path.read_bytes()
        for name, path in found.items()
        if path.suffix in PAGE_FILES and not _is_apart(name)
    }
    if "index.html" not in files:
        raise BuildError(f"{SOURCES / 'index.html'} is missing: without it there is no page")
    return files


def _is_apart(name: Path) -> bool:
    """Whether a file lies in a folder that is not the page's."""
    return any(part in NOT_PAGE or part.startswith(".") for part in name.parts)


def _shortened(page: Mapping[str, bytes], modules: Path) -> dict[str, bytes]:
    """The scripts and styles as browsers need them; each file stays a file, and every name its own.

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
            raise BuildError(f"the page cannot be read:\n{finished.stderr.strip()}")
        return {name: Path(folder, name).read_bytes() for name in names}


def _libraries(modules: Path) -> dict[str, bytes]:
    """The libraries and the licences of all that is in them, by their paths."""
    scripts = {name: _script(modules / source) for name, source in LIBRARIES.items()}
    return {**scripts, LICENSES: _licenses(modules)}


def _script(path: Path) -> bytes:
    """A library's script; says that its source map is left out, which developers' tools ask for."""
    return SOURCE_MAP.sub(rb"// left out here: \1\n", _content(path))


def _licenses(modules: Path) -> bytes:
    """The texts of the licences of what is served, each under the package's name and version."""
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
            f"{path} is missing: remove {path.parents[1]}, or name another file in page/bundle.py"
        ) from None


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _remove_others(folder: Path, wanted: set[Path]) -> None:
    """Removes the files that are not wanted, and the folders that are empty then."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in wanted:
            path.unlink()
