"""MediaLive inputs: one module for each input type, behind the same interface."""

from collections.abc import Callable, Mapping
from typing import Any

from protected_stream.sections.channel_class import ChannelClass
from protected_stream.sections.ingest.interface import Ingest
from protected_stream.sections.ingest.rtmp_push import RtmpPushOptions, rtmp_push
from protected_stream.template.iam import Roles
from protected_stream.template.options import Options

__all__ = ["DEFAULT", "Ingest", "IngestOptions", "ingest"]

IngestOptions = RtmpPushOptions
"""Becomes a union by `type` when there is a second input type, like signing's by `mode`."""
DEFAULT = RtmpPushOptions()

INPUTS: Mapping[type[Options], Callable[[Any, ChannelClass, Roles], Ingest]] = {
    RtmpPushOptions: rtmp_push,
}


def ingest(options: Options, channel_class: ChannelClass, roles: Roles) -> Ingest:
    """The stream's input, of the type that the options select.

    Args:
        options: the type and what belongs to it.
        channel_class: how many pipelines read it.
        roles: creates the roles that it needs.
    """
    return INPUTS[type(options)](options, channel_class, roles)
