"""Response of an origin with a manifest or a segment."""

from werkzeug.wrappers import Response

# RFC 8216, section 10; ISO/IEC 23009-1, annex C; RFC 6381
CONTENT_TYPES = {
    ".m3u8": "application/vnd.apple.mpegurl",
    ".mpd": "application/dash+xml",
    ".mp4": "video/mp4",
    ".m4s": "video/mp4",
    ".m4a": "audio/mp4",
    ".ts": "video/mp2t",
    ".vtt": "text/vtt",
}
MANIFESTS = (".m3u8", ".mpd", ".ism/Manifest")
MEDIA_MAX_AGE = 14 * 24 * 3600  # seconds


def media_response(name: str, body: bytes, *, segment_seconds: int) -> Response:
    """The response; manifests are cacheable for half a segment, media for 14 days.

    https://docs.aws.amazon.com/mediapackage/latest/userguide/cdns.html
    """
    suffix = name[name.rfind(".") :]
    max_age = segment_seconds // 2 if suffix in MANIFESTS else MEDIA_MAX_AGE
    return Response(
        body,
        content_type=CONTENT_TYPES.get(suffix, "application/octet-stream"),
        headers={"Cache-Control": f"max-age={max_age}"},
    )
