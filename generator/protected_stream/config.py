"""stream.toml: the options of a stream, validated and loaded."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import (
    AfterValidator,
    Field,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from protected_stream.errors import StreamError
from protected_stream.files import read_at_most
from protected_stream.lint.options import LintOptions
from protected_stream.sections.alarms import AlarmOptions
from protected_stream.sections.channel_guard import ScheduleOptions
from protected_stream.sections.cookies_api import ApiOptions
from protected_stream.sections.delivery import DeliveryOptions
from protected_stream.sections.encoding import TAGS as CHANNEL_TAGS
from protected_stream.sections.encoding import EncodingOptions, encoding_mistakes
from protected_stream.sections.ingest import DEFAULT as DEFAULT_INGEST
from protected_stream.sections.ingest import IngestOptions
from protected_stream.sections.origin_shield import SHIELD_REGIONS
from protected_stream.sections.own_domain import CERTIFICATE_REGION
from protected_stream.sections.packaging import DEFAULT as DEFAULT_PACKAGING
from protected_stream.sections.packaging import PackagingOptions
from protected_stream.sections.page_options import PageOptions
from protected_stream.sections.signing import ManagedOptions, SigningOptions, former_fits
from protected_stream.sections.viewers import OwnPoolOptions, ViewerOptions
from protected_stream.template.buckets import BucketOptions
from protected_stream.template.encryption import EncryptionOptions
from protected_stream.template.functions import FunctionOptions
from protected_stream.template.iam import RoleOptions
from protected_stream.template.logs import LogOptions
from protected_stream.template.names import digest_of
from protected_stream.template.options import BrokenRules, Mistake, Options
from protected_stream.template.regions import ANY, deployable
from protected_stream.template.toml_lines import KeyPath
from protected_stream.template.validation_errors import shown, validation_errors

MOST_BYTES = 262_144
"""Size of the largest stream file: many times what the longest tags and five keys need."""

OF_A_CHANNEL = frozenset({"ingest", "encoding", "schedule"})
"""The tables that only a stream with a channel has."""

# Source: AWS CloudFormation API Reference, CreateStack, StackName
STACK_NAME = "[A-Za-z][A-Za-z0-9-]*"


def _stack_name(name: str) -> str:
    if not re.fullmatch(STACK_NAME, name):
        raise ValueError(
            "must begin with a letter and have only letters, digits and hyphens, as a stack's "
            f"name; got {shown(name)}"
        )
    return name


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

    name: Annotated[str, AfterValidator(_stack_name)] = Field(
        default="live",
        max_length=128,
        json_schema_extra={"pattern": f"^{STACK_NAME}$"},
        description="letters, digits and hyphens, beginning with a letter; names the stack and the "
        "parameters file in the commands to copy, so streams need different names",
    )
    region: Annotated[str, AfterValidator(deployable)] = Field(
        default=ANY,
        json_schema_extra={"pattern": r"^(any|[a-z]{2}(-[a-z]+)+-[1-9])$"},
        description='the Region to deploy to, such as us-east-1, or "any" to leave out '
        "features that only some Regions have",
    )
    tags: dict[TagName, TagValue] = Field(
        default_factory=dict, max_length=40, description="for every resource that supports tags"
    )
    ingest: IngestOptions = Field(
        default=DEFAULT_INGEST,
        description="how the stream arrives; `type` selects the input type",
    )
    encoding: EncodingOptions = EncodingOptions()
    schedule: ScheduleOptions = ScheduleOptions()
    packaging: PackagingOptions = Field(
        default=DEFAULT_PACKAGING,
        description="where the media come from; `mode` selects it",
    )
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
    page: PageOptions = Field(default_factory=PageOptions)
    viewers: ViewerOptions = Field(
        default=OwnPoolOptions(),
        description="who may enter; `pool` selects the user pool that viewers are in",
    )
    api: ApiOptions = ApiOptions()
    functions: FunctionOptions = FunctionOptions()
    logs: LogOptions = LogOptions()
    roles: RoleOptions = RoleOptions()
    buckets: BucketOptions = Field(
        default=BucketOptions(), exclude_if=lambda table: table == BucketOptions()
    )
    encryption: EncryptionOptions = Field(
        default=EncryptionOptions(), exclude_if=lambda table: table == EncryptionOptions()
    )
    alarms: AlarmOptions | None = Field(
        default=None,
        description="CloudWatch alarms that are mailed, and a dashboard; none without this table, "
        "which may be empty",
    )
    lint: LintOptions = LintOptions()

    @model_validator(mode="after")
    def _tables_fit(self, info: ValidationInfo) -> "Stream":
        broken = [
            (tuple(key.split(".")), sentence)
            for holds, key, sentence in (*self._within_a_table(), *self._across_tables())
            if not holds
        ]
        encoding = self.encoding
        mistakes = (
            *_tags_broken(self.tags),
            *encoding_mistakes(encoding, self.ingest.type, self.ingest.carries),
            *self.packaging.mistakes(),
            *self.packaging.codec_mistakes(encoding.chosen_ladder.codecs),
            *self._of_a_channel(),
            *self.schedule.mistakes((info.context or {}).get("now") or datetime.now(UTC)),
            *broken,
        )
        if mistakes:
            raise BrokenRules(mistakes)
        return self

    def _within_a_table(self) -> tuple[tuple[bool, str, str], ...]:
        """Whether each rule holds, the key to change, and what is wrong if it does not.

        Source of the burst: API Gateway's own quotas for an account are 10,000 requests per second
        and a burst of 5,000 (Amazon API Gateway Developer Guide, "Amazon API Gateway quotas").
        """
        signing, api = self.signing, self.api
        accent_is_seen, contrast = self.page.contrast
        return (
            (
                signing.step_minutes <= signing.cookie_minutes,
                "signing.step_minutes",
                f"must be at most cookie_minutes ({signing.cookie_minutes}), or cookies would last "
                f"several times as long; got {signing.step_minutes}",
            ),
            (
                2 * api.burst >= api.requests_per_second,
                "api.burst",
                f"must be at least half of requests_per_second ({api.requests_per_second}), as in "
                "API Gateway's own quotas, or viewers who arrive in the same moment are refused; "
                f"got {api.burst}",
            ),
            (accent_is_seen, "page.accent", contrast),
            *self.delivery.domain_rules,
            *self.delivery.site_rules,
        )

    def _across_tables(self) -> tuple[tuple[bool, str, str], ...]:
        """The same, for rules that involve several tables."""
        signing, hours = self.signing, self.viewers.session_hours
        return (
            *(
                (holds, "former_signing", sentence)
                for holds, sentence in former_fits(signing, self.former_signing)
            ),
            (
                self.delivery.origin_shield != "on" or self.region in {"any", *SHIELD_REGIONS},
                "delivery.origin_shield",
                f'no Region for Origin Shield is known for {self.region}: name one, or "off"',
            ),
            (
                not self.delivery.access_logs or self.region == "us-east-1",
                "delivery.access_logs",
                'requires region = "us-east-1", where CloudFront logging is configured; region is '
                f'"{self.region}"',
            ),
            (
                self.delivery.web_acl != "managed" or self.region == "us-east-1",
                "delivery.web_acl",
                'can be "managed" only with region = "us-east-1", where the web ACLs of '
                f'distributions are; region is "{self.region}"',
            ),
            (
                self.delivery.certificate == "supplied" or self.region == CERTIFICATE_REGION,
                "delivery.certificate",
                f'"created" requires region = "{CERTIFICATE_REGION}", as CloudFront takes '
                f'certificates from there alone; region is "{self.region}"',
            ),
            (
                signing.cookie_minutes <= 60 * hours,
                "signing.cookie_minutes",
                f"must be at most {60 * hours}, or a viewer would not have to sign in again after "
                f"viewers.session_hours ({hours}); got {signing.cookie_minutes}",
            ),
        )

    def _of_a_channel(self) -> Iterator[Mistake]:
        """What is wrong with the tables of the channel, or that there is none."""
        yield from self.packaging.gop_mistakes(self.encoding.gop_seconds)
        given = OF_A_CHANNEL & self.model_fields_set
        for name in () if self.packaging.is_encoded else sorted(given):
            keys = sorted(getattr(self, name).model_fields_set)
            paths: list[KeyPath] = [(name, key) for key in keys]
            for path in paths or [(name,)]:
                yield (
                    path,
                    'leave it out, as the stack has no channel if packaging.mode is "existing"',
                )

    @property
    def digest(self) -> str:
        """Six hexadecimal digits that change when any option does, except those of three keys.

        `name` and `lint` do not change what is built. `page` is left out so that files of a brand
        need not be part of it; what of it is in the template can be seen there.
        """
        built = self.model_dump(mode="json", exclude_none=True, exclude={"name", "lint", "page"})
        return digest_of(built)


def _tags_broken(tags: Mapping[str, str]) -> Iterator[tuple[KeyPath, str]]:
    """The tags that IAM would not tell apart from another one, each with what is wrong.

    Source: IAM User Guide, "Tags for AWS Identity and Access Management resources": the case of
    tag keys is kept, but does not distinguish them.
    """
    own = {name.casefold(): name for name in CHANNEL_TAGS}
    seen: dict[str, str] = {}
    for name in tags:
        other = seen.setdefault(name.casefold(), name)
        if name.casefold() in own:
            yield (
                ("tags", name),
                f'is the tag "{own[name.casefold()]}" that the stream itself needs: choose another '
                "name",
            )
        elif other != name:
            yield (
                ("tags", name),
                f'differs from "{other}" in case alone, which IAM does not allow: leave one out',
            )


def load(path: Path) -> Stream:
    """The stream that the file describes.

    Raises:
        StreamError: lists every mistake in the file.
    """
    try:
        text = read_at_most(MOST_BYTES, path).decode("utf-8-sig")
        return _parsed(text, path)
    except OSError as error:
        raise StreamError((f"{path}: cannot be read: {error.strerror}",)) from None
    except UnicodeDecodeError:
        raise StreamError((f"{path}: is not UTF-8 text",)) from None
    except RecursionError:
        raise StreamError((f"{path}: has lists or tables nested too deeply",)) from None


def _parsed(text: str, path: Path) -> Stream:
    try:
        return Stream.model_validate(tomllib.loads(text), context={"folder": path.parent})
    except tomllib.TOMLDecodeError as error:
        raise StreamError((f"{path}: is not TOML: {error}",)) from None
    except ValidationError as error:
        raise StreamError(validation_errors(error, Stream, str(path), text)) from None
    except ValueError:  # Python's limit of digits, which only tomllib reaches
        raise StreamError((f"{path}: has a number with too many digits",)) from None
