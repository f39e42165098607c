"""HLS playlists: which addresses a player requests (RFC 8216)."""

import re
from collections.abc import Sequence
from urllib.parse import urljoin


def is_playlist(text: str) -> bool:
    """Whether it begins as RFC 8216, section 4.3.1.1 demands."""
    return text.startswith("#EXTM3U")


def variant_uris(text: str, base: str) -> Sequence[str]:
    """The media playlists of a multivariant playlist; none in a media playlist."""
    return segment_uris(text, base) if "#EXT-X-STREAM-INF" in text else ()


def segment_uris(text: str, base: str) -> Sequence[str]:
    """The lines that are addresses, in order."""
    return [urljoin(base, line) for line in text.splitlines() if line and line[0] != "#"]


def attribute_uris(text: str, base: str, tag: str = "EXT-X-MEDIA") -> Sequence[str]:
    """The addresses in the attribute URI of a tag: audio and subtitles, or initialization."""
    lines = [line for line in text.splitlines() if line.startswith(f"#{tag}:")]
    found = (re.search(r'[:,]URI="([^"]+)"', line) for line in lines)
    return [urljoin(base, one[1]) for one in found if one]
