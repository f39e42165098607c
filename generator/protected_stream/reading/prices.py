"""AWS prices: one table, each price with its source and date.

Prices are those of us-east-1 in US dollars, without discounts of yours. A price that no source
gives is None: what it is for is left out of every sum and named. A file of your own prices
replaces any of them, and adds those of further classes of MediaLive.
"""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from protected_stream.errors import BuildError

PRICES_OF = "2026-09-18"
"""The date of the newest MediaLive and MediaPackage prices; others have their own."""
PRICES_IN = "us-east-1"


class Price(NamedTuple):
    """What one unit costs."""

    dollars: float | None
    unit: str
    date: str
    source: str
    tiers: tuple[tuple[float, float], ...] = ()
    """From how many units a month on each further price holds."""
    free: float = 0
    """Units a month that every account has free of charge, for all of its stacks together."""


LIVE = "AWS Price List API, AWSElementalMediaLive"
"""Also AWS Solutions, "Live Streaming on AWS with Amazon S3", cost examples:
https://docs.aws.amazon.com/solutions/latest/live-streaming-on-aws-with-amazon-s3/cost.html"""
UNKNOWN = "AWS Elemental MediaLive pricing, https://aws.amazon.com/medialive/pricing/"
PACKAGE = "AWS Price List API, AWSElementalMediaPackage"
EDGE = "Amazon CloudFront pricing, https://aws.amazon.com/cloudfront/pricing/"
FIREWALL = "AWS WAF pricing, https://aws.amazon.com/waf/pricing/"
POOL = "Amazon Cognito pricing, https://aws.amazon.com/cognito/pricing/"
KEYS = "AWS KMS pricing, https://aws.amazon.com/kms/pricing/"
REST_API = "other sites' copies of Amazon API Gateway pricing (REST APIs)"
LAMBDA = "other sites' copies of AWS Lambda pricing (Arm), https://aws.amazon.com/lambda/pricing/"
LOGS = (
    "other sites' copies of Amazon CloudWatch pricing, https://aws.amazon.com/cloudwatch/pricing/"
)
GIGABYTE, MILLION = "gigabyte", "million requests"

PRICES: Mapping[str, Price] = {
    # hours of MediaLive: input by codec, resolution and Mbit/s; output also by frames per second
    "medialive.standard.input.avc-hd-10": Price(0.234, "hour", PRICES_OF, LIVE),
    "medialive.standard.input.avc-hd-20": Price(0.294, "hour", PRICES_OF, LIVE),
    "medialive.standard.output.avc-sd-30-10": Price(0.354, "hour", PRICES_OF, LIVE),
    "medialive.standard.output.avc-hd-30-10": Price(0.702, "hour", PRICES_OF, LIVE),
    "medialive.standard.output.audio": Price(None, "hour", PRICES_OF, UNKNOWN),
    "medialive.standard.output.caption": Price(None, "hour", PRICES_OF, UNKNOWN),
    "medialive.single-pipeline.input.avc-hd-10": Price(0.1404, "hour", PRICES_OF, LIVE),
    "medialive.single-pipeline.input.avc-hd-20": Price(0.1764, "hour", PRICES_OF, LIVE),
    "medialive.single-pipeline.output.avc-sd-30-10": Price(0.2124, "hour", PRICES_OF, LIVE),
    "medialive.single-pipeline.output.avc-hd-30-10": Price(0.4212, "hour", PRICES_OF, LIVE),
    "medialive.single-pipeline.output.audio": Price(None, "hour", PRICES_OF, UNKNOWN),
    "medialive.single-pipeline.output.caption": Price(None, "hour", PRICES_OF, UNKNOWN),
    "medialive.idle.channel": Price(None, "hour", PRICES_OF, UNKNOWN),
    "medialive.idle.input": Price(None, "hour", PRICES_OF, UNKNOWN),
    "mediapackage.ingest": Price(0.03, GIGABYTE, PRICES_OF, PACKAGE),
    # the copy that could be read does not show for which Region this price is
    "mediapackage.origination": Price(0.05, GIGABYTE, "2024-09-01", PACKAGE),
    # viewers in the United States, Mexico, Canada and Europe; AWS's TB is taken for 1,000 GB
    "cloudfront.data": Price(
        0.085,
        GIGABYTE,
        "2026-09-05",
        EDGE,
        (
            (10_000, 0.080),
            (50_000, 0.060),
            (150_000, 0.040),
            (500_000, 0.030),
            (1_024_000, 0.025),
            (5_024_000, 0.020),
        ),
        free=1_000,
    ),
    "cloudfront.requests": Price(1.00, MILLION, "2026-09-05", EDGE, free=10),
    "cloudfront.functions": Price(0.10, "million runs", "2026-09-05", EDGE, free=2),
    "cloudfront.origin-shield": Price(None, MILLION, "2026-09-05", EDGE),
    "waf.web-acl": Price(5.00, "month", "2026-09-18", FIREWALL),
    # a group of AWS's rules counts as one
    "waf.rule": Price(1.00, "month", "2026-09-18", FIREWALL),
    "waf.requests": Price(0.60, MILLION, "2026-09-18", FIREWALL),
    "apigateway.requests": Price(3.50, MILLION, "2026-10-01", REST_API),
    "lambda.requests": Price(0.20, MILLION, "2026-10-01", LAMBDA, free=1),
    "lambda.compute": Price(0.0000133334, "gigabyte-second", "2026-10-01", LAMBDA, free=400_000),
    # monthly active users, by the user pool's feature plan
    "cognito.lite": Price(0.0055, "viewer", "2026-09-20", POOL, free=10_000),
    "cognito.essentials": Price(0.015, "viewer", "2026-09-20", POOL, free=10_000),
    "cognito.plus": Price(0.02, "viewer", "2026-09-20", POOL),
    # the free alarms and metrics are an account's; free dashboards have at most 50 metrics
    "cloudwatch.alarm": Price(0.10, "alarmed metric", "2026-12-01", LOGS, free=10),
    "cloudwatch.composite-alarm": Price(0.50, "composite alarm", "2026-12-01", LOGS),
    "cloudwatch.dashboard": Price(3.00, "dashboard", "2026-12-01", LOGS),
    "cloudwatch.metric": Price(0.30, "metric", "2026-12-01", LOGS, free=10),
    "secretsmanager.secret": Price(0.40, "month", "2026-09-18", "AWS Price List API"),
    "kms.key": Price(1.00, "month", "2026-09-18", KEYS),
    "kms.sign-rsa-2048": Price(3.00, MILLION, "2026-06-13", KEYS),
    # other sources say $3: the larger figure
    "kms.sign-other": Price(15.00, MILLION, "2026-06-13", KEYS),
    "logs.ingested": Price(0.50, GIGABYTE, "2026-10-01", LOGS, free=5),
    "logs.access-logs": Price(None, GIGABYTE, "2026-10-01", LOGS),
}

MEDIALIVE_CLASS = re.compile(
    r"medialive\.(standard|single-pipeline)\."
    r"(input\.(mpeg2|avc|hevc)-(sd|hd|uhd)-(10|20|50)"
    r"|output\.(mpeg2|avc|hevc|av1)-(sd|hd|uhd)-(30|60)-(10|20|50))"
)
"""Keys of MediaLive's classes, which a file of your own prices may add.

Source: AWS Elemental MediaLive API, Reservation (ReservationCodec, -Resolution, -Framerate).
"""


@dataclass(frozen=True)
class Prices:
    """The prices that a sum is made with."""

    table: Mapping[str, Price]
    yours: frozenset[str] = frozenset()
    """The keys whose prices come from a file of your own."""

    def __getitem__(self, key: str) -> Price:
        """The price, unknown for a class of MediaLive without a published one."""
        return self.table.get(key, Price(None, "hour", PRICES_OF, UNKNOWN))

    def first(self, key: str, quantity: float) -> float:
        """Dollars at the price of the first units; 0 if it is unknown."""
        return quantity * (self[key].dollars or 0)

    def in_a_month(self, key: str, quantity: float) -> float:
        """Dollars of a month, cheaper where the price falls with the quantity."""
        price = self[key]
        steps = [(0.0, price.dollars or 0), *price.tiers]
        ends = [*(start for start, _ in steps[1:]), float("inf")]
        return sum(
            dollars * max(0.0, min(quantity, end) - start)
            for (start, dollars), end in zip(steps, ends, strict=True)
        )

    def free(self, key: str, quantity: float) -> float:
        """Dollars that the account's free allowance is worth, of what a month uses."""
        return self.first(key, min(quantity, self[key].free))


PUBLISHED = Prices(PRICES)


def with_yours(text: str) -> Prices:
    """The published prices, replaced and extended by those of a TOML file.

    A price of your own holds for every unit: it has no tiers and no free allowance.

    Raises:
        BuildError: the text is not TOML, or a key or a price in it is not one.
    """
    try:
        given = dict(_flattened("", tomllib.loads(text)))
    except tomllib.TOMLDecodeError as error:
        raise BuildError(f"it is not TOML: {error}") from None
    for key, value in given.items():
        _check(key, value)
    yours = {
        key: Price(float(value), PUBLISHED[key].unit, "yours", "your file")
        for key, value in given.items()
    }
    return Prices({**PRICES, **yours}, frozenset(yours))


def _flattened(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict):
            yield from _flattened(f"{key}.", value)
        else:
            yield key, value


def _check(key: str, value: Any) -> None:
    if key not in PRICES and not MEDIALIVE_CLASS.fullmatch(key):
        near = difflib.get_close_matches(key, PRICES, 1)
        hint = f"did you mean {near[0]}?" if near else "docs/cost.md lists them."
        raise BuildError(f"{key}: there is no such price; {hint}")
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= value < float("inf"):
        raise BuildError(f"{key}: must be a number of US dollars, 0 or more, not {value!r}.")
