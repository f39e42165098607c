"""MediaLive inputs: how the stream arrives, each type behind the same interface."""

from collections.abc import Callable, Mapping
from typing import Any

from protected_stream.sections.channel_class import ChannelClass
from protected_stream.sections.ingest.interface import Ingest
from protected_stream.sections.ingest.rtmp_push import RtmpPushOptions, rtmp_push
from protected_stream.template.options import Options

__all__ = ["Ingest", "IngestOptions", "RtmpPushOptions", "ingest"]

IngestOptions = RtmpPushOptions
"""A union of options by `type` as soon as there is a second one, as signing has by `mode`."""

INPUTS: Mapping[type[Options], Callable[[Any, ChannelClass], Ingest]] = {
    RtmpPushOptions: rtmp_push,
}


def ingest(options: IngestOptions, channel_class: ChannelClass) -> Ingest:
    """The input of the stream, of the type that the options are of."""
    return INPUTS[type(options)](options, channel_class)
