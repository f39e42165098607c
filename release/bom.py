"""The software bill of materials: what the generator, the functions and the page consist of.

Made from the files that pin the dependencies. The same pins give the same bytes.
Source: CycloneDX 1.6, JSON reference, https://cyclonedx.org/docs/1.6/json/
"""

import base64
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from protected_stream.version import VERSION

NAME = "protected-stream"
PYPI_PINS = {"generator": "requirements.txt", "functions": "lambda_src/requirements.txt"}
"""The parts that have dependencies on PyPI, and the files that pin them."""
PAGE = "web_src/package-lock.json"
PIN = re.compile(r"(?P<name>[\w.-]+)(\[.*\])?==(?P<version>\S+)(?P<rest>.*)")


@dataclass(frozen=True, kw_only=True)
class Package:
    """A package that a part of the project needs."""

    url: str
    """Package URL without the version."""
    name: str
    version: str
    """Empty if any version may be installed."""
    source: str
    """Where it is downloaded from."""
    digests: tuple[tuple[str, str], ...]
    """Algorithm and hexadecimal digest of each file that may be downloaded."""
    parts: tuple[str, ...]
    """The parts of the project that need it."""
    marker: str = ""
    """The environments that need it; empty if all do."""


def bill(checkout: Path, seconds: int) -> str:
    """The bill of materials as CycloneDX JSON.

    Args:
        checkout: where the files with the pins are.
        seconds: when the commit was made, in seconds since 1970.
    """
    packages: dict[str, Package] = {}
    for package in (*_from_pypi(checkout), *_from_npm(checkout)):
        url = f"{package.url}@{package.version}" if package.version else package.url
        known = packages.get(url)
        parts = (*known.parts, *package.parts) if known else package.parts
        packages[url] = replace(package, parts=parts)
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z"),
            "component": {
                "type": "application",
                "bom-ref": NAME,
                "name": NAME,
                "version": VERSION,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
                "purl": f"pkg:pypi/{NAME}@{VERSION}",
            },
        },
        "components": [_component(url, packages[url]) for url in sorted(packages)],
    }
    return json.dumps(document, indent=2) + "\n"


def _component(url: str, package: Package) -> Mapping[str, Any]:
    digests = [{"alg": algorithm, "content": text} for algorithm, text in package.digests]
    reference = {"type": "distribution", "url": package.source}
    properties = [{"name": f"{NAME}:part", "value": part} for part in package.parts]
    if package.marker:
        properties.append({"name": f"{NAME}:marker", "value": package.marker})
    return {
        "type": "library",
        "bom-ref": url,
        "name": package.name,
        **({"version": package.version} if package.version else {}),
        "purl": url,
        "externalReferences": [{**reference, **({"hashes": digests} if digests else {})}],
        "properties": properties,
    }


def _from_pypi(checkout: Path) -> Iterator[Package]:
    """The pinned packages, and those that the project declares without pinning them."""
    pinned = set()
    for part, file in PYPI_PINS.items():
        lines = (checkout / file).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
        for line in lines:
            pin = PIN.fullmatch(line)
            if pin is None:
                raise ValueError(f"{file}: not a pinned requirement: {line}")
            pinned.add(pin["name"])
            before, *digests = pin["rest"].split("--hash=sha256:")
            yield _pypi_package(
                pin["name"],
                part,
                version=pin["version"],
                digests=tuple(("SHA-256", text.strip()) for text in digests),
                marker=before.strip(" ;"),
            )
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for requirement in project["dependencies"]:
        (name, *_) = re.findall(r"[\w.-]+", requirement)
        if name not in pinned:
            yield _pypi_package(name, "generator")


def _pypi_package(name: str, part: str, **known: Any) -> Package:
    values = {"version": "", "digests": (), **known}
    return Package(
        url=f"pkg:pypi/{name}",
        name=name,
        source=f"https://pypi.org/simple/{name}/",
        parts=(part,),
        **values,
    )


def _from_npm(checkout: Path) -> Iterator[Package]:
    """The libraries that the page contains; the tools that bundle them are not in it."""
    packages = json.loads((checkout / PAGE).read_text(encoding="utf-8"))["packages"]
    for path, package in packages.items():
        if not path or package.get("dev"):
            continue
        name, version = path.rpartition("node_modules/")[2], package["version"]
        algorithm, _, digest = package["integrity"].partition("-")
        yield Package(
            url=f"pkg:npm/{name.replace('@', '%40')}",
            name=name,
            version=version,
            source=f"https://registry.npmjs.org/{name}/-/{name.rpartition('/')[2]}-{version}.tgz",
            digests=((algorithm.upper().replace("SHA", "SHA-"), base64.b64decode(digest).hex()),),
            parts=("page",),
        )
