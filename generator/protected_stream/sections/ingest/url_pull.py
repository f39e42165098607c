"""MediaLive input of type URL_PULL: MediaLive pulls an HLS stream."""

from typing import ClassVar, Literal

from pydantic import Field
from troposphere import medialive

from protected_stream.sections.channel_class import ChannelClass
from protected_stream.sections.ingest.carries import HLS, Carries
from protected_stream.sections.ingest.interface import Ingest
from protected_stream.sections.ingest.pull import HOST, PullOptions, SourceAddress, pulled
from protected_stream.template.iam import Roles

ADDRESS = SourceAddress(
    parameter="HlsSource",
    label="HLS address",
    pattern=rf"https?://{HOST}/[!-?A-~]+\.m3u8(\?[!-?A-~]*)?",
    example="https://media.example.com/live/index.m3u8",
)


class UrlPullOptions(PullOptions):
    """MediaLive pulls HLS from a web server, such as another packager."""

    carries: ClassVar[Carries] = HLS

    type: Literal["url-pull"] = Field(
        description="url-pull: MediaLive pulls HLS from one address for each pipeline"
    )


def url_pull(options: UrlPullOptions, channel_class: ChannelClass, _: Roles) -> Ingest:
    """The input; a server with https must have a valid certificate with its name.

    Source: AWS Elemental MediaLive API, NetworkInputSettings and HlsInputSettings.
    """
    network = medialive.NetworkInputSettings(
        ServerValidation="CHECK_CRYPTOGRAPHY_AND_VALIDATE_NAME",
        HlsInputSettings=medialive.HlsInputSettings(Scte35Source="SEGMENTS"),
    )
    return pulled("URL_PULL", channel_class, ADDRESS, options, network)
