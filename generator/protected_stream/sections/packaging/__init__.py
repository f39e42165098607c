"""From renditions to HLS and DASH: the packager that CloudFront reads from."""

from protected_stream.sections.packaging.interface import Packaging
from protected_stream.sections.packaging.v2 import PackagingOptions, packaging

__all__ = ["Packaging", "PackagingOptions", "packaging"]
