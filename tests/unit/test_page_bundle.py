"""The page's folder: its content, and errors."""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from protected_stream.cli.exit_status import CLEAN, NOTHING_WRITTEN
from protected_stream.cli.main import main
from protected_stream.errors import BuildError
from protected_stream.page import bundle
from protected_stream.page.bundle import LIBRARIES, LICENSES
from protected_stream.page.node_packages import LOCK
from protected_stream.reading.commands import upload_page
from tests.conftest import CHECKOUT
from tests.unit.test_command_line import contents

PACKAGES = ("jwt-decode", "oidc-client-ts", "shaka-player")
GENERATED = {"brand.css", "config.js"}
SMALL_PAGE = {"index.html", "main.js", LICENSES, *GENERATED, *LIBRARIES}
MOST_BYTES = 20_000
"""The limit for the page without its libraries, compressed."""
MOST_BYTES_BEFORE_THE_FIRST_FRAME = 400_000


def silent(_: str) -> None:
    """Reports nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page's folder, as `make site` writes it."""
    out = tmp_path_factory.mktemp("out")
    assert main(["page", "--out", str(out)]) == CLEAN
    return out / "site"


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small page instead of the project's, with the same libraries."""
    folder = tmp_path / "web_src"
    folder.mkdir()
    for name in LOCK:
        shutil.copyfile(bundle.SOURCES / name, folder / name)
    shutil.copytree(bundle.SOURCES / "strings", folder / "strings")
    (folder / "index.html").write_text("<!doctype html>")
    (folder / "main.js").write_text("// nothing")
    monkeypatch.setattr(bundle, "SOURCES", folder)
    return folder


def test_it_contains_the_page_its_libraries_and_their_licenses(site: Path) -> None:
    names = set(contents(site))
    assert {"index.html", LICENSES, *LIBRARIES} <= names
    assert not any("package" in name or "test" in name for name in names)
    assert {path.name for path in (site / "lib").iterdir()} == {
        "LICENSES.txt",
        "oidc-client-ts.js",
        "shaka-player.css",
        "shaka-player.js",
    }


def test_all_that_the_page_refers_to_exists(site: Path) -> None:
    page = (site / "index.html").read_text("utf-8")
    named = [part.split('"')[0] for part in page.replace('src="', 'href="').split('href="')[1:]]
    own = [name for name in named if not name.startswith(("/api/", "data:", "https:"))]
    assert own
    assert [name for name in own if not (site / (name.lstrip("/") or "index.html")).is_file()] == []


def test_each_library_has_its_global_name(site: Path) -> None:
    assert b"var oidc=" in (site / "lib" / "oidc-client-ts.js").read_bytes()
    assert b"innerGlobal.shaka=" in (site / "lib" / "shaka-player.js").read_bytes()


def test_no_library_requests_a_missing_source_map_or_another_host(site: Path) -> None:
    """Shaka's styles have a font at another host, which the page's CSP would block and report."""
    for name in LIBRARIES:
        text = (site / name).read_bytes()
        assert b"sourceMappingURL" not in text
        assert b"/* left out here */" in text
    style = (site / "lib" / "shaka-player.css").read_text("utf-8")
    addresses = re.findall(r"url\(\s*[\"']?([^)]{5})", style)
    assert set(addresses) == {"data:"}
    assert "@import" not in style


def test_the_licenses_cover_all_pinned_packages(site: Path) -> None:
    text = (site / LICENSES).read_text("utf-8")
    packages = json.loads((bundle.SOURCES / "package-lock.json").read_text())["packages"]
    for name in PACKAGES:
        assert f"{name} {packages[f'node_modules/{name}']['version']} (" in text
    served = [name for name, package in packages.items() if name and not package.get("dev")]
    assert len(served) == len(PACKAGES)
    assert text.count("Permission is hereby granted") >= 1
    assert text.count("TERMS AND CONDITIONS FOR USE") == 2


def test_the_page_is_small(site: Path) -> None:
    """In bytes as CloudFront sends them, every file compressed for itself."""
    sizes = {name: len(gzip.compress(text, 9)) for name, text in contents(site).items()}
    own = sum(size for name, size in sizes.items() if not name.startswith("lib/"))
    libraries = sum(sizes[name] for name in LIBRARIES)
    print(f"compressed: {own:,} bytes of the page, {libraries:,} of its libraries")
    assert own <= MOST_BYTES
    assert own + libraries <= MOST_BYTES_BEFORE_THE_FIRST_FRAME


def test_scripts_and_styles_are_served_without_comments(site: Path) -> None:
    """Names do not change, so that messages in the browser's console lead to the source."""
    text = (site / "retry.js").read_text("utf-8")
    assert "//" not in text
    assert "export async function repeated(" in text
    assert "export function pauseAfter(failure,retryAfter,random)" in text


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_page_is_reproducible(site: Path, tmp_path: Path, seed: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "protected_stream", "page", "--out", tmp_path / "a folder"],
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": "Pacific/Auckland"},
        cwd=CHECKOUT,
        check=True,
        umask=0o077,
        stdout=subprocess.DEVNULL,
    )
    other = tmp_path / "a folder" / "site"
    assert contents(other) == contents(site)
    assert {path.stat().st_mode & 0o777 for path in other.rglob("*.*")} == {0o644}


def test_it_ends_with_the_lines_that_upload_it(
    sources: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sources.is_dir()
    assert main(["page", "--out", str(tmp_path / "my out")]) == CLEAN
    assert [line.strip() for line in capsys.readouterr().out.splitlines()[-2:]] == [
        f"aws s3 sync '{tmp_path}/my out'/site/ s3://PageBucketName/ --delete "
        "--cache-control max-age=60",
        f"aws s3 cp '{tmp_path}/my out'/404.html s3://PageBucketName/ --cache-control no-store",
    ]


def test_the_upload_can_name_a_region() -> None:
    for line in upload_page(Path("build"), " --region eu-west-1"):
        assert line.endswith(" --region eu-west-1")


def test_the_page_for_unknown_paths_is_not_uploaded_like_the_others(site: Path) -> None:
    """It is the body of the media's 404s, which a browser must not keep."""
    assert not (site / "404.html").exists()
    assert b'<a href="/">' in (site.parent / "404.html").read_bytes()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "radio.toml: cannot be read: No such file or directory"),
        ("[page]\ntitlle = 'Radio'", "radio.toml:2: page.titlle: unknown key; did you mean title?"),
    ],
)
def test_a_stream_file_with_mistakes_is_refused_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None, message: str
) -> None:
    stream = tmp_path / "radio.toml"
    if text is not None:
        stream.write_text(text)
    assert main(["page", str(stream), "--out", str(tmp_path / "out")]) == NOTHING_WRITTEN
    assert capsys.readouterr().err == f"{tmp_path}/{message}\n"
    assert not (tmp_path / "out").exists()


def test_files_of_earlier_pages_are_removed(sources: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    (sources / "old").mkdir()
    (sources / "old" / "old.js").write_text("// old")
    bundle.write(site, silent)
    assert (site / "old" / "old.js").exists()
    shutil.rmtree(sources / "old")
    bundle.write(site, silent)
    assert set(contents(site)) == SMALL_PAGE
    assert not (site / "old").exists()


def test_an_unchanged_file_keeps_its_modification_time(sources: Path, tmp_path: Path) -> None:
    """`aws s3 sync` uploads newer files."""
    site = tmp_path / "site"
    bundle.write(site, silent)
    os.utime(site / "main.js", (1, 1))
    os.utime(site / "index.html", (1, 1))
    (sources / "index.html").write_text("<!doctype html>new")
    bundle.write(site, silent)
    assert (site / "main.js").stat().st_mtime == 1
    assert (site / "index.html").stat().st_mtime > 1


@pytest.mark.parametrize(
    "name", ["tests/page.html", "node_modules/x/x.js", ".idea/x.js", "README.md", "tsconfig.json"]
)
def test_development_files_are_left_out(sources: Path, tmp_path: Path, name: str) -> None:
    (sources / name).parent.mkdir(parents=True, exist_ok=True)
    (sources / name).write_text("not the page")
    bundle.write(tmp_path / "site", silent)
    assert set(contents(tmp_path / "site")) == SMALL_PAGE


def test_a_folder_of_other_files_is_not_emptied(
    sources: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sources.is_dir()
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "mine").touch()
    assert main(["page", "--out", str(tmp_path)]) == NOTHING_WRITTEN
    assert "contains files that are not the page's" in capsys.readouterr().err
    assert list(contents(tmp_path / "site")) == ["mine"]


def test_a_page_without_index_html_is_reported(sources: Path, tmp_path: Path) -> None:
    (sources / "index.html").unlink()
    with pytest.raises(BuildError, match=r"index\.html is missing"):
        bundle.write(tmp_path / "site", silent)
    assert not (tmp_path / "site").exists()


def test_a_broken_script_is_reported(sources: Path, tmp_path: Path) -> None:
    (sources / "main.js").write_text("const = ;")
    with pytest.raises(BuildError, match=r"the page cannot be parsed:\s[^$]*main\.js"):
        bundle.write(tmp_path / "site", silent)
    assert not (tmp_path / "site").exists()


def test_a_library_without_its_script_is_reported(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sources.is_dir()
    monkeypatch.setattr(bundle, "LIBRARIES", {"lib/x.js": "jwt-decode/gone.js"})
    with pytest.raises(BuildError, match=r"gone\.js is missing: remove .*libraries-"):
        bundle.write(tmp_path / "site", silent)


def test_a_file_where_a_folder_should_be_is_reported(
    sources: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sources.is_dir()
    (tmp_path / "out").write_text("a file")
    assert main(["page", "--out", str(tmp_path / "out")]) == NOTHING_WRITTEN
    assert "out" in capsys.readouterr().err
