"""Interface of every packager to the other sections."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from troposphere import AWSHelperFn, cloudfront, medialive

from protected_stream.template.section import Section


@dataclass(frozen=True, kw_only=True)
class Packaging(Section, ABC):
    """A packager: what the channel delivers to and CloudFront reads from."""

    segment_seconds: int
    """Seconds; the channel must deliver segments of this length."""
    media_path: AWSHelperFn
    """The path pattern that covers the stream's media and nothing else: /out/v1/<group>/*."""
    manifest_queries: tuple[str, ...]
    """The query strings that change a manifest."""
    hls_manifest: AWSHelperFn
    """The path of the HLS multivariant playlist."""
    dash_manifest: AWSHelperFn
    """The path of the DASH MPD."""

    @abstractmethod
    def destination(self, name: str) -> medialive.OutputDestination:
        """The channel's output destination, with this name as its ID."""

    @abstractmethod
    def restrict_to(self, reader: cloudfront.Distribution) -> Section:
        """The section that lets only this distribution read."""
