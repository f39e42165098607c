"""Interface of every packager to the other sections."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from troposphere import AWSHelperFn, cloudfront, medialive

from protected_stream.template.options import Mistake, Options
from protected_stream.template.section import Section


class MediaOptions(Options):
    """Where the media come from."""

    is_encoded: ClassVar[bool] = True
    """Whether a channel of the stack encodes them."""
    way: ClassVar[str] = "Encoder -> MediaLive channel -> MediaPackage v2 endpoint"
    """What is in front of the distribution, for the template's metadata."""

    def mistakes(self) -> Iterable[Mistake]:
        """What does not fit among these options; the file's other tables are checked besides."""
        return ()

    def codec_mistakes(self, codecs: Collection[str]) -> Iterable[Mistake]:
        """What cannot be made of renditions with these codecs, by their names in the file."""
        del codecs
        return ()

    def gop_mistakes(self, gop_seconds: int) -> Iterable[Mistake]:
        """What does not fit the length of the encoder's groups of pictures."""
        del gop_seconds
        return ()


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
    path: str | AWSHelperFn
    """The path on the distribution."""


@dataclass(frozen=True, kw_only=True)
class MediaOrigin(Section, ABC):
    """What CloudFront reads the media from: a packager, in this stack or elsewhere."""

    media_path: str | AWSHelperFn
    """The path pattern that covers the stream's media and nothing else: /out/v1/<group>/*."""
    manifest_queries: tuple[str, ...]
    """The query strings that change a manifest."""
    manifests: tuple[Manifest, ...]

    @abstractmethod
    def restrict_to(self, reader: cloudfront.Distribution) -> Section:
        """The section that lets only this distribution read, or tells the owner how to.

        Empty if the origins know the distribution otherwise.
        """


@dataclass(frozen=True, kw_only=True)
class Packaging(MediaOrigin):
    """A packager in this stack, which the channel delivers to."""

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
