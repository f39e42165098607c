"""Promises to viewers: the cookies' attributes, and that every rendition plays."""

import shutil
import subprocess
from collections.abc import Collection, Iterable

from protected_stream.verify.answers import Broken, NotTried, expect
from protected_stream.verify.dash import newest_segments
from protected_stream.verify.forged_cookies import policy_in
from protected_stream.verify.hls import attribute_uris, is_playlist, segment_uris, variant_uris
from protected_stream.verify.visit import NAMES, Visit

ATTRIBUTES = ("Secure", "HttpOnly", "SameSite=Strict")
FOR_OTHER_SITES = ("Secure", "HttpOnly", "SameSite=None", "Partitioned")
SECONDS_OF_CLOCKS = 120
"""How far the clocks of this machine and of the function may be apart."""
UNKNOWN_FILTER = "aws.manifestfilter=nothing:1-2"
SECONDS_TO_DECODE = 120
BEYOND_FFMPEG = ("no decoder found", "does not contain any stream")
"""What it says of codecs that this build lacks, and of subtitles without a picture."""
DECODED = (".mp4", ".m4s", ".ts", ".m4a", ".cmfv", ".cmfa")


def viewer_gets_cookies(visit: Visit) -> None:
    """Somebody who may watch gets them."""
    if visit.is_viewer_refused:
        raise Broken(visit.why_no_viewer)
    if not visit.signed_in.set_cookie:
        raise Broken("the response has no cookies")


def cookies_are_safe(visit: Visit) -> None:
    """Secure, not readable by scripts, for this site and for the media's path only."""
    viewer = visit.signed_in
    if missing := set(NAMES) - set(viewer.cookies):
        raise Broken(f"cookies are missing: {', '.join(sorted(missing))}")
    expected = FOR_OTHER_SITES if visit.facts.has_other_sites else ATTRIBUTES
    for line in map(str, viewer.set_cookie):
        if ";Max-Age=0" in line.replace(" ", ""):
            continue  # deletes what was set before other sites were allowed
        name, *attributes = (part.strip() for part in line.split(";"))
        _expect(expected, attributes, name.partition("=")[0])
        if any(one.lower().startswith("domain=") for one in attributes):
            raise Broken(f"{name.partition('=')[0]} is for other hosts, too")
        path = next((one[5:] for one in attributes if one.startswith("Path=")), "/")
        for address in visit.manifests:
            if path == "/" or not address.startswith(f"{visit.watch_address[:-1]}{path}"):
                raise Broken(f"{name.partition('=')[0]} has the Path {path}")


def _expect(expected: Iterable[str], attributes: Collection[str], name: str) -> None:
    for wanted in expected:
        if wanted not in attributes:
            raise Broken(f"{name} lacks {wanted}")


def cookies_end_in_time(visit: Visit) -> None:
    """The policy's end is that of the template, and its Resource is this stream."""
    viewer = visit.signed_in
    statement = policy_in(viewer.cookies)
    resource = str(statement["Resource"])
    if resource.count("*") != 1 or not resource.startswith(visit.watch_address):
        raise Broken(f"the cookies open {resource}")
    condition = statement["Condition"]
    if not isinstance(condition, dict):
        raise Broken("the cookies have no conditions")
    seconds = condition["DateLessThan"]["AWS:EpochTime"] - viewer.taken
    least, most = visit.facts.cookie_seconds, visit.facts.cookie_seconds + visit.facts.step_seconds
    if not least - SECONDS_OF_CLOCKS <= seconds <= most + SECONDS_OF_CLOCKS:
        raise Broken(f"the cookies last {seconds:.0f} s instead of {least} to {most} s")
    if visit.facts.is_bound and "IpAddress" not in condition:
        raise Broken("the cookies are valid for every address")


def everything_plays(visit: Visit) -> str:
    """Every manifest, and the newest segment of each rendition; returns what was left out."""
    _ = visit.signed_in
    _expect_on_air(visit)
    for address in visit.manifests:
        if address.endswith(".m3u8"):
            _play_hls(visit, address)
        elif address.endswith(".mpd"):
            for media, initialization in newest_segments(_body(visit, address).decode(), address):
                _play(visit, media, initialization)
        else:
            _body(visit, address)
    return "" if shutil.which("ffmpeg") else "fetched, but not decoded: ffmpeg is not installed"


def players_can_filter(visit: Visit) -> None:
    """The queries of manifests reach MediaPackage, which refuses an unknown filter.

    Source: AWS Elemental MediaPackage v2 User Guide, "Manifest filtering".
    """
    _ = visit.signed_in
    if not visit.facts.has_own_packager:
        raise NotTried("the media come from an origin that the stack has not made")
    _expect_on_air(visit)
    for address in visit.manifests:
        expect(visit.watch(address).status, 200, what=address)
        url = f"{address}?{UNKNOWN_FILTER}"
        expect(visit.watch(url).status, 400, what=url)


def _expect_on_air(visit: Visit) -> None:
    """A channel that does not run has nothing to play."""
    channel = visit.outputs.get("ChannelId")
    if channel is None or visit.client is None:
        return
    state = visit.operator("medialive").describe_channel(ChannelId=channel)["State"]
    if state != "RUNNING":
        raise NotTried(f"the channel is {state}, not RUNNING")


def _play_hls(visit: Visit, address: str) -> None:
    text = _playlist(visit, address)
    renditions = list(dict.fromkeys((*variant_uris(text, address), *attribute_uris(text, address))))
    for rendition in renditions or [address]:
        inner = _playlist(visit, rendition)
        segments = segment_uris(inner, rendition)
        if not segments:
            raise Broken(f"{rendition} has no segments")
        _play(visit, segments[-1], next(iter(attribute_uris(inner, rendition, "EXT-X-MAP")), ""))


def _playlist(visit: Visit, address: str) -> str:
    text = _body(visit, address).decode(errors="replace")
    if not is_playlist(text):
        raise Broken(f"{address} is not a playlist")
    return text


def _play(visit: Visit, media: str, initialization: str) -> None:
    parts = [_body(visit, one) for one in (initialization, media) if one]
    if media.partition("?")[0].endswith(DECODED) and shutil.which("ffmpeg"):
        _decode(b"".join(parts), media)


def _body(visit: Visit, address: str) -> bytes:
    answer = visit.watch(address)
    expect(answer.status, 200, what=address)
    if not answer.body:
        raise Broken(f"{address} is empty")
    return answer.body


def _decode(content: bytes, name: str) -> None:
    """Decodes a segment with ffmpeg."""
    command = ("ffmpeg", "-v", "error", "-xerror", "-i", "pipe:", "-f", "null", "-")
    try:
        done = subprocess.run(  # noqa: S603 - the command is fixed
            command, input=content, capture_output=True, timeout=SECONDS_TO_DECODE, check=False
        )
    except subprocess.TimeoutExpired:
        raise Broken(f"ffmpeg does not finish decoding {name}") from None
    said = done.stderr.decode(errors="replace")
    if done.returncode and not any(one in said for one in BEYOND_FFMPEG):
        reason = said.strip().splitlines()[-1:]
        raise Broken(f"ffmpeg cannot decode {name}: {' '.join(reason)}")
