"""What every packager offers to the sections around it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from awacs.aws import Statement
from troposphere import AWSHelperFn, cloudfront, medialive

from protected_stream.template.section import Section


@dataclass(frozen=True, kw_only=True)
class Packaging(Section, ABC):
    """A packager, in the words of those who deliver to it and of those who read from it."""

    delivery_statements: tuple[Statement, ...]
    """What the channel's role must be allowed."""
    origin: cloudfront.Origin
    """Where the distribution reads the media."""
    media_path: AWSHelperFn
    """The path pattern that covers the stream's media and nothing else: /out/v1/<group>/*."""
    manifest_paths: tuple[AWSHelperFn, ...]
    """The path patterns of its manifests."""
    manifest_queries: tuple[str, ...]
    """The query strings that change a manifest."""
    hls_manifest: AWSHelperFn
    """The path of the HLS multivariant playlist."""
    dash_manifest: AWSHelperFn
    """The path of the DASH MPD."""

    @abstractmethod
    def destination(self, name: str) -> medialive.OutputDestination:
        """The destination of the channel's renditions, under the name given."""

    @abstractmethod
    def restrict_to(self, reader: cloudfront.Distribution) -> Section:
        """The section that lets this distribution read, and nobody else."""
