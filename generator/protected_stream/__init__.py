"""CloudFormation template generator for a protected live video stream.

from protected_stream import Stream, assemble
assemble(Stream()).to_json()
"""

from protected_stream.build import assemble, build
from protected_stream.config import Stream
from protected_stream.stack import Stack
from protected_stream.template.section import Section

__all__ = ["Section", "Stack", "Stream", "assemble", "build"]
