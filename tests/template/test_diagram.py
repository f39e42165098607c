"""The diagram: every connection of every example is in it, and nothing is drawn over anything."""

import itertools
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from protected_stream import Stream, assemble
from protected_stream.cli.diagram import PICTURE
from protected_stream.cli.exit_status import CLEAN, NOTHING_WRITTEN
from protected_stream.cli.main import main
from protected_stream.reading.connections import connections
from protected_stream.reading.diagram import as_mermaid, as_svg
from protected_stream.reading.diagram_cards import PLACES, noun, picture_of
from protected_stream.reading.diagram_layout import Box, Layout, layout_of
from protected_stream.template.emit import document
from tests.conftest import Document

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def template(any_stream: Stream) -> Document:
    """The template of each stream."""
    return document(assemble(any_stream))


@pytest.fixture(scope="module")
def layout(template: Document) -> Layout:
    """Where everything is in its picture."""
    return layout_of(picture_of(template))


def of(template: Document, kind: str) -> list[dict[str, Any]]:
    """The properties of the resources of a type."""
    return [
        one.get("Properties", {}) for one in template["Resources"].values() if one["Type"] == kind
    ]


def distribution(template: Document) -> dict[str, Any]:
    """Of the only distribution."""
    (found,) = of(template, "AWS::CloudFront::Distribution")
    config: dict[str, Any] = found["DistributionConfig"]
    return config


def behaviors(template: Document) -> list[dict[str, Any]]:
    """The default one is the last."""
    config = distribution(template)
    return [*config["CacheBehaviors"], config["DefaultCacheBehavior"]]


def count_triggers(template: Document) -> int:
    """Counted from the template alone."""
    resources = template["Resources"].values()
    methods = of(template, "AWS::ApiGateway::Method")
    return (
        sum(1 for one in resources if one["Type"].startswith("Custom::"))
        + sum(len(one["Targets"]) for one in of(template, "AWS::Events::Rule"))
        + len(of(template, "AWS::SecretsManager::RotationSchedule"))
        + sum(
            1
            for one in of(template, "AWS::Scheduler::Schedule")
            if "medialive" in one["Target"]["Arn"]["Fn::Sub"]
        )
        + sum(1 for one in methods if one["Integration"]["Type"] == "AWS_PROXY")
        + sum(1 for one in methods if "AuthorizerId" in one)
        # a user pool of another stack is a parameter
        + sum(
            1
            for one in of(template, "AWS::ApiGateway::Authorizer")
            for arn in one["ProviderARNs"]
            if "Fn::GetAtt" in arn
        )
        + sum(len(one.get("FunctionAssociations", ())) for one in behaviors(template))
        + len(of(template, "AWS::Logs::Delivery"))
    )


def statements(policy: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Those that allow something."""
    return (one for one in policy["Statement"] if one["Effect"] == "Allow")


def listed(value: Any) -> list[Any]:
    """One or several."""
    return value if isinstance(value, list) else [value]


def target(template: Document, resource: Any, action: str) -> str:
    """The resource that an expression names first, or the service of the action."""
    text = json.dumps(resource)
    names = re.findall(r'(?:"Ref": "|GetAtt": \["|[$][{])([A-Za-z0-9:]+)', text)
    found = [name for name in names if name in template["Resources"]]
    return found[0] if found else "@cloudformation" if "StackId" in text else f"@{action}"


def policies_of_roles(template: Document) -> set[tuple[str, str, str]]:
    """Role, target and operations."""
    return {
        (
            name,
            target(template, resource, listed(statement["Action"])[0].split(":")[0]),
            ", ".join(one.split(":")[1] for one in listed(statement["Action"])),
        )
        for name, role in template["Resources"].items()
        if role["Type"] == "AWS::IAM::Role"
        for policy in role["Properties"].get("Policies", ())
        for statement in statements(policy["PolicyDocument"])
        for resource in listed(statement["Resource"])
    }


def count_policies(template: Document) -> int:
    """Counted from the template alone."""
    policies = (
        *(one["PolicyDocument"] for one in of(template, "AWS::S3::BucketPolicy")),
        *(one["PolicyDocument"] for one in of(template, "AWS::SNS::TopicPolicy")),
        *(one["Policy"] for one in of(template, "AWS::MediaPackageV2::OriginEndpointPolicy")),
        *(one["KeyPolicy"] for one in of(template, "AWS::KMS::Key") if "KeyPolicy" in one),
    )
    signers = {
        json.dumps(signer)
        for one in behaviors(template)
        for signer in (*one.get("TrustedKeyGroups", ()), *one.get("TrustedSigners", ()))
    }
    permissions = {
        (target(template, one.get("SourceArn"), ""), json.dumps(one["FunctionName"]))
        for one in of(template, "AWS::Lambda::Permission")
    }
    return (
        len(policies_of_roles(template))
        + sum(
            len(listed(principal))
            for policy in policies
            for statement in statements(policy)
            for principal in statement["Principal"].values()
        )
        + len(permissions)
        + len(signers)
        + ("WebACLId" in distribution(template))
        + len(of(template, "AWS::WAFv2::WebACLAssociation"))
    )


def test_every_origin_trigger_and_policy_is_found(template: Document) -> None:
    found = Counter(one.kind for one in connections(template))
    assert found["origin"] == len(distribution(template)["Origins"])
    assert found["trigger"] == count_triggers(template)
    assert found["policy"] == count_policies(template)
    roles = {
        (one.source, one.target, one.what)
        for one in connections(template)
        if template["Resources"].get(one.source, {}).get("Type") == "AWS::IAM::Role"
    }
    assert roles == policies_of_roles(template)


def test_every_connection_is_drawn_once(template: Document) -> None:
    expected = Counter(one.kind for one in connections(template))
    picture = ET.fromstring(as_svg(template))  # noqa: S314 - written here
    drawn = [
        text.split()[0]
        for one in picture.iter()
        for text in one.attrib.get("data-connections", "").split("; ")
        if text
    ]
    assert Counter(drawn) == expected
    arrows = [line for line in as_mermaid(template).splitlines() if '|"' in line]
    assert len(arrows) == sum(expected.values())


def test_every_resource_has_a_card_that_knows_it(template: Document) -> None:
    """A type of a new section needs a line in TYPES."""
    homes = picture_of(template).homes
    assert set(homes) >= set(template["Resources"])
    assert "more" not in homes.values()


def test_no_text_meets_another_or_leaves_its_card(layout: Layout) -> None:
    texts = [words for lines in layout.lines.values() for words in lines]
    labels = [words for one in layout.arrows for words in one.labels]
    for first, second in itertools.combinations((*texts, *labels), 2):
        assert not first.box.meets(second.box), (first.text, second.text)
    for words, (key, box) in itertools.product(labels, layout.boxes.items()):
        assert not words.box.meets(box), (words.text, key)
        assert 0 <= words.box.x < words.box.right <= layout.width, words.text
    for key, lines in layout.lines.items():
        box = layout.boxes[key]
        for words in lines:
            assert box.x < words.box.x < words.box.right < box.right, words.text
            assert box.y < words.box.y < words.box.bottom < box.bottom, words.text


def test_no_arrow_runs_through_a_card(layout: Layout) -> None:
    for arrow in layout.arrows:
        for (x1, y1), (x2, y2) in itertools.pairwise(arrow.points):
            assert x1 == x2 or y1 == y2, "arrows run along the grid"
            line = Box(min(x1, x2), min(y1, y2), abs(x1 - x2) + 0.01, abs(y1 - y2) + 0.01)
            for key, box in layout.boxes.items():
                inside = Box(box.x + 1, box.y + 1, box.width - 2, box.height - 2)
                assert not line.meets(inside), (arrow.pair, key)


def test_no_two_cards_meet(layout: Layout) -> None:
    for first, second in itertools.combinations(layout.boxes.values(), 2):
        assert not first.meets(second)
    assert all(box.right < layout.width for box in layout.boxes.values())


def test_no_two_arrows_run_on_top_of_each_other(layout: Layout) -> None:
    segments = [
        (arrow.pair, Box(min(x1, x2), min(y1, y2), abs(x1 - x2), abs(y1 - y2)))
        for arrow in layout.arrows
        for (x1, y1), (x2, y2) in itertools.pairwise(arrow.points)
    ]
    for (one, first), (other, second) in itertools.combinations(segments, 2):
        if one != other and (first.width == 0) == (second.width == 0):
            wide = Box(first.x - 3, first.y - 3, first.width + 6, first.height + 6)
            assert not wide.meets(second), (one, other)


def test_the_places_of_the_cards_differ_but_for_an_origin_of_yours() -> None:
    places = Counter((place.column, place.row) for place in PLACES.values())
    assert [place for place, count in places.items() if count > 1] == [(2, 0)]


def test_the_picture_in_the_docs_is_that_of_the_default_stream(default: Document) -> None:
    """`make docs` writes it."""
    assert PICTURE.read_text("utf-8") == as_svg(default) == as_svg(default)


def test_a_resource_that_nobody_knows_is_drawn(default: Document) -> None:
    table = {"Type": "AWS::DynamoDB::Table", "Properties": {}}
    changed = {**default, "Resources": {**default["Resources"], "Table": table}}
    assert "More resources" in as_svg(changed)
    assert picture_of(changed).homes["Table"] == "more"


def test_types_are_named_in_words() -> None:
    kinds = ("AWS::WAFv2::WebACLAssociation", "AWS::ApiGateway::RestApi", "AWS::KMS::Key")
    assert [noun(kind) for kind in kinds] == ["web ACL association", "REST API", "key"]


@pytest.mark.parametrize(
    ("name", "status", "says"),
    [
        ("a.svg", CLEAN, "a.svg: the template template.json"),
        ("b/a.mmd", CLEAN, "b/a.mmd: the template template.json"),
        ("a.png", NOTHING_WRITTEN, "a.png: its name must end in .svg or .mmd."),
        ("template.json/a.svg", NOTHING_WRITTEN, "cannot be written"),
    ],
)
def test_the_command_writes_what_the_name_says(
    default: Document,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    status: int,
    says: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("template.json").write_text(json.dumps(default), "utf-8")
    assert main(["diagram", "template.json", "--out", name]) == status
    assert says in "".join(capsys.readouterr())
    assert Path(name).is_file() == (status == CLEAN)
