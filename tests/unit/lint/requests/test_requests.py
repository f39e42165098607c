"""The requests that create media resources, against the SDK's models."""

import json
from typing import Any

import pytest
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape
from botocore.validate import ParamValidator
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from protected_stream.lint.media import media_findings
from protected_stream.lint.requests.bounds import Bounds, bounds
from protected_stream.lint.requests.models import REQUESTS, request_shape
from protected_stream.lint.requests.requirements import EXEMPTIONS, REQUIREMENTS
from tests.unit.lint.changes import ENCODER, PACKAGE_GROUP, drop, h264, put
from tests.unit.lint.conftest import FindingsAfter
from tests.unit.lint.example_stream import Document, example_stream

STAND_INS = {"integer": 1, "long": 1, "float": 1.0, "double": 1.0, "boolean": True}


@pytest.mark.parametrize("resource_type", REQUESTS)
def test_every_property_is_a_member_of_the_request(resource_type: str) -> None:
    """CloudFormation's names are exactly the SDK's; only attributes are not."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", resource_type).schema
    read_only = set(schema.get("readOnlyProperties", ()))
    unknown = unknown_members(schema, schema, request_shape(resource_type), "/properties", ())
    assert unknown - read_only == set()


def unknown_members(
    root: Document, schema: Document, shape: Shape, place: str, above: tuple[str, ...]
) -> set[str]:
    """The pointers of properties that the schema has below the place and the shape lacks."""
    while "$ref" in schema:
        schema = root["definitions"][schema["$ref"].rpartition("/")[2]]
    unknown = set()
    if isinstance(shape, StructureShape) and shape.name not in above:
        for name, inner in schema.get("properties", {}).items():
            pointer = f"{place}/{name}"
            if name not in shape.members:
                unknown.add(pointer)
            else:
                below = (*above, shape.name)
                unknown |= unknown_members(root, inner, shape.members[name], pointer, below)
    elif isinstance(shape, ListShape) and schema.get("type") == "array":
        unknown |= unknown_members(root, schema["items"], shape.member, f"{place}/*", above)
    return unknown


@pytest.mark.parametrize("resource_type", REQUESTS)
def test_the_sdk_itself_accepts_the_requests(template: Document, resource_type: str) -> None:
    """The template's properties, with placeholders for expressions, are valid requests."""
    for resource in template["Resources"].values():
        if resource["Type"] == resource_type:
            shape = request_shape(resource_type)
            report = ParamValidator().validate(as_request(shape, resource["Properties"]), shape)
            assert report.generate_report() == ""


def as_request(shape: Shape, value: Any) -> Any:
    """The value as it is sent: expressions, tags and policies in the form that the SDK accepts."""
    is_expression = isinstance(value, dict) and any(key[:4] in ("Ref", "Fn::") for key in value)
    if is_expression:
        return STAND_INS.get(shape.type_name, "x")
    if isinstance(shape, StructureShape):
        return {name: as_request(shape.members[name], inner) for name, inner in value.items()}
    if isinstance(shape, ListShape):
        return [as_request(shape.member, item) for item in value]
    if isinstance(shape, MapShape):
        tags = {tag["Key"]: tag["Value"] for tag in value} if isinstance(value, list) else value
        return {name: as_request(shape.value, inner) for name, inner in tags.items()}
    if isinstance(shape, StringShape) and isinstance(value, dict):
        return json.dumps(value)
    return value


def test_every_requirement_adds_to_the_model_and_every_exemption_takes_from_it() -> None:
    """Finds rows with a member that the model lacks, or no longer requires; remove them."""
    shapes = {
        (service, shape.name): shape
        for resource_type, (service, _) in REQUESTS.items()
        for shape in structures(request_shape(resource_type), ())
    }
    stale = [
        (row.shape, row.member)
        for service, rows in REQUIREMENTS.items()
        for row in rows
        if row.member not in shapes[service, row.shape].members
    ] + [
        (row.shape, row.member)
        for service, rows in EXEMPTIONS.items()
        for row in rows
        if row.member not in shapes[service, row.shape].required_members
    ]
    assert stale == []


def test_an_audio_description_needs_no_selector(findings_after: FindingsAfter) -> None:
    """Its model requires one; deployed channels have none, and take the input's first audio."""
    path = f"{ENCODER}.AudioDescriptions[0].AudioSelectorName"
    assert findings_after(drop("Channel", path)) == set()


@pytest.mark.parametrize(
    ("resource", "path", "value"),
    [
        ("Endpoint", "HlsManifests[0].ManifestWindowSeconds", "300"),
        ("Endpoint", "HlsManifests[0].UrlEncodeChildManifest", "true"),
        ("Endpoint", "HlsManifests[0].StartTag.TimeOffset", "-12.5"),
        ("Channel", h264(0, "MaxBitrate"), "4100000"),
        ("Channel", h264(0, "FramerateNumerator"), "30"),
        ("PackagerGroup", "Tags", [{"Key": 1, "Value": True}]),
    ],
)
def test_a_number_or_boolean_may_be_a_string_and_the_reverse(
    findings_after: FindingsAfter, resource: str, path: str, value: Any
) -> None:
    assert findings_after(put(resource, path, value)) == set()


def structures(shape: Shape, above: tuple[str, ...]) -> list[StructureShape]:
    """Every structure in the shape."""
    if shape.name in above:
        return []
    above = (*above, shape.name)
    if isinstance(shape, StructureShape):
        inner = [found for one in shape.members.values() for found in structures(one, above)]
        return [shape, *inner]
    return structures(shape.member, above) if isinstance(shape, ListShape) else []


@pytest.mark.parametrize(
    ("name", "metadata", "expected"),
    [
        ("__integerMin1Max6", {}, Bounds(1, 6)),
        ("__doubleMin0Max100", {}, Bounds(0, 100)),
        ("__longMin0Max86400000", {}, Bounds(0, 86_400_000)),
        ("__integerMinNegative60Max60", {}, Bounds(-60, 60)),
        ("__doubleMinNegative59Max0", {}, Bounds(-59, 0)),
        ("__integerMin1000", {}, Bounds(1000, None)),
        ("__stringMax255", {}, Bounds(None, 255)),
        ("__stringMin34Max34", {}, Bounds(34, 34)),
        ("__integer", {}, Bounds(None, None)),
        ("__stringPattern010920300", {}, Bounds(None, None)),
        ("__listOf__integerMin1Max6", {}, Bounds(None, None)),
        ("SegmentSegmentDurationSecondsInteger", {"min": 1, "max": 30}, Bounds(1, 30)),
        ("ResourceName", {"min": 1}, Bounds(1, None)),
    ],
)
def test_ranges_are_in_metadata_and_in_names(
    name: str, metadata: dict[str, int], expected: Bounds
) -> None:
    assert bounds(Shape(name, {"type": "integer", **metadata})) == expected


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (Bounds(1, 6), "from 1 to 6"),
        (Bounds(1, None), "at least 1"),
        (Bounds(None, 255), "at most 255"),
    ],
)
def test_ranges_are_described_in_words(limits: Bounds, expected: str) -> None:
    assert str(limits) == expected


@pytest.mark.parametrize(
    ("resource", "path", "value", "message"),
    [
        ("Channel", h264(0, "MaxBitrate"), 999, "999 is out of range: it must be at least 1000."),
        ("Channel", h264(0, "MaxBitrate"), 4e6, "Must be a whole number, not 4000000.0."),
        ("Channel", h264(0, "Profile"), "TALL", '"TALL" is not one of BASELINE, HIGH, '),
        ("Channel", f"{ENCODER}.TimecodeConfig", "now", 'Must be an object, not "now".'),
        ("Channel", "Nome", "x", "CreateChannelRequest has no member Nome: remove it or correct"),
        ("Channel", "name", "x", "CreateChannelRequest has no member name: write Name."),
        (
            "Channel",
            f"{PACKAGE_GROUP}.MediaPackageV2GroupSettings",
            {},
            "MediaPackageGroupSettings has no member MediaPackageV2GroupSettings: "
            "write MediapackageV2GroupSettings.",
        ),
        ("Channel", "Name", "", "Name is missing or empty, and the service requires it."),
        (
            "Channel",
            "InputAttachments",
            [],
            "InputAttachments is missing or empty, and the service",
        ),
        ("Endpoint", "Url", "x", "CreateOriginEndpointRequest has no member Url: remove it"),
        ("Endpoint", "HlsManifests[0].ManifestName", "my live", '"my live" does not match '),
        ("PackagerGroup", "Tags", [{"Key": "team"}], "A tag needs a Value."),
        ("PackagerGroup", "Tags", {"team": [7]}, "Must be a string, not [7]."),
        ("PackagerGroup", "Tags", "team", 'Must be a list of tags, not "team".'),
        ("Endpoint", "HlsManifests[0].UrlEncodeChildManifest", "yes", "Must be true or false"),
        ("Endpoint", "HlsManifests[0].UrlEncodeChildManifest", 1, "Must be true or false"),
        ("Channel", h264(0, "MaxBitrate"), "999", "999 is out of range: it must be at least 1000."),
        ("Channel", h264(0, "MaxBitrate"), "4e6", 'Must be a whole number, not "4e6".'),
        (
            "Endpoint",
            "HlsManifests[0].FilterConfiguration",
            {"Start": "yesterday"},
            "Must be a time such as",
        ),
        (
            "Endpoint",
            "Segment.Scte",
            {"CustomAdTypes": ["a"] * 26},
            "The list has 26 items; it must have from 0 to 25.",
        ),
        ("OnlyDelivery", "Policy", {"Statement": ["x" * 6200]}, "The string has 6218 characters; "),
        ("OnlyDelivery", "Policy", 7, "Must be a string, not 7."),
    ],
)
def test_a_finding_says_what_is_wrong_and_what_to_do(
    resource: str, path: str, value: Any, message: str
) -> None:
    template = example_stream()
    put(resource, path, value)(template["Resources"])
    told = {
        one.message
        for one in media_findings(template)
        if one.resource == resource and one.path.startswith(path)
    }
    assert any(one.startswith(message) for one in told), told


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("HlsManifests[0].FilterConfiguration", {"Start": "2026-01-31T12:00:00Z"}),
        ("Segment.Scte", {"CustomAdTypes": []}),
        ("HlsManifests[0].StartTag", {"TimeOffset": 0}),
        ("Tags", []),
    ],
)
def test_what_the_models_allow_is_fine(
    findings_after: FindingsAfter, path: str, value: Any
) -> None:
    assert findings_after(put("Endpoint", path, value)) == set()


def test_a_policy_may_be_text(findings_after: FindingsAfter) -> None:
    assert findings_after(put("OnlyDelivery", "Policy", json.dumps({"Statement": []}))) == set()
