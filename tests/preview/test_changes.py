"""`diff` tells what the preview does: each option and parameter, and seeded pairs of streams."""

import random
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from preview.account import Account
from preview.cli.existing_pool import create_pool
from preview.cli.sample_parameters import with_sample_values
from preview.cloudformation.stack import Stack
from preview.cloudformation.update_behavior import KEPT_BY_AWS
from preview.errors import Rejected
from protected_stream import Stream, assemble
from protected_stream.building import build
from protected_stream.reading.changes import REFUSED_CHANGES, Change, Effect, changes
from protected_stream.template.emit import document
from tests.option_pairs import FOLDER, factors, is_possible, refusals
from tests.option_pairs import document as stream_document
from tests.preview.operator import PARAMETERS, template_in
from tests.preview.updates import BROUGHT, EXPECTED, GIVEN, OPTIONS, in_words

SEED = 20_261_201
PAIRS = 100
PARTS = 4
VERBS = {
    Effect.IN_PLACE: "updates",
    Effect.PERHAPS_REPLACED: "updates",
    Effect.REPLACED: "REPLACES",
    Effect.ADDED: "adds",
    Effect.REMOVED: "removes",
    Effect.REFUSED: "refuses",
}
KEEPS = "keeps outside the stack"
BACK = "ViewerEmail, back to the former address"
"""Refused because of what Cognito has, which no template tells."""
LINES = dict(line.partition(": ")[::2] for line in EXPECTED.read_text("utf-8").splitlines()[2:])

Words = dict[str, set[str]]


def told(found: tuple[Change, ...]) -> Words:
    """The names in the changes, by what happens to them."""
    names: Words = {}
    for change in found:
        names.setdefault(VERBS[change.effect], set()).add(change.name)
        if change.kept:
            names.setdefault(KEEPS, set()).add(change.name)
    return names


def seen(line: str) -> Words:
    """The names in a line of the preview's, by what happened to them."""
    found = re.finditer(rf"(?:^|; )({'|'.join(VERBS.values())}|{KEEPS}) ([^;]+)", line)
    return {match[1]: set(match[2].split(", ")) for match in found}


def values_of(template: Mapping[str, Any], **given: str) -> dict[str, str]:
    """Values of the template's parameters."""
    known = {**PARAMETERS, **BROUGHT, **given}
    return {name: text for name, text in known.items() if name in template["Parameters"]}


def updates(default: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], dict[str, str]]]:
    """The template and its values after each change of `tests.preview.updates`."""
    for name, options in OPTIONS.items():
        template = document(assemble(Stream.model_validate(options)))
        yield name, template, values_of(template)
    for name, text in GIVEN.items():
        yield name, default, values_of(default, **{name: text})
    yield "ViewerEmail, empty", default, values_of(default, ViewerEmail="")


def test_every_option_and_parameter_changes_what_the_preview_changes(
    default: dict[str, Any],
) -> None:
    names = []
    for name, template, values in updates(default):
        found = changes(default, template, old_values=values_of(default), new_values=values)
        assert told(found) == seen(LINES[name]), name
        names.append(name)
    assert {*names, BACK} == set(LINES)


def test_the_same_changes_are_refused() -> None:
    """A row that only one of the tables has is wrong in one of them."""
    of_the_preview = {
        ("Custom::" if kind == "AWS::CloudFormation::CustomResource" else kind, path)
        for kind, paths in KEPT_BY_AWS.items()
        for path in paths
    }
    assert set(REFUSED_CHANGES) == of_the_preview


@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(PARTS))
def test_a_pair_of_streams_changes_what_the_preview_changes(part: int, tmp_path: Path) -> None:
    """A stack goes from one stream to the next; after a refusal, another one goes on."""
    streams = list(_streams(random.Random(SEED + part), PAIRS // PARTS + 1))  # noqa: S311
    compared = 0
    while len(streams) > 1:
        with Account() as account:
            compared += _walk(account, streams, tmp_path)
    assert compared == PAIRS // PARTS


def _walk(account: Account, streams: list[Stream], folder: Path) -> int:
    """Deploys the streams until one is refused; the last that was tried stays in the list."""
    lines: list[str] = []
    stack = Stack(account=account, say=lines.append)
    template, values = _ready(account, streams[0], folder)
    stack.deploy(template, values)
    compared = 0
    while len(streams) > 1:
        streams.pop(0)
        new, new_values = _ready(account, streams[0], folder)
        found = told(changes(template, new, old_values=values, new_values=new_values))
        lines.clear()
        compared += 1
        if "refuses" in found:
            with pytest.raises(Rejected):
                stack.deploy(new, new_values)
            break
        stack.deploy(new, new_values)
        assert found == seen(in_words(lines)), streams[0]
        template, values = new, new_values
    return compared


def _streams(chance: random.Random, count: int) -> Iterator[Stream]:
    """Streams with some options, the same in every run."""
    while count:
        row: dict[str, int] = {}
        for name in chance.sample(sorted(factors()), chance.randint(1, 12)):
            if is_possible(name, row):
                row[name] = chance.randrange(len(factors()[name].values))
        options = stream_document(row)
        if refusals(options):
            continue
        stream = Stream.model_validate(options, context={"folder": FOLDER})
        if _is_supported(stream):
            count -= 1
            yield stream


def _is_supported(stream: Stream) -> bool:
    """The preview refuses secrets that are encrypted with a key of the stack."""
    resources = document(assemble(stream))["Resources"].values()
    secrets = [one for one in resources if one["Type"] == "AWS::SecretsManager::Secret"]
    return not any("KmsKeyId" in one["Properties"] for one in secrets)


def _ready(account: Account, stream: Stream, folder: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """The template of the stream, with its code and all that it needs in the account."""
    out = folder / stream.name
    build(stream, out)
    template = template_in(out)
    declared = template["Parameters"]
    values = with_sample_values(declared, values_of(template))
    values = {name: text for name, text in values.items() if name in declared}
    for file in (out / "lambda").glob("*.zip"):
        key = values.get("ArtifactPrefix", "") + file.name
        account.put_object(values["ArtifactBucket"], key, file.read_bytes())
    create_pool(account, declared, values)
    return template, values
