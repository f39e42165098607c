"""The bill of materials has every pinned package."""

import json
import re
from typing import Any

import pytest

from release.bom import bill
from tests.conftest import CHECKOUT


@pytest.fixture(scope="module")
def document() -> Any:
    """The bill of materials of this checkout."""
    return json.loads(bill(CHECKOUT, 1_795_953_600))


@pytest.mark.parametrize(
    ("file", "part"),
    [("requirements.txt", "generator"), ("lambda_src/requirements.txt", "functions")],
)
def test_it_has_every_pinned_package(document: Any, file: str, part: str) -> None:
    text = (CHECKOUT / file).read_text(encoding="utf-8")
    pins = re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)
    assert pins
    assert {f"pkg:pypi/{name}@{version}" for name, version in pins} <= _urls(document, part)


def test_it_has_the_libraries_of_the_page_without_its_tools(document: Any) -> None:
    manifest = json.loads((CHECKOUT / "web_src" / "package.json").read_text(encoding="utf-8"))
    there = _urls(document, "page")
    assert {f"pkg:npm/{name}@{of}" for name, of in manifest["dependencies"].items()} <= there
    assert not any("esbuild" in url for url in there)


def test_it_has_what_is_declared_without_being_pinned(document: Any) -> None:
    (pip,) = [one for one in document["components"] if one["name"] == "pip"]
    assert "version" not in pip


def test_every_other_package_has_version_and_digests(document: Any) -> None:
    lengths = {"SHA-256": 64, "SHA-512": 128}
    for component in document["components"]:
        if component["name"] != "pip":
            (reference,) = component["externalReferences"]
            assert component["version"]
            assert reference["hashes"]
            for digest in reference["hashes"]:
                assert re.fullmatch(r"[0-9a-f]+", digest["content"])
                assert len(digest["content"]) == lengths[digest["alg"]]


def test_each_package_is_listed_once(document: Any) -> None:
    urls = [component["bom-ref"] for component in document["components"]]
    assert urls == sorted(set(urls))


def test_only_the_commit_gives_the_time(document: Any) -> None:
    assert document["metadata"]["timestamp"] == "2026-11-29T12:00:00Z"
    assert "serialNumber" not in document


def _urls(document: Any, part: str) -> set[str]:
    return {
        component["purl"]
        for component in document["components"]
        if part in {one["value"] for one in component["properties"]}
    }
