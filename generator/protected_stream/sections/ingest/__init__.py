"""MediaLive inputs: one module for each input type, behind the same interface."""

from collections.abc import Callable, Mapping
from typing import Any

from protected_stream.sections.channel_class import ChannelClass
from protected_stream.sections.ingest.interface import Ingest
from protected_stream.sections.ingest.rtmp_push import RtmpPushOptions, rtmp_push
from protected_stream.template.options import Options

__all__ = ["Ingest", "IngestOptions", "RtmpPushOptions", "ingest"]

IngestOptions = RtmpPushOptions
"""Becomes a union by `type` when there is a second input type, like signing's by `mode`."""

INPUTS: Mapping[type[Options], Callable[[Any, ChannelClass], Ingest]] = {
    RtmpPushOptions: rtmp_push,
}


def ingest(options: IngestOptions, channel_class: ChannelClass) -> Ingest:
    """The stream's input, of the type that the options select."""
    return INPUTS[type(options)](options, channel_class)
