"""Formats in which MediaPackage v2 offers the stream, one module each."""

from collections.abc import Mapping

from protected_stream.sections.packaging.formats.dash import DASH
from protected_stream.sections.packaging.formats.format import (
    SEGMENTS_BEHIND,
    Container,
    Format,
    Timing,
)
from protected_stream.sections.packaging.formats.hls import HLS
from protected_stream.sections.packaging.formats.hls_ts import HLS_TS
from protected_stream.sections.packaging.formats.ll_hls import LL_HLS
from protected_stream.sections.packaging.formats.mss import MSS

__all__ = ["DEFAULT_FORMATS", "FORMATS", "SEGMENTS_BEHIND", "Container", "Format", "Timing"]

FORMATS: Mapping[str, Format] = {
    "hls": HLS,
    "dash": DASH,
    "ll-hls": LL_HLS,
    "hls-ts": HLS_TS,
    "mss": MSS,
}
"""By their names in the stream file."""
DEFAULT_FORMATS = ("hls", "dash")
