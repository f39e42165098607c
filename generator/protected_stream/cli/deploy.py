"""`protected-stream deploy`: deploys the build, and uploads the page."""

import argparse
import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from protected_stream.cli import on_stack, page, template
from protected_stream.cli.changes import as_data, print_changes
from protected_stream.cli.console import ask, print_json, print_table
from protected_stream.cli.exit_status import CLEAN, refuse, say
from protected_stream.cli.parameters import values_in
from protected_stream.errors import BuildError
from protected_stream.operator.artifacts import BUCKET, expect_zip_files
from protected_stream.operator.change_set import ChangeSet, deleted_on_failure, new_name
from protected_stream.operator.channel import takes_off_the_air
from protected_stream.operator.clock import moment
from protected_stream.operator.deployed_stack import DeployedStack, find, found, is_in_review
from protected_stream.operator.deployment import (
    Bucket,
    Build,
    addresses,
    exact_changes,
    execute,
    expect_deployable,
    named,
    uploaded,
)
from protected_stream.operator.page_upload import page_files, sync
from protected_stream.reading.changes import Change
from protected_stream.reading.consequences import STOP_TO_UPDATE, needing_a_stop
from protected_stream.reading.hourly_cost import of_a_deployment
from protected_stream.reading.parameters import declared, for_change_set, merged
from protected_stream.reading.planned_words import soon_in_words
from protected_stream.reading.written import build_notes, changed_since, read_template

RESTART = (
    "The channel guard starts the channel again after the update, which takes a minute or two more."
)
START_CHANNEL = "StartChannel"
STARTING = "The channel is starting: `protected-stream start` waits until it runs."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument(
        "stream",
        nargs="?",
        type=Path,
        help="build this stream file first; by default, deploy what is in --out",
    )
    add_arguments_of_build(parser)
    on_stack.add_arguments(parser, asks=True)


def add_arguments_of_build(parser: argparse._ActionsContainer) -> None:
    """Adds the arguments that `build_in` and the upload of the code need, besides the folder."""
    parser.add_argument("--bucket", help="for the functions' code; by default, ArtifactBucket")
    parser.add_argument("--create-bucket", action="store_true", help="create it if it is missing")
    parser.add_argument("--parameters", type=Path, help="by default, parameters-NAME.json")


def run(asked: argparse.Namespace) -> int:
    """Returns 0 if deployed, or a status of its own for findings, bad input, AWS, and refusal."""
    stream = asked.stream or _only_a_stream_file(asked.out)
    former = build_notes(asked.out).stream_file
    if stream and former and Path(former).resolve() != stream.resolve():
        say(f"note: {asked.out} was built from {former} before")
    if stream and (status := _built(stream, asked.out)):
        return status
    if file := changed_since(asked.out):
        say(f"note: {file} was changed after this build; `deploy {file}` builds and deploys that")
    try:
        build = build_in(asked)
        expect_zip_files(build.template, asked.out / "lambda")
        files = page_files(asked.out)
    except BuildError as error:
        return refuse(str(error))
    if asked.region is None and build.notes.region != "any":
        asked.region = build.notes.region
    try:
        return on_stack.run(asked, partial(_deploy, build=build, files=files))
    except BuildError as error:
        return refuse(str(error))


def _only_a_stream_file(out: Path) -> Path | None:
    """The stream file of this folder, if nothing is built yet.

    Something that is built may be of another stream file, so it is not built again unasked.
    """
    file = template.DEFAULT_FILE
    return file if file.exists() and not (out / "template.json").exists() else None


def _built(stream: Path, out: Path) -> int:
    """Builds template and page, without their advice to deploy by hand; 0 if clean."""
    say(f"building {stream} into {out}")
    with Path(os.devnull).open("w") as nothing, contextlib.redirect_stdout(nothing):
        asked = argparse.Namespace(stream=stream, out=out, lint=True)
        return template.run(asked) or page.run(asked)


def build_in(asked: argparse.Namespace) -> Build:
    """What is in the folder, with the values of the parameters file.

    Raises:
        BuildError: there is no build, or the file or a value in it is not right.
    """
    document = read_template(asked.out)
    name = document["Metadata"]["Generator"]["Name"]
    file = asked.parameters or Path(f"parameters-{name}.json")
    given = values_in(file) if asked.parameters or file.exists() else {}
    merge = merged(declared(document), given)
    if merge.objections:
        raise BuildError(f"{file}: {' '.join(merge.objections)}")
    for gone in merge.gone:
        say(f"{file}: {gone} is no longer a parameter; it is left out")
    values = {**merge.values, **({BUCKET: asked.bucket} if asked.bucket else {})}
    return Build(
        folder=asked.out,
        template=document,
        body=(asked.out / "template.json").read_bytes(),
        notes=build_notes(asked.out),
        values={name: text for name, text in values.items() if name in document["Parameters"]},
    )


def _deploy(target: on_stack.Target, *, build: Build, files: Mapping[str, Path]) -> int:
    stack = find(target.connection, target.name)
    expect_deployable(target.connection, build, target.name, stack)
    bucket = Bucket(name=target.asked.bucket, create=target.asked.create_bucket)
    build, bucket = named(target.connection, build, target.name, bucket)
    former = stack.parameters if stack else {}
    place, _ = build.artifacts(former, bucket.name)
    parameters = for_change_set(declared(build.template), build.values, former)
    body = uploaded(target.connection, build, former, bucket, say)
    change_set = ChangeSet(
        connection=target.connection,
        stack=target.name,
        name=new_name(),
        creates=stack is None,
        reviewed=stack is None and is_in_review(target.connection, target.name),
    )
    agreed = _reviewed(target, change_set, build, stack, body, parameters, bucket=place)
    changes = agreed.changes if agreed else ()
    if agreed:
        execute(change_set, target.clock, say, changes=changes, sources=build.notes.sources)
    now = found(target.connection, target.name)
    count, gone = sync(target.connection, files, now.outputs["PageBucketName"])
    say(f"the page: {count} files uploaded, {gone} former ones deleted")
    if target.asked.json:
        print_json({"Changes": as_data(changes), "Outputs": dict(now.outputs)})
    else:
        print_table(("output", "value"), addresses(now.outputs))
    if stack is None and "ChannelId" in now.outputs:
        is_starting = now.parameters.get(START_CHANNEL) == "Yes"
        say(STARTING if is_starting else "The stream is not on the air yet: protected-stream start")
    elif agreed and agreed.is_interrupted:
        say(STARTING)
    return CLEAN


@dataclass(frozen=True, kw_only=True)
class _Agreed:
    """What the operator agrees to."""

    changes: tuple[Change, ...]
    is_interrupted: bool
    """Whether a show is, by the update."""


def _reviewed(
    target: on_stack.Target,
    change_set: ChangeSet,
    build: Build,
    stack: DeployedStack | None,
    body: dict[str, str],
    parameters: list[dict[str, Any]],
    *,
    bucket: str,
) -> _Agreed | None:
    """What the operator agrees to; None if nothing changes.

    `bucket` has what was uploaded; it is empty if nothing was. Whatever prevents the execution, the
    change set is deleted.

    Raises:
        BuildError: the channel guard would refuse the update.
        AwsError: AWS refuses, or cannot be reached.
        Declined: the operator does not agree.
    """
    with deleted_on_failure(change_set):
        change_set.create(body, parameters)
        listed = change_set.changes(target.clock)
        if listed is None:
            change_set.delete()
            say("Nothing changes in the stack; the page is uploaded again.")
            return None
        changes = exact_changes(listed, build, stack, target.connection.region)
        if stack is None:
            say(f"The stack is new, with {len(changes)} resources.")
        elif not target.asked.json:
            print_changes(changes)
        if stack and (soon := soon_in_words(stack.template, moment(target.clock.now()))):
            say(f"planned: {soon}. Once the channel runs, MediaLive refuses to change it.")
        is_interrupted = stack is not None and takes_off_the_air(
            stack,
            target.clock,
            names=needing_a_stop(changes),
            date={**stack.parameters, **build.values}.get(STOP_TO_UPDATE, ""),
        )
        if costs := of_a_deployment(build.template, stack.template if stack else None):
            say(costs)
        if is_interrupted:
            say(f"The stream is ON THE AIR: the show is interrupted. {RESTART}")
        verb = "Create" if stack is None else "Update"
        ask(
            f"{verb} the stack {target.name}?",
            is_answered=target.asked.yes,
            otherwise="The stack was not changed."
            + (f" What was uploaded stays in the bucket {bucket}." if bucket else ""),
        )
    return _Agreed(changes=changes, is_interrupted=is_interrupted)
