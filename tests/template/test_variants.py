"""Variants: a new one is a module and an entry of a table; nothing else knows which there are."""

import json
from collections.abc import Iterator
from typing import Any, cast, get_args

import pytest

from protected_stream import Stream, assemble
from protected_stream.lint import findings
from protected_stream.sections import ingest, packaging
from protected_stream.sections.packaging.formats import FORMATS
from protected_stream.template.emit import document
from tests.conftest import CHECKOUT, Document, of_type
from tests.layers import source_texts
from tests.template.fictitious import (
    FictitiousInputOptions,
    FictitiousPackagingOptions,
    FictitiousStream,
    fictitious_input,
    fictitious_packaging,
)

PACKAGE = CHECKOUT / "generator" / "protected_stream"


@pytest.fixture
def fictitious(monkeypatch: pytest.MonkeyPatch) -> Document:
    """The template of a stream whose input and packager do not exist."""
    monkeypatch.setitem(
        cast(dict[Any, Any], ingest.INPUTS), FictitiousInputOptions, fictitious_input
    )
    monkeypatch.setitem(
        cast(dict[Any, Any], packaging.PACKAGERS), FictitiousPackagingOptions, fictitious_packaging
    )
    return document(assemble(FictitiousStream()))


def test_a_template_with_a_new_input_and_a_new_packager_is_clean(fictitious: Document) -> None:
    assert findings(json.dumps(fictitious), "any") == ()


def test_the_channel_may_read_the_secret_of_its_input(fictitious: Document) -> None:
    policy = fictitious["Resources"]["ChannelRole"]["Properties"]["Policies"][0]["PolicyDocument"]
    assert {
        "Effect": "Allow",
        "Action": ["secretsmanager:GetSecretValue"],
        "Resource": [{"Ref": "InputPassword"}],
    } in policy["Statement"]


def test_the_distribution_reads_from_every_origin_of_the_packager(fictitious: Document) -> None:
    (distribution,) = of_type(fictitious, "AWS::CloudFront::Distribution").values()
    config = distribution["DistributionConfig"]
    media = {
        behavior["PathPattern"]: behavior["TargetOriginId"]
        for behavior in config["CacheBehaviors"]
        if "TrustedKeyGroups" in behavior
    }
    assert media == {
        "/live/*.m3u8": "manifests",
        "/live/*.mpd": "manifests",
        "/live/*": "segments",
    }
    assert {"manifests", "segments"} < {origin["Id"] for origin in config["Origins"]}
    assert not of_type(fictitious, "AWS::MediaPackageV2::OriginEndpointPolicy")


def names_of_inputs() -> Iterator[tuple[str, list[str]]]:
    """The module of each input type, and what names the type: ours, AWS's, the options' class."""
    for options, builder in ingest.INPUTS.items():
        (own,) = get_args(options.model_fields["type"].annotation)
        template = document(assemble(Stream.model_validate({"ingest": {"type": own}})))
        aws = {one["Type"] for one in of_type(template, "AWS::MediaLive::Input").values()}
        yield builder.__module__, [f'"{own}"', options.__name__, *(f'"{one}"' for one in aws)]


def names_of_formats() -> Iterator[tuple[str, list[str]]]:
    """The module of each format, and what names it: the template's output, and /api/config's."""
    for one in FORMATS.values():
        names = [one.output, one.page_setting]
        yield one.configure.__module__, [f'"{name}"' for name in names if name]


@pytest.mark.parametrize(("module", "names"), [*names_of_inputs(), *names_of_formats()])
def test_only_its_module_and_its_table_name_a_variant(module: str, names: list[str]) -> None:
    """What reads any template knows them, too: the linter, the summary, the check from outside."""
    sources = source_texts(PACKAGE)
    table = module.rpartition(".")[0]
    readers = tuple(
        f"protected_stream.{name}" for name in ("lint", "reading", "rehearsal", "verify")
    )
    assert all(name in sources[module] for name in names)
    assert [
        (other, name)
        for other, text in sources.items()
        for name in names
        if name in text and other not in (module, table) and not other.startswith(readers)
    ] == []
