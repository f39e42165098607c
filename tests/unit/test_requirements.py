"""What the Makefile installs: wheels only, each with the digest that was pinned."""

import re
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT

MAKEFILE = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
PINS = sorted((*CHECKOUT.glob("requirements*.txt"), CHECKOUT / "lambda_src" / "requirements.txt"))


def test_pip_installs_only_wheels_with_pinned_digests() -> None:
    (options,) = re.findall(r"^WHEELS := (.*)$", MAKEFILE, re.MULTILINE)
    assert "--only-binary :all:" in options
    assert re.findall(r"^INSTALL := (.*)$", MAKEFILE, re.MULTILINE) == [
        "$(RUN) -m pip install $(WHEELS)"
    ]
    installs = re.findall(r"^\t@(?:\$\(INSTALL\)|\S*pip install) .*$", MAKEFILE, re.MULTILINE)
    assert len(installs) == MAKEFILE.count("pip install") - 1 + MAKEFILE.count("@$(INSTALL)")
    for line in installs:
        assert "$(INSTALL)" in line or "$(WHEELS)" in line, line
        # the checkout itself has no digest, and brings no dependencies
        assert "--require-hashes" in line or "--no-deps" in line, line


def test_there_are_digests_of_what_make_requirements_installs() -> None:
    installed = re.findall(r"--requirement (\S+)", MAKEFILE)
    assert "requirements-pins.txt" in installed
    assert {CHECKOUT / name for name in installed} <= set(PINS)


@pytest.mark.parametrize("path", PINS, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_every_requirement_is_pinned_with_digests(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    assert lines
    for line in lines:
        assert re.fullmatch(
            r"[\w.-]+(\[[\w,-]+\])?==\S+( ; [^\\]*?)?( +--hash=sha256:\w{64})+", line
        ), line
