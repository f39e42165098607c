"""Interface of every packager to the other sections."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from troposphere import AWSHelperFn, cloudfront, medialive

from protected_stream.template.section import Section


@dataclass(frozen=True, kw_only=True)
class EncodedStream:
    """A rendition or an audio that the channel encodes."""

    name: str
    """The name of its output."""
    descriptions: Mapping[str, Any]
    """What the output carries: a video description's name, or lists of audio's or captions'."""
    is_default: bool | None = None
    """Whether players begin with this audio; None if there is no other, or it is not audio."""


@dataclass(frozen=True, kw_only=True)
class CaptionChannel:
    """Captions inside the video: one of the channels of CEA-608 and -708."""

    number: int
    """From 1 to 4."""
    language: str
    """A code of three letters (ISO 639-2)."""
    name: str
    """What players show."""


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A manifest that players open."""

    output: str
    """The name of the template's output."""
    meaning: str
    """The output's description."""
    path: AWSHelperFn
    """The path on the distribution."""


@dataclass(frozen=True, kw_only=True)
class Packaging(Section, ABC):
    """A packager: what the channel delivers to and CloudFront reads from."""

    media_path: AWSHelperFn
    """The path pattern that covers the stream's media and nothing else: /out/v1/<group>/*."""
    manifest_queries: tuple[str, ...]
    """The query strings that change a manifest."""
    manifests: tuple[Manifest, ...]

    @abstractmethod
    def destination(self, name: str) -> medialive.OutputDestination:
        """The channel's output destination, with this name as its ID."""

    @abstractmethod
    def output_group(
        self,
        destination: str,
        streams: Sequence[EncodedStream],
        captions: Sequence[CaptionChannel] = (),
    ) -> medialive.OutputGroup:
        """The channel's output group, which delivers the streams.

        Args:
            destination: the ID of the output destination.
            streams: what the channel encodes.
            captions: the captions in every video.
        """

    @abstractmethod
    def restrict_to(self, reader: cloudfront.Distribution) -> Section:
        """The section that lets only this distribution read; empty if the origins know it."""
