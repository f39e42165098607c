"""From renditions to HLS and DASH: the packager that CloudFront reads from."""

from generator.packaging.handle import Packaging
from generator.packaging.v2 import PackagingOptions, packaging

__all__ = ["Packaging", "PackagingOptions", "packaging"]
