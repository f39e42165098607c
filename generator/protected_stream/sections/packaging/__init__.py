"""MediaPackage: packages the renditions as HLS and DASH for CloudFront."""

from protected_stream.sections.packaging.interface import Packaging
from protected_stream.sections.packaging.v2 import PackagingOptions, packaging

__all__ = ["Packaging", "PackagingOptions", "packaging"]
