"""stream.toml: the options of a stream, validated and loaded."""

import re
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, ValidationError, model_validator

from protected_stream.errors import StreamError
from protected_stream.lint.options import LintOptions
from protected_stream.sections.channel_guard import ScheduleOptions
from protected_stream.sections.cookies_api import ApiOptions
from protected_stream.sections.delivery import DeliveryOptions
from protected_stream.sections.encoding import EncodingOptions
from protected_stream.sections.ingest import IngestOptions, RtmpPushOptions
from protected_stream.sections.origin_shield import SHIELD_REGIONS
from protected_stream.sections.packaging import PackagingOptions
from protected_stream.sections.signing import ManagedOptions, SigningOptions, former_fits
from protected_stream.sections.viewers import ViewerOptions
from protected_stream.template.functions import FunctionOptions
from protected_stream.template.iam import RoleOptions
from protected_stream.template.logs import LogOptions
from protected_stream.template.names import digest_of
from protected_stream.template.options import Options
from protected_stream.template.validation_errors import validation_errors


def _tag_characters(text: str) -> str:
    if text.lower().startswith("aws:"):
        raise ValueError('must not begin with "aws:", which AWS reserves')
    if not re.fullmatch(r"[\w .:/=+@-]*", text):
        raise ValueError("must contain only letters, digits, spaces and . : / = + - @ _")
    return text


# Source: AWS General Reference, "Tag naming limits and requirements"
TagName = Annotated[
    str, StringConstraints(max_length=128, min_length=1), AfterValidator(_tag_characters)
]
TagValue = Annotated[str, StringConstraints(max_length=256), AfterValidator(_tag_characters)]


class Stream(Options):
    """A stream: one table for each part, from ingest to viewers."""

    # Source: AWS CloudFormation API Reference, CreateStack, StackName
    name: str = Field(
        default="live",
        max_length=128,
        pattern=r"^[A-Za-z][A-Za-z0-9-]*$",
        description="letters, digits and hyphens, beginning with a letter; names the stack and the "
        "parameters file in the commands to copy, so streams need different names",
    )
    region: str = Field(
        default="any",
        pattern=r"^(any|[a-z]{2}(-[a-z]+)+-[1-9])$",
        description='the Region to deploy to, such as us-east-1, or "any" to leave out '
        "features that only some Regions have",
    )
    tags: dict[TagName, TagValue] = Field(
        default_factory=dict, max_length=40, description="for every resource that supports tags"
    )
    ingest: IngestOptions = Field(
        default=RtmpPushOptions(),
        description="how the stream arrives; `type` selects the input type",
    )
    encoding: EncodingOptions = EncodingOptions()
    schedule: ScheduleOptions = ScheduleOptions()
    packaging: PackagingOptions = PackagingOptions()
    signing: SigningOptions = Field(
        default=ManagedOptions(),
        description="how the viewers' cookies are signed; `mode` selects where the key is kept",
    )
    former_signing: SigningOptions | None = Field(
        default=None,
        description="the `signing` table of the previous mode, while you change modes: cookies "
        "signed with its key stay valid while this table is present; not for `trusted-signer`",
    )
    delivery: DeliveryOptions = DeliveryOptions()
    viewers: ViewerOptions = ViewerOptions()
    api: ApiOptions = ApiOptions()
    functions: FunctionOptions = FunctionOptions()
    logs: LogOptions = LogOptions()
    roles: RoleOptions = RoleOptions()
    lint: LintOptions = LintOptions()

    @model_validator(mode="after")
    def _tables_fit(self) -> "Stream":
        for holds, sentence in (
            *former_fits(self.signing, self.former_signing),
            (
                self.delivery.origin_shield != "on" or self.region in {"any", *SHIELD_REGIONS},
                f"delivery.origin_shield: no Region for Origin Shield is known for {self.region}: "
                'name one, or "off"',
            ),
            (
                self.packaging.segment_seconds % self.encoding.gop_seconds == 0,
                "packaging.segment_seconds: must be a multiple of encoding.gop_seconds "
                f"({self.encoding.gop_seconds}), got {self.packaging.segment_seconds}",
            ),
            (
                not self.delivery.access_logs or self.region == "us-east-1",
                'delivery.access_logs: requires region = "us-east-1", where CloudFront logging '
                f'is configured; region is "{self.region}"',
            ),
        ):
            if not holds:
                raise ValueError(sentence)
        return self

    @property
    def digest(self) -> str:
        """Six hexadecimal digits that change when any option does, except `name` and `lint`.

        Those two do not change what is built.
        """
        built = self.model_dump(mode="json", exclude_none=True, exclude={"name", "lint"})
        return digest_of(built)


def load(path: Path) -> Stream:
    """The stream that the file describes.

    Raises:
        StreamError: lists every mistake in the file.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        return Stream.model_validate(tomllib.loads(text), context={"folder": path.parent})
    except OSError as error:
        raise StreamError((f"{path}: cannot be read: {error.strerror}",)) from None
    except UnicodeDecodeError:
        raise StreamError((f"{path}: is not UTF-8 text",)) from None
    except tomllib.TOMLDecodeError as error:
        raise StreamError((f"{path}: is not TOML: {error}",)) from None
    except ValidationError as error:
        raise StreamError(validation_errors(error, Stream, str(path))) from None
