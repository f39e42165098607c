"""Origins of the media: packagers that a channel delivers to, and origins that exist already."""

from collections.abc import Callable, Mapping
from typing import Annotated

from pydantic import Discriminator, Tag
from troposphere import AWSHelperFn, cloudfront

from protected_stream.sections.channel_class import ChannelClass
from protected_stream.sections.packaging.existing import ExistingOptions, existing_origin
from protected_stream.sections.packaging.interface import (
    CaptionChannel,
    EncodedStream,
    Manifest,
    MediaOptions,
    MediaOrigin,
    Packaging,
)
from protected_stream.sections.packaging.v2 import NewPackagingOptions, media_package_v2
from protected_stream.template.options import Options, chosen_by

__all__ = [
    "DEFAULT",
    "CaptionChannel",
    "EncodedStream",
    "Manifest",
    "MediaOptions",
    "MediaOrigin",
    "Packaging",
    "PackagingOptions",
    "origin",
    "packaging",
]

PackagingOptions = Annotated[
    Annotated[NewPackagingOptions, Tag("new")] | Annotated[ExistingOptions, Tag("existing")],
    Discriminator(chosen_by("mode", "new")),
]
DEFAULT = NewPackagingOptions()

PACKAGERS: Mapping[type[Options], Callable[..., Packaging]] = {
    NewPackagingOptions: media_package_v2
}
"""Those that a channel of the stack delivers to."""
ORIGINS: Mapping[type[Options], Callable[..., MediaOrigin]] = {ExistingOptions: existing_origin}
"""Those that have the media already: the stack has no channel."""


def packaging(
    options: Options,
    channel_class: ChannelClass,
    *,
    shield: cloudfront.OriginShield | AWSHelperFn,
) -> Packaging:
    """The stream's packager; nobody can read from it until `restrict_to` names a distribution.

    Args:
        options: which packager, and how it packages.
        channel_class: how many pipelines deliver to it.
        shield: Origin Shield of its origins, or NoValue.
    """
    return PACKAGERS[type(options)](options, channel_class, shield=shield)


def origin(options: Options, *, shield: cloudfront.OriginShield | AWSHelperFn) -> MediaOrigin:
    """The origin of a stream that is on the air already."""
    return ORIGINS[type(options)](options, shield=shield)
