"""AWS quotas that a stack uses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Quota:
    """A limit on how many of something an account can have."""

    name: str
    limit: int
    uses: Mapping[str, int]
    """How many a resource of each type uses at most."""
    beside: Mapping[str, int] = field(default_factory=dict)
    """How many more exist while one resource replaces another, by type."""


# Default quotas; an account's own may differ.
# Sources: AWS Elemental MediaLive, AWS Elemental MediaPackage v2 and Amazon CloudFront guides,
# "Quotas"
QUOTAS = (
    Quota("MediaLive channels", 5, {"AWS::MediaLive::Channel": 1}),
    Quota("MediaPackage channel groups", 3, {"AWS::MediaPackageV2::ChannelGroup": 1}),
    Quota("CloudFront cache policies", 20, {"AWS::CloudFront::CachePolicy": 1}),
    Quota(
        "CloudFront key groups", 10, {"AWS::CloudFront::KeyGroup": 1, "Custom::SigningKeyPair": 1}
    ),
    Quota(
        "CloudFront public keys when rotating",
        10,
        {"AWS::CloudFront::PublicKey": 1, "Custom::SigningKeyPair": 5},
        {"AWS::CloudFront::PublicKey": 1},
    ),
)


def quotas_used(document: Mapping[str, Any]) -> str:
    """The quotas that the resources of an emitted template use, in words."""
    types = [resource["Type"] for resource in document["Resources"].values()]
    used = [(quota, _used(quota, types)) for quota in QUOTAS]
    return ", ".join(f"{count} of {quota.limit} {quota.name}" for quota, count in used if count)


LONGEST_MANIFEST_SECONDS = 900
"""MediaPackage v2 User Guide, "Quotas", "Maximum live manifest length", which is adjustable."""


def quotas_to_raise(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The quotas that must be raised before the template can be deployed, in words."""
    windows = [
        int(manifest.get("ManifestWindowSeconds", 0))
        for resource in document["Resources"].values()
        if resource["Type"] == "AWS::MediaPackageV2::OriginEndpoint"
        for name, manifests in resource["Properties"].items()
        if name.endswith("Manifests")
        for manifest in manifests
    ]
    longest = max(windows, default=0)
    if longest <= LONGEST_MANIFEST_SECONDS:
        return ()
    return (
        f'MediaPackage\'s "Maximum live manifest length" must be raised from '
        f"{LONGEST_MANIFEST_SECONDS // 60} to {-(-longest // 60)} minutes first (Service Quotas)",
    )


def _used(quota: Quota, types: Sequence[str]) -> int:
    always = sum(types.count(kind) * number for kind, number in quota.uses.items())
    return always + sum(number for kind, number in quota.beside.items() if kind in types)
