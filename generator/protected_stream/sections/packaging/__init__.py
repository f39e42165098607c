"""Packagers: what packages the renditions for CloudFront, one module each."""

from collections.abc import Callable, Mapping

from troposphere import AWSHelperFn, cloudfront

from protected_stream.sections.channel_class import ChannelClass
from protected_stream.sections.packaging.interface import (
    CaptionChannel,
    EncodedStream,
    Manifest,
    Packaging,
)
from protected_stream.sections.packaging.v2 import PackagingOptions, media_package_v2
from protected_stream.template.options import Options

__all__ = [
    "CaptionChannel",
    "EncodedStream",
    "Manifest",
    "Packaging",
    "PackagingOptions",
    "packaging",
]

PACKAGERS: Mapping[type[Options], Callable[..., Packaging]] = {PackagingOptions: media_package_v2}


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
