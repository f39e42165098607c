"""MediaLive inputs: one module for each input type, behind the same interface."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import Discriminator, Tag

from protected_stream.sections.channel_class import ChannelClass
from protected_stream.sections.ingest.elemental_link import ElementalLinkOptions, elemental_link
from protected_stream.sections.ingest.interface import Attachment, Ingest
from protected_stream.sections.ingest.mediaconnect import MediaConnectOptions, mediaconnect
from protected_stream.sections.ingest.mp4_file import Mp4FileOptions, mp4_file
from protected_stream.sections.ingest.rtmp_pull import RtmpPullOptions, rtmp_pull
from protected_stream.sections.ingest.rtmp_push import RtmpPushOptions, rtmp_push
from protected_stream.sections.ingest.rtp_push import RtpPushOptions, rtp_push
from protected_stream.sections.ingest.srt_caller import SrtCallerOptions, srt_caller
from protected_stream.sections.ingest.srt_listener import SrtListenerOptions, srt_listener
from protected_stream.sections.ingest.url_pull import UrlPullOptions, url_pull
from protected_stream.template.iam import Roles
from protected_stream.template.options import Options, chosen_by

__all__ = ["DEFAULT", "Attachment", "Ingest", "IngestOptions", "ingest"]

IngestOptions = Annotated[
    Annotated[RtmpPushOptions, Tag("rtmp-push")]
    | Annotated[RtpPushOptions, Tag("rtp-push")]
    | Annotated[SrtListenerOptions, Tag("srt-listener")]
    | Annotated[SrtCallerOptions, Tag("srt-caller")]
    | Annotated[RtmpPullOptions, Tag("rtmp-pull")]
    | Annotated[UrlPullOptions, Tag("url-pull")]
    | Annotated[Mp4FileOptions, Tag("mp4-file")]
    | Annotated[MediaConnectOptions, Tag("mediaconnect")]
    | Annotated[ElementalLinkOptions, Tag("elemental-link")],
    Discriminator(chosen_by("type", "rtmp-push")),
]
DEFAULT = RtmpPushOptions()

INPUTS: Mapping[type[Options], Callable[[Any, ChannelClass, Roles], Ingest]] = {
    RtmpPushOptions: rtmp_push,
    RtpPushOptions: rtp_push,
    SrtListenerOptions: srt_listener,
    SrtCallerOptions: srt_caller,
    RtmpPullOptions: rtmp_pull,
    UrlPullOptions: url_pull,
    Mp4FileOptions: mp4_file,
    MediaConnectOptions: mediaconnect,
    ElementalLinkOptions: elemental_link,
}


def ingest(options: Options, channel_class: ChannelClass, roles: Roles) -> Ingest:
    """The stream's input, of the type that the options select.

    Args:
        options: the type and what belongs to it.
        channel_class: how many pipelines read it.
        roles: creates the roles that it needs.
    """
    return INPUTS[type(options)](options, channel_class, roles)
