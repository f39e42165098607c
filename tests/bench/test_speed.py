"""Speed of building a template and starting the preview, compared to public commands.

`make bench ARGS=-rP` prints the figures: 5.1 to 7.8 on different machines and in different runs, as
the reference is mostly the interpreter's start; 1.3 and 3.2 where the limits were set.
"""

from pathlib import Path

import pytest

from tests.bench.processor_time import (
    COMMANDS,
    IMPORT_TROPOSPHERE,
    alternating,
    processor_seconds,
)
from tests.conftest import CHECKOUT
from tests.preview.operator import PARAMETERS

REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-2")


@pytest.fixture
def template(built: Path) -> tuple[str | Path, ...]:
    """The command that builds the default template; its zip files already exist."""
    return COMMANDS / "protected-stream", "template", CHECKOUT / "stream.toml", "--out", built


@pytest.fixture
def cfn_lint(built: Path) -> tuple[str | Path, ...]:
    """The public linter on the same file, with the same Regions."""
    return COMMANDS / "cfn-lint", "--template", built / "template.json", "--regions", *REGIONS


def compare(what: str, seconds: float, reference: float, limit: float) -> None:
    """Fails if it takes more than `limit` times as long as the reference."""
    print(f"{what}: {seconds:.2f} s, {seconds / reference:.1f} times {reference:.2f} s")
    assert seconds <= limit * reference


def test_building_without_linting_compares_to_importing_troposphere(
    template: tuple[str | Path, ...],
) -> None:
    seconds, reference = alternating((*template, "--no-lint"), IMPORT_TROPOSPHERE)
    compare("building", seconds, reference, 9)


def test_building_compares_to_cfn_lint_of_the_same_file(
    template: tuple[str | Path, ...], cfn_lint: tuple[str | Path, ...]
) -> None:
    compare("building and linting", processor_seconds(*template), processor_seconds(*cfn_lint), 1.6)


def test_starting_the_preview_compares_to_cfn_lint_of_the_same_file(
    built: Path, cfn_lint: tuple[str | Path, ...]
) -> None:
    """Without the encoder."""
    parameters = (f"{name}={value}" for name, value in PARAMETERS.items())
    options = ("--no-browser", "--no-encoder", *parameters)
    template = built / "template.json"
    seconds = processor_seconds(
        COMMANDS / "python", "-m", "preview", template, *options, ready="Ready in "
    )
    compare("starting the preview", seconds, processor_seconds(*cfn_lint), 4)
