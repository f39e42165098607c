"""MediaLive input of type RTMP_PULL: MediaLive connects to an RTMP server."""

from typing import ClassVar, Literal

from pydantic import Field

from protected_stream.sections.channel_class import ChannelClass
from protected_stream.sections.ingest.carries import RTMP, Carries
from protected_stream.sections.ingest.interface import Ingest
from protected_stream.sections.ingest.pull import HOST, PullOptions, SourceAddress, pulled
from protected_stream.template.iam import Roles

ADDRESS = SourceAddress(
    parameter="RtmpSource",
    label="RTMP address",
    pattern=rf"rtmp://{HOST}/[!-?A-~]+",
    example="rtmp://203.0.113.13:1935/live/curling",
)


class RtmpPullOptions(PullOptions):
    """MediaLive pulls RTMP from a server, such as a media server of your own."""

    carries: ClassVar[Carries] = RTMP

    type: Literal["rtmp-pull"] = Field(
        description="rtmp-pull: MediaLive pulls RTMP from one server for each pipeline"
    )


def rtmp_pull(options: RtmpPullOptions, channel_class: ChannelClass, _: Roles) -> Ingest:
    """The input, which has no security group: MediaLive opens the connection."""
    return pulled("RTMP_PULL", channel_class, ADDRESS, options)
