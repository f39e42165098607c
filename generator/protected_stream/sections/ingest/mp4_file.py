"""MediaLive input of type MP4_FILE: a video file in S3 that plays again and again."""

from typing import Any, ClassVar, Literal

from awacs.aws import Allow, Statement
from awacs.s3 import GetObject
from pydantic import Field
from troposphere import Parameter, Sub, medialive

from protected_stream.sections.channel_class import ChannelClass
from protected_stream.sections.ingest.carries import MP4, Carries
from protected_stream.sections.ingest.interface import (
    INPUT_NAME_LIMIT,
    Attachment,
    Ingest,
)
from protected_stream.template.iam import Roles
from protected_stream.template.metadata import why
from protected_stream.template.names import physical_name
from protected_stream.template.options import Options
from protected_stream.template.section import LabelledParameter, Note

# Characters with a meaning in URLs or in IAM policies are left out.
# Sources: Amazon S3 User Guide, "General purpose bucket naming rules", "Naming Amazon S3 objects";
# AWS Elemental MediaLive User Guide, "Supported input formats and protocols" (no dots, .mp4)
BUCKET = "[a-z0-9][a-z0-9-]{1,61}[a-z0-9]"
KEY = r"[A-Za-z0-9._/-]+\.mp4"


class Mp4FileOptions(Options):
    """A stream without an encoder: MediaLive plays a video file in a loop."""

    carries: ClassVar[Carries] = MP4

    type: Literal["mp4-file"] = Field(
        description="mp4-file: MediaLive plays a video file in S3 in a loop, without an encoder"
    )


def mp4_file(_: Mp4FileOptions, channel_class: ChannelClass, __: Roles) -> Ingest:
    """The file, which both pipelines of a STANDARD channel read.

    Source: AWS Elemental MediaLive User Guide, "Setting up an MP4 input" (`s3ssl://` for S3) and
    "Input settings", "Source end behavior".
    """
    source = _source()
    kind: dict[str, Any] = {"Type": "MP4_FILE"}
    input_ = medialive.Input(
        channel_class.input,
        Name=physical_name("file", limit=INPUT_NAME_LIMIT, create_only=kind),
        **kind,
        Sources=[
            medialive.InputSourceRequest(Url=Sub(f"s3ssl://${{{source.title}}}"))
            for _ in range(channel_class.pipelines)
        ],
        Metadata=why("the file that plays"),
    )
    return Ingest(
        source="ingest",
        heading="The source",
        parameters=(LabelledParameter("Video file in S3", source),),
        resources=(input_,),
        channel_statements=(_may_read(source),),
        notes=(
            Note("first", f"upload the video to {source.title}; it plays in a loop"),
            Note("if missing", "viewers see black; charges go on"),
        ),
        attachments=(
            Attachment(name="file", input=input_, settings={"SourceEndBehavior": "LOOP"}),
        ),
    )


def _source() -> Parameter:
    return Parameter(
        "SourceObject",
        Type="String",
        AllowedPattern=f"^{BUCKET}/{KEY}$",
        ConstraintDescription="must be a bucket and the key of an MP4 file in it, such as "
        "my-bucket/loop.mp4: no dots in the bucket; only letters, digits and . _ / - in the key",
        Description="Bucket and key of the video file, such as my-bucket/loop.mp4: H.264 or HEVC "
        "with AAC. It must exist before the channel starts.",
    )


def _may_read(source: Parameter) -> Statement:
    """Source: AWS Elemental MediaLive User Guide, "Reference: summary of trusted entity access"."""
    return Statement(
        Effect=Allow,
        Action=[GetObject],
        Resource=[Sub(f"arn:${{AWS::Partition}}:s3:::${{{source.title}}}")],
    )
