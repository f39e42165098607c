"""stream.toml in, one CloudFormation template for a protected live stream out.

from protected_stream import Stream, assemble
assemble(Stream()).to_json()
"""

from troposphere import Template

from protected_stream.config import Stream
from protected_stream.lambda_code import code_of
from protected_stream.stack import assembled, sections

__all__ = ["Stream", "assemble"]


def assemble(stream: Stream) -> Template:
    """The template of the stream, with the functions as they are in lambda_src."""
    code = code_of(architecture=stream.functions.architecture, inline=stream.signing.inline)
    return assembled(stream, sections(stream, code))
