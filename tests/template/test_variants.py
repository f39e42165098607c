"""Variants: a new one is a module and an entry of a table; nothing else knows which there are."""

import json
from typing import Any, cast

import pytest

from protected_stream import assemble
from protected_stream.lint import findings
from protected_stream.sections import ingest, packaging
from protected_stream.template.emit import document
from tests.conftest import Document, of_type
from tests.template.fictitious import (
    FictitiousInputOptions,
    FictitiousPackagingOptions,
    FictitiousStream,
    fictitious_input,
    fictitious_packaging,
)


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
