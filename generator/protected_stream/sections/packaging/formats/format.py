"""A format in which the packager offers the stream."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

SEGMENTS_BEHIND = 3
"""How many segments players stay behind live; RFC 8216, section 6.3.3."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Container:
    """The container of the segments, of which an endpoint has one.

    Source: AWS Elemental MediaPackage v2 API, CreateOriginEndpoint, ContainerType.
    """

    type: str
    """MediaPackage's name for it."""
    endpoint: str
    """Logical ID of the endpoint, and the beginning of its policy's."""
    meaning: str
    """What the endpoint serves."""
    segment: Mapping[str, Any] = field(default_factory=dict)
    """The properties of its segments besides their length."""
    codecs: tuple[str, ...] = ("avc", "hevc")
    """The video codecs that an endpoint of this kind serves.

    Source: AWS Elemental MediaPackage v2 User Guide, "Supported inputs and outputs".
    https://docs.aws.amazon.com/mediapackage/latest/userguide/supported-inputs.html
    """
    leaves_out: bool = True
    """Whether it leaves out renditions of other codecs, so that one that it serves is enough."""


CMAF = Container(
    type="CMAF",
    endpoint="PackagerEndpoint",
    meaning="serves {formats} from one set of CMAF segments",
)


@dataclass(frozen=True, kw_only=True)
class Timing:
    """What manifests are configured with, in seconds."""

    segment_seconds: int
    window_seconds: int
    """How far back from live a viewer can seek."""


def playlist(name: str, timing: Timing) -> dict[str, Any]:
    """The properties of an HLS manifest, of any kind.

    URLs in the playlists are encoded so that CloudFront can sign requests for them (SigV4).

    Source: AWS Elemental MediaPackage v2 User Guide, "Creating an origin endpoint".

    Args:
        name: the manifest's name.
        timing: the stream's.
    """
    return {
        "ManifestName": name,
        "ManifestWindowSeconds": timing.window_seconds,
        "ProgramDateTimeIntervalSeconds": timing.segment_seconds,
        "UrlEncodeChildManifest": True,
    }


@dataclass(frozen=True, kw_only=True)
class Format:
    """One format: its manifest on the endpoint of its container."""

    label: str
    """How people write it."""
    container: Container
    property: str
    """The endpoint's property with the manifests."""
    configure: Callable[[Timing], Any]
    """The manifest's configuration."""
    file: str
    """The manifest's file, after the endpoint's path."""
    paths: tuple[str, ...]
    """Path patterns of all files that change while the stream is live."""
    output: str
    """The name of the template's output."""
    meaning: str
    """The output's description."""
    page_setting: str = ""
    """The name of the address in /api/config; empty if the page cannot play it."""
    queries: tuple[str, ...] = ()
    """Query strings by which a player requests a future or shorter manifest."""
