"""The emitted template and its zip files, built once; its mutations, tried beside other tests."""

import functools
import tempfile
from collections.abc import Callable, Collection
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from protected_stream.build import build
from protected_stream.config import Stream
from tests.conftest import OF_DEFAULT, OF_SIGNING, file_of
from tests.preview.mutations import Mutation, mutations
from tests.preview.operator import template_in
from tests.preview.processes import processes
from tests.preview.scenario import violation, violation_of_signing
from tests.preview.signing_parts import distinct, new_pieces, signing_parts, write_code

Found = dict[Mutation, str | None]
FoundInSigning = dict[tuple[str, Mutation], str | None]
"""By the name of the example and the mistake."""
UNCHANGED = "unchanged"
"""The operator that makes no mistake."""


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the default stream's build, as `make template` writes it."""
    folder = tmp_path_factory.mktemp("build")
    build(Stream(), folder, lambda _: None)
    return folder


@dataclass(frozen=True, kw_only=True)
class _Scenarios:
    """Mutations of templates, each in its scenario in another process."""

    folder: "tempfile.TemporaryDirectory[str]"
    pool: ProcessPoolExecutor
    of_default: dict[Mutation, "Future[str | None]"]
    of_signing: dict[tuple[str, Mutation], "Future[str | None]"]


SCENARIOS = pytest.StashKey[_Scenarios]()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What nobody waits for any more ends."""
    scenarios = session.config.stash.get(SCENARIOS, None)
    if scenarios is not None:
        scenarios.pool.shutdown(cancel_futures=True)
        scenarios.folder.cleanup()


@pytest.fixture(scope="session")
def found(request: pytest.FixtureRequest) -> Found:
    """What the preview finds wrong with each mutation; None where it finds nothing."""
    answers = request.config.stash[SCENARIOS].of_default
    return {mutation: answer.result() for mutation, answer in answers.items()}


@pytest.fixture(scope="session")
def found_in_signing(request: pytest.FixtureRequest) -> FoundInSigning:
    """The same of the signing parts of the examples, and of the examples as they are."""
    answers = request.config.stash[SCENARIOS].of_signing
    return {mutation: answer.result() for mutation, answer in answers.items()}


def begin(session: pytest.Session) -> None:
    """Begins with the scenarios that the session's tests ask for, in other processes; once."""
    if SCENARIOS not in session.config.stash:
        session.config.stash[SCENARIOS] = _begun({file_of(item) for item in session.items})


def _begun(wanted: Collection[str]) -> _Scenarios:
    folder, pool = tempfile.TemporaryDirectory(prefix="mutations-"), processes(behind=True)
    place = Path(folder.name)
    return _Scenarios(
        folder=folder,
        pool=pool,
        of_signing=_of_signing(pool, place) if OF_SIGNING in wanted else {},
        of_default=_of_default(pool, place / "default") if OF_DEFAULT in wanted else {},
    )


def _of_default(pool: ProcessPoolExecutor, built: Path) -> dict[Mutation, "Future[str | None]"]:
    build(Stream(), built, lambda _: None)
    return {
        mutation: pool.submit(functools.partial(_outcome, violation, built), mutation)
        for mutation in mutations(template_in(built))
    }


def _of_signing(
    pool: ProcessPoolExecutor, folder: Path
) -> dict[tuple[str, Mutation], "Future[str | None]"]:
    """Each signing part once; in it, what no other has. The default's is among its mutations."""
    parts = signing_parts()
    for architecture in {part.architecture for part in parts}:
        same = [part for part in parts if part.architecture == architecture]
        write_code(same, folder / architecture)
    differing = [part.example for part in distinct(parts)]
    return {
        (part.example, mutation): pool.submit(
            functools.partial(_outcome, violation_of_signing, folder / part.architecture), mutation
        )
        for part, pieces in new_pieces(parts)
        if part.example in differing and part.example != "default"
        for mutation in (
            Mutation(operator=UNCHANGED, place="", template=part.template),
            *part.by_hand(),
            *part.mistakes(pieces),
        )
    }


def _outcome(
    violation_of: Callable[..., str | None], built: Path, mutation: Mutation
) -> str | None:
    return violation_of(mutation.template, built, late=mutation.late)
