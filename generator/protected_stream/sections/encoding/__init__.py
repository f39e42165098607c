"""MediaLive channel and what it encodes: renditions, audio and captions, one module each."""

from protected_stream.sections.encoding.channel import TAGS, Encoding, encoding
from protected_stream.sections.encoding.options import EncodingOptions
from protected_stream.sections.encoding.rules import encoding_mistakes

__all__ = ["TAGS", "Encoding", "EncodingOptions", "encoding", "encoding_mistakes"]
