"""CloudFront flat-rate pricing plans: which ones the distribution of a template could use, and why.

A plan covers one distribution: data to viewers, requests, CloudFront Functions and AWS WAF. It is
subscribed to outside the template: AWS::PricingPlanManager::Subscription rejects a change of plan
by a stack update, and a subscribed distribution cannot be deleted before the paid month ends.

Source: Amazon CloudFront Developer Guide, "CloudFront flat-rate pricing plans"; Amazon CloudFront
pricing, https://aws.amazon.com/cloudfront/pricing/
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

PLANS_OF = "2026-09-05"


class Plan(NamedTuple):
    """A plan, and what it includes each month. Allowances, not limits: more is not charged.

    After sustained excess, AWS may slow delivery, or ask for another plan.
    """

    name: str
    dollars: int
    requests: int
    gigabytes: int
    behaviors: int
    """Cache behaviors of the distribution, at most."""
    rules: int
    """Of the web ACL, at most."""


PLANS = (
    Plan("Free", 0, 1_000_000, 100, 5, 5),
    Plan("Pro", 15, 10_000_000, 50_000, 10, 25),
    Plan("Business", 200, 125_000_000, 50_000, 50, 50),
    Plan("Premium", 1_000, 500_000_000, 50_000, 100, 75),
)
TIERS = tuple(plan.name for plan in PLANS)


class Level(NamedTuple):
    """A usage level of the plan Premium."""

    dollars: int
    requests: int
    gigabytes: int


PREMIUM_LEVELS = (
    Level(1_000, 500_000_000, 50_000),
    Level(1_450, 750_000_000, 75_000),
    Level(2_250, 1_250_000_000, 125_000),
    Level(3_500, 2_000_000_000, 200_000),
    Level(6_000, 3_500_000_000, 350_000),
    Level(10_000, 6_000_000_000, 600_000),
)

Document = Mapping[str, Any]


class Feature(NamedTuple):
    """What only some plans include."""

    what: str
    lowest: str
    """The lowest plan that includes it."""
    is_used: Callable[[Document], bool]
    without: str
    """The stream file's option that leaves it out; empty if there is none."""


class Exclusion(NamedTuple):
    """What no plan allows."""

    what: str
    is_used: Callable[[Document], bool]
    instead: str


def _of_type(document: Document, kind: str) -> Iterator[Mapping[str, Any]]:
    for resource in document["Resources"].values():
        if resource["Type"] == kind:
            yield resource.get("Properties", {})


def _configurations(document: Document) -> Iterator[Mapping[str, Any]]:
    for one in _of_type(document, "AWS::CloudFront::Distribution"):
        yield one["DistributionConfig"]


def _behaviors(document: Document) -> list[Mapping[str, Any]]:
    return [
        behavior
        for one in _configurations(document)
        for behavior in (one["DefaultCacheBehavior"], *one.get("CacheBehaviors", ()))
    ]


def _origins(document: Document) -> list[Mapping[str, Any]]:
    return [origin for one in _configurations(document) for origin in one.get("Origins", ())]


def _has(kind: str) -> Callable[[Document], bool]:
    return lambda document: any(True for _ in _of_type(document, kind))


def _in_behaviors(key: str) -> Callable[[Document], bool]:
    return lambda document: any(key in behavior for behavior in _behaviors(document))


FEATURES = (
    Feature("CloudFront KeyValueStore", "Pro", _has("AWS::CloudFront::KeyValueStore"), ""),
    Feature("a cache policy of its own", "Business", _has("AWS::CloudFront::CachePolicy"), ""),
    Feature(
        "an origin request policy of its own",
        "Business",
        _has("AWS::CloudFront::OriginRequestPolicy"),
        "",
    ),
    Feature(
        "a response headers policy of its own",
        "Business",
        _has("AWS::CloudFront::ResponseHeadersPolicy"),
        "",
    ),
    Feature(
        "Origin Shield",
        "Premium",
        lambda document: any("OriginShield" in one for one in _origins(document)),
        'delivery.origin_shield = "off"',
    ),
    Feature(
        "an origin group",
        "Premium",
        lambda document: any("OriginGroups" in one for one in _configurations(document)),
        "",
    ),
)
EXCLUSIONS = (
    Exclusion("legacy cache settings (ForwardedValues)", _in_behaviors("ForwardedValues"), ""),
    Exclusion("Lambda@Edge", _in_behaviors("LambdaFunctionAssociations"), ""),
    Exclusion("real-time access logs", _in_behaviors("RealtimeLogConfigArn"), ""),
    Exclusion(
        "an origin access identity",
        lambda document: any(
            one.get("S3OriginConfig", {}).get("OriginAccessIdentity") for one in _origins(document)
        ),
        "",
    ),
    Exclusion(
        "no web ACL, which every plan needs",
        lambda document: not all("WebACLId" in one for one in _configurations(document)),
        'delivery.web_acl = "supplied", or "managed" in us-east-1',
    ),
)


class Obstacle(NamedTuple):
    """Something of the template that a plan does not allow."""

    what: str
    instead: str
    """The option of the stream file that avoids it; empty if there is none."""


class Fit(NamedTuple):
    """Whether the template's distribution could use a plan."""

    plan: Plan
    against: tuple[Obstacle, ...]
    """Empty if the plan fits."""

    @property
    def possible(self) -> bool:
        """Whether options of the stream file avoid everything that is against it."""
        return all(one.instead for one in self.against)

    @property
    def verdict(self) -> str:
        """In words."""
        return "fits" if not self.against else "after changes" if self.possible else "no"


def fits(document: Document) -> tuple[Fit, ...]:
    """Every plan, the cheapest first."""
    return tuple(_fit(plan, document) for plan in PLANS)


def lowest_possible(document: Document) -> Fit | None:
    """The cheapest plan that fits as it is or with other options; None if there is none."""
    return next((fit for fit in fits(document) if fit.possible), None)


def obstacles(found: Sequence[Fit]) -> Mapping[Obstacle, tuple[str, ...]]:
    """Everything that is against a plan, with the names of the plans that it is against."""
    every = dict.fromkeys(one for fit in found for one in fit.against)
    return {one: tuple(fit.plan.name for fit in found if one in fit.against) for one in every}


def _fit(plan: Plan, document: Document) -> Fit:
    return Fit(plan, tuple(_against(plan, document)))


def _against(plan: Plan, document: Document) -> Iterator[Obstacle]:
    for feature in FEATURES:
        if TIERS.index(feature.lowest) > TIERS.index(plan.name) and feature.is_used(document):
            yield Obstacle(feature.what, feature.without)
    count = len(_behaviors(document))
    if count > plan.behaviors:
        yield Obstacle(f"{count} cache behaviors", "")
    rules = max((len(one.get("Rules", ())) for one in _of_type(document, WEB_ACL)), default=0)
    if rules > plan.rules:
        yield Obstacle(f"{rules} rules of the web ACL", "")
    for exclusion in EXCLUSIONS:
        if exclusion.is_used(document):
            yield Obstacle(exclusion.what, exclusion.instead)


WEB_ACL = "AWS::WAFv2::WebACL"
COVERED = ("CloudFront", "WAF")
"""The services of an estimate that a plan pays for."""
ALSO_NOT = (
    "an account on the AWS Free Tier plan",
    "Shield Advanced or Firewall Manager on the distribution",
    "more than one apex domain",
    "functions, key value stores or a web ACL that other distributions share",
)
"""What excludes a plan and is not in a template."""


def plan_dollars(plan: Plan, gigabytes: float, requests: float) -> float | None:
    """What the plan costs in a month of so much use; None if that is above its allowance."""
    levels = PREMIUM_LEVELS if plan.name == "Premium" else (plan,)
    return next(
        (
            float(one.dollars)
            for one in levels
            if gigabytes <= one.gigabytes and requests <= one.requests
        ),
        None,
    )
