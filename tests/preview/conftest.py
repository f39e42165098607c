"""The emitted template and its zip files, built once; its mutations, tried beside other tests."""

import functools
import tempfile
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.build import build
from generator.config import Stream
from tests.preview.mutations import Mutation, mutations
from tests.preview.operator import template_in
from tests.preview.processes import processes
from tests.preview.trial import objection

Found = dict[Mutation, str | None]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the default stream's build, as `make template` writes it."""
    folder = tmp_path_factory.mktemp("build")
    build(Stream(), folder, lambda _: None)
    return folder


@dataclass(frozen=True, kw_only=True)
class _Trials:
    """Every mutation of the default template, on trial in other processes."""

    folder: "tempfile.TemporaryDirectory[str]"
    pool: ProcessPoolExecutor
    answers: dict[Mutation, "Future[str | None]"]


TRIALS = pytest.StashKey[_Trials]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is timed comes first, undisturbed; the mutations come last, as they take longest."""
    items.sort(key=lambda item: (item.path.name != "test_speed.py", _is_of_mutations(item)))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Begins with the trials at the preview's first test, if they are asked for."""
    wanted = any(_is_of_mutations(one) for one in item.session.items)
    if wanted and TRIALS not in item.config.stash:
        item.config.stash[TRIALS] = _begun()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What nobody waits for any more ends."""
    trials = session.config.stash.get(TRIALS, None)
    if trials is not None:
        trials.pool.shutdown(cancel_futures=True)
        trials.folder.cleanup()


@pytest.fixture(scope="session")
def found(request: pytest.FixtureRequest) -> Found:
    """What the preview finds wrong with each mutation; None where it finds nothing."""
    answers = request.config.stash[TRIALS].answers
    return {mutation: answer.result() for mutation, answer in answers.items()}


def _begun() -> _Trials:
    folder = tempfile.TemporaryDirectory(prefix="mutations-")
    built = Path(folder.name)
    build(Stream(), built, lambda _: None)
    pool = processes()
    answers = {
        mutation: pool.submit(functools.partial(_tried, built), mutation)
        for mutation in mutations(template_in(built))
    }
    return _Trials(folder=folder, pool=pool, answers=answers)


def _tried(built: Path, mutation: Mutation) -> str | None:
    return objection(mutation.template, built, late=mutation.late)


def _is_of_mutations(item: pytest.Item) -> bool:
    return item.path.name == "test_mutations.py"
