"""MediaPackage v2 channels and endpoints: checks of values that exclude one another."""

from collections.abc import Iterator, Mapping

from protected_stream.lint.finding import Finding
from protected_stream.lint.properties import Property
from protected_stream.lint.rules import Rule

ONLY_CMAF = ("InputSwitchConfiguration", "OutputHeaderConfiguration", "OutputLockingMode")
"""Properties of a channel that are valid only when it ingests CMAF."""

HLS, LOW_LATENCY_HLS = "HlsManifests", "LowLatencyHlsManifests"
MANIFESTS: Mapping[str, tuple[str, ...]] = {
    "TS": (HLS, LOW_LATENCY_HLS),
    "CMAF": (HLS, LOW_LATENCY_HLS, "DashManifests"),
    "ISM": ("MssManifests",),
}
"""The kinds of manifest that a container type supports.

Source: AWS Elemental MediaPackage v2 User Guide, "Supported inputs and outputs", "HLS and
LL-HLS".
"""


def packager_channel_findings(channel: Property) -> Iterator[Finding]:
    """Settings for CMAF need a channel that ingests CMAF; the default is HLS."""
    kind = channel.at("InputType")
    for name in ONLY_CMAF if not kind.is_unknown and kind.text != "CMAF" else ():
        if not channel.at(name).is_absent:
            yield channel.at(name).finding(Rule.ONLY_WITH_CMAF, "Valid only with InputType CMAF.")


def endpoint_findings(endpoint: Property) -> Iterator[Finding]:
    """Manifests match the container, and HLS and low-latency manifests have different names."""
    container = endpoint.at("ContainerType").text or ""
    allowed = MANIFESTS.get(container, ())
    for name in sorted({kind for kinds in MANIFESTS.values() for kind in kinds}):
        if allowed and name not in allowed and any(endpoint.at(name).each()):
            yield endpoint.at(name).finding(
                Rule.MANIFEST_OF_ANOTHER_CONTAINER,
                f"ContainerType {container} supports only {', '.join(allowed)}.",
            )
    taken = {manifest.at("ManifestName").text for manifest in endpoint.at(HLS).each()} - {None}
    for manifest in endpoint.at(LOW_LATENCY_HLS).each():
        if manifest.at("ManifestName").text in taken:
            yield manifest.at("ManifestName").finding(
                Rule.MANIFEST_NAME_REPEATED, "An HLS manifest also has this name."
            )
