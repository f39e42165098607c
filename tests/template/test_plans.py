"""Which CloudFront flat-rate plans a template could use, and the chart of them."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest

from protected_stream.reading.cost import Usage
from protected_stream.reading.plan_chart import plan_chart
from protected_stream.reading.plans import PLANS, PREMIUM_LEVELS, fits, obstacles, plan_dollars
from protected_stream.reading.prices import PUBLISHED
from protected_stream.reading.svg import text_width
from tests.conftest import Document

WITH_WEB_ACL = {"delivery": {"web_acl": "supplied"}}
NO_SHIELD = {"delivery": {"web_acl": "supplied", "origin_shield": "off"}}


@pytest.mark.parametrize(
    ("changes", "verdicts"),
    [
        ({}, ("no", "no", "after changes", "after changes")),
        (WITH_WEB_ACL, ("no", "no", "after changes", "fits")),
        (NO_SHIELD, ("no", "no", "fits", "fits")),
    ],
)
def test_the_lowest_plan_is_business(
    template_of: Callable[..., Document], changes: dict[str, Any], verdicts: tuple[str, ...]
) -> None:
    """The page's headers policy and the cache policies need it, and Origin Shield Premium."""
    assert tuple(fit.verdict for fit in fits(template_of(**changes))) == verdicts


def test_each_obstacle_names_what_avoids_it(default: Document) -> None:
    found = obstacles(fits(default))
    every = ("Free", "Pro", "Business", "Premium")
    assert {one.what: (against, one.instead) for one, against in found.items()} == {
        "a cache policy of its own": (every[:2], ""),
        "a response headers policy of its own": (every[:2], ""),
        "Origin Shield": (every[:3], 'delivery.origin_shield = "off"'),
        "6 cache behaviors": (every[:1], ""),
        "no web ACL, which every plan needs": (
            every,
            'delivery.web_acl = "supplied", or "managed" in us-east-1',
        ),
    }


@pytest.mark.parametrize(
    "change",
    [
        {"ForwardedValues": {}},
        {"LambdaFunctionAssociations": []},
        {"RealtimeLogConfigArn": "arn"},
    ],
)
def test_what_no_plan_allows_is_found(default: Document, change: dict[str, Any]) -> None:
    resources = default["Resources"]
    distribution = resources["Distribution"]
    config = distribution["Properties"]["DistributionConfig"]
    changed = {**config, "DefaultCacheBehavior": {**config["DefaultCacheBehavior"], **change}}
    template = {
        "Resources": {
            **resources,
            "Distribution": {**distribution, "Properties": {"DistributionConfig": changed}},
        }
    }
    assert {fit.verdict for fit in fits(template)} == {"no"}


def test_a_plan_costs_its_price_up_to_its_allowance() -> None:
    free, pro, business, premium = PLANS
    assert plan_dollars(free, 100, 1e6) == 0
    assert plan_dollars(free, 101, 1) is None
    assert plan_dollars(pro, 1, 10e6 + 1) is None
    assert plan_dollars(business, 50_000, 125e6) == 200
    assert [plan_dollars(premium, one.gigabytes, 1) for one in PREMIUM_LEVELS] == [
        one.dollars for one in PREMIUM_LEVELS
    ]


def test_the_chart_is_the_same_each_time_and_no_text_leaves_it(default: Document) -> None:
    usage = Usage(hours=2, viewers=200, shows=4)
    chart = plan_chart(default, usage, PUBLISHED)
    assert chart == plan_chart(default, usage, PUBLISHED)
    picture = ET.fromstring(chart)  # noqa: S314 - written here
    width = float(picture.attrib["width"])
    texts = picture.findall("{http://www.w3.org/2000/svg}text")
    assert {"Pay as you go", "Premium, after changes", "200 viewers"} <= {one.text for one in texts}
    for one in texts:
        if "text-anchor" not in one.attrib:
            size = float(one.attrib["font-size"])
            is_bold = "font-weight" in one.attrib
            end = float(one.attrib["x"]) + text_width(str(one.text), size, bold=is_bold)
            assert end < width, one.text


def test_pay_as_you_go_rises_with_the_viewers(default: Document) -> None:
    """The first line of the chart: up is less in SVG."""
    picture = ET.fromstring(plan_chart(default, Usage(viewers=50), PUBLISHED))  # noqa: S314
    line = picture.find("{http://www.w3.org/2000/svg}polyline")
    assert line is not None
    heights = [float(point.partition(",")[2]) for point in line.attrib["points"].split()]
    assert heights == sorted(heights, reverse=True)
    assert heights[0] > heights[-1]
