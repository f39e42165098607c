"""MediaPackage v2 channels and endpoints: checks of values that exclude one another."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from protected_stream.lint.finding import Finding
from protected_stream.lint.properties import Property
from protected_stream.lint.rules import Rule

ONLY_CMAF = ("InputSwitchConfiguration", "OutputHeaderConfiguration", "OutputLockingMode")
"""Properties of a channel that are valid only when it ingests CMAF."""

HLS, LOW_LATENCY_HLS, DASH = "HlsManifests", "LowLatencyHlsManifests", "DashManifests"
MANIFESTS: Mapping[str, tuple[str, ...]] = {
    "TS": (HLS, LOW_LATENCY_HLS),
    "CMAF": (HLS, LOW_LATENCY_HLS, DASH),
    "ISM": ("MssManifests",),
}
"""The kinds of manifest that a container type supports.

Source: AWS Elemental MediaPackage v2 User Guide, "Supported inputs and outputs", "HLS and
LL-HLS".
"""

KINDS_OF_MANIFEST = sorted({kind for kinds in MANIFESTS.values() for kind in kinds})

ENCRYPTION_METHODS: Mapping[str, str] = {
    "TS": "TsEncryptionMethod",
    "CMAF": "CmafEncryptionMethod",
    "ISM": "IsmEncryptionMethod",
}
"""The member of EncryptionMethod that a container type has."""


def packager_channel_findings(channel: Property) -> Iterator[Finding]:
    """Settings for CMAF need a channel that ingests CMAF; the default is HLS."""
    kind = channel.at("InputType")
    for name in ONLY_CMAF if not kind.is_unknown and kind.text != "CMAF" else ():
        if not channel.at(name).is_absent:
            yield channel.at(name).finding(Rule.ONLY_WITH_CMAF, "Valid only with InputType CMAF.")


def endpoint_findings(endpoint: Property) -> Iterator[Finding]:
    """Everything about the endpoint that the service rejects, or that players cannot play."""
    for check in ENDPOINT_CHECKS:
        yield from check(endpoint)


def manifests_match_the_container(endpoint: Property) -> Iterator[Finding]:
    """A container type supports only some kinds of manifest."""
    container = endpoint.at("ContainerType").text or ""
    allowed = MANIFESTS.get(container, ())
    for name in KINDS_OF_MANIFEST:
        if allowed and name not in allowed and any(endpoint.at(name).each()):
            yield endpoint.at(name).finding(
                Rule.MANIFEST_OF_ANOTHER_CONTAINER,
                f"ContainerType {container} supports only {', '.join(allowed)}.",
            )


def hls_manifests_have_names_of_their_own(endpoint: Property) -> Iterator[Finding]:
    """HLS and low-latency manifests have different names."""
    taken = {manifest.at("ManifestName").text for manifest in endpoint.at(HLS).each()} - {None}
    for manifest in endpoint.at(LOW_LATENCY_HLS).each():
        if manifest.at("ManifestName").text in taken:
            yield manifest.at("ManifestName").finding(
                Rule.MANIFEST_NAME_REPEATED, "An HLS manifest also has this name."
            )


def manifests_have_addresses_of_their_own(endpoint: Property) -> Iterator[Finding]:
    """Manifests of one kind have the same suffix, and so do their children: no name is used twice.

    Different kinds have different suffixes, except for HLS and low-latency HLS (see above).
    """
    for kind in KINDS_OF_MANIFEST:
        taken: set[str] = set()
        for manifest in endpoint.at(kind).each():
            for name in (manifest.at("ManifestName"), manifest.at("ChildManifestName")):
                if name.text in taken:
                    yield name.finding(
                        Rule.MANIFEST_ADDRESS_REPEATED,
                        f"A manifest in {kind}, or its child, already has this name.",
                    )
                taken |= {name.text} if name.text is not None else set()


def delays_are_within_the_window(endpoint: Property) -> Iterator[Finding]:
    """A player that stays as far behind as suggested finds segments there."""
    for manifest in endpoint.at(DASH).each():
        delay = manifest.at("SuggestedPresentationDelaySeconds")
        window = manifest.at("ManifestWindowSeconds").number
        if delay.number is not None and window is not None and delay.number > window:
            yield delay.finding(
                Rule.DELAY_BEYOND_WINDOW, f"Must be at most ManifestWindowSeconds, {window:g}."
            )


def timing_has_its_source(endpoint: Property) -> Iterator[Finding]:
    """UTC timing by HTTP names the server that players ask; directly, the manifest has the time."""
    for manifest in endpoint.at(DASH).each():
        mode = manifest.at("UtcTiming", "TimingMode").text or ""
        source = manifest.at("UtcTiming", "TimingSource")
        if mode.startswith("HTTP_") and source.is_empty:
            yield source.finding(Rule.TIMING_SOURCE, f"TimingMode {mode} needs a TimingSource.")
        if mode == "UTC_DIRECT" and not source.is_empty:
            yield source.finding(Rule.TIMING_SOURCE, f"TimingMode {mode} has no TimingSource.")


def encryption_matches_the_container(endpoint: Property) -> Iterator[Finding]:
    """A container type has its own encryption methods."""
    container = endpoint.at("ContainerType").text or ""
    wanted = ENCRYPTION_METHODS.get(container)
    for method in endpoint.at("Segment", "Encryption", "EncryptionMethod").members():
        if wanted and method.name != wanted:
            yield method.finding(
                Rule.ENCRYPTION_OF_ANOTHER_CONTAINER, f"ContainerType {container} needs {wanted}."
            )


def filters_end_after_their_start(endpoint: Property) -> Iterator[Finding]:
    """The time range that a manifest is limited to is not empty."""
    for manifest in (item for kind in KINDS_OF_MANIFEST for item in endpoint.at(kind).each()):
        start = manifest.at("FilterConfiguration", "Start")
        end = manifest.at("FilterConfiguration", "End")
        first, last = _time(start), _time(end)
        if first is not None and last is not None and last <= first:
            yield end.finding(Rule.ENDS_BEFORE_START, f"Must be after Start, {start.text}.")


def time_delays_are_within_the_startover_window(endpoint: Property) -> Iterator[Finding]:
    """What a delayed manifest shows is still kept."""
    window = endpoint.at("StartoverWindowSeconds").number
    for manifest in (item for kind in KINDS_OF_MANIFEST for item in endpoint.at(kind).each()):
        delay = manifest.at("FilterConfiguration", "TimeDelaySeconds")
        if delay.number and window is not None and delay.number >= window:
            yield delay.finding(
                Rule.DELAY_BEYOND_STARTOVER,
                f"Must be smaller than StartoverWindowSeconds, {window:g}.",
            )


ENDPOINT_CHECKS: tuple[Callable[[Property], Iterator[Finding]], ...] = (
    manifests_match_the_container,
    hls_manifests_have_names_of_their_own,
    manifests_have_addresses_of_their_own,
    delays_are_within_the_window,
    timing_has_its_source,
    encryption_matches_the_container,
    filters_end_after_their_start,
    time_delays_are_within_the_startover_window,
)


def _time(value: Property) -> datetime | None:
    """The literal time, in UTC if it has no time zone; None for everything else."""
    try:
        time = datetime.fromisoformat(value.text or "")
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)
