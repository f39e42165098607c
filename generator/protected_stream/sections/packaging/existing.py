"""Origins of streams that are on the air already: MediaPackage, an S3 bucket, any https host.

The stack reads from them and changes nothing there: an endpoint and a bucket have one policy each,
so writing it would replace the owner's. What the owner must add is in the template's outputs.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field
from troposphere import AWSHelperFn, NoValue, Output, Parameter, Ref, Sub, cloudfront

from protected_stream.sections.packaging.existing_kinds import (
    HOST,
    KINDS,
    NAME,
    SECRET,
    STATEMENT,
    Kind,
    Paths,
)
from protected_stream.sections.packaging.formats import DEFAULT_FORMATS, FORMATS
from protected_stream.sections.packaging.interface import Manifest, MediaOptions, MediaOrigin
from protected_stream.sections.packaging.v2 import CONNECTION_ATTEMPTS, CONNECTION_SECONDS
from protected_stream.template.behavior import Behavior
from protected_stream.template.iam import distribution_arn
from protected_stream.template.options import Mistake
from protected_stream.template.origin_access import origin_access
from protected_stream.template.section import LabelledParameter, Section
from protected_stream.template.validation_errors import shown

READ_SECONDS = 5
"""Ours: both attempts together last as long as a segment of ten seconds."""
KEEPALIVE_SECONDS = 11
"""Ours: until the next segment of ten seconds is requested."""
# A path pattern has at most 255 characters, and case matters.
# Source: Amazon CloudFront Developer Guide, "Cache behavior settings", "Path pattern"
MEDIA_PATH = rf"(/{NAME})+/\*"
LONGEST_PATH, LONGEST_MANIFEST = 240, 200
OWN_PATHS = ("api", "lib")
"""The folders of the API and the page on the distribution."""
HEADER = r"[A-Za-z][A-Za-z0-9-]*"
DEFAULT_HEADER = "X-Origin-Secret"
# Source: Amazon CloudFront Developer Guide, "Add custom headers to origin requests", "Custom
# headers that CloudFront can't add to origin requests"
NOT_ADDED = frozenset(
    {
        "cache-control",
        "connection",
        "content-length",
        "cookie",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "max-forwards",
        "pragma",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "range",
        "request-range",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
        "x-real-ip",
    }
)
NOT_ADDED_PREFIXES = ("x-amz-", "x-edge-")
PLAYED = DEFAULT_FORMATS
"""The formats of manifests, by their keys here and among the formats."""


def _media_path(path: str) -> str:
    if not re.fullmatch(MEDIA_PATH, path):
        raise ValueError(
            'must be the folder with the media on the origin and an asterisk, such as "/live/*"; '
            f"got {shown(path)}"
        )
    first = path.split("/")[1]
    if first in OWN_PATHS or {".", ".."} & set(path.split("/")):
        raise ValueError(
            f"must not begin with {' or '.join(f'/{name}/' for name in OWN_PATHS)}, which the "
            f'page has, nor contain the folders "." and ".."; got {shown(path)}'
        )
    return path


def _manifest(suffix: str) -> AfterValidator:
    """The validator of a manifest's path below `media_path`; empty if there is none."""

    def checked(path: str) -> str:
        whole = re.fullmatch(rf"({NAME}/)*{NAME}{re.escape(suffix)}", path)
        if path and (not whole or {".", ".."} & set(path.split("/"))):
            raise ValueError(
                f'must be a path below media_path that ends in {suffix}, such as "show/index'
                f'{suffix}"; got {shown(path)}'
            )
        return path

    return AfterValidator(checked)


def _header(name: str) -> str:
    if not re.fullmatch(HEADER, name):
        raise ValueError(
            "must have only letters, digits and hyphens, and begin with a letter; got "
            f"{shown(name)}"
        )
    if name.lower() in NOT_ADDED or name.lower().startswith(NOT_ADDED_PREFIXES):
        raise ValueError(f"is a header that CloudFront cannot add to requests: {shown(name)}")
    return name


class ExistingOptions(MediaOptions):
    """A stream that is on the air already, without a channel in this stack."""

    is_encoded: ClassVar[bool] = False
    way: ClassVar[str] = "A stream that is on the air already"

    mode: Literal["existing"] = Field(
        description="existing: the media come from an origin that you have; the stack has no "
        "channel and no packager, so leave out `[ingest]`, `[encoding]` and `[schedule]`"
    )
    origin: Literal["mediapackage-v2", "mediapackage-v1", "s3", "https"] = Field(
        default="https",
        description="mediapackage-v2, s3: CloudFront signs its requests, and you add the statement "
        "in the output `OriginStatement` to the policy of the endpoint or bucket; mediapackage-v1: "
        "CloudFront sends the header of CDN authorization; https: any other host, to which "
        "CloudFront sends a secret header",
    )
    media_path: Annotated[str, AfterValidator(_media_path)] = Field(
        max_length=LONGEST_PATH,
        json_schema_extra={"pattern": f"^{MEDIA_PATH}$"},
        description="the folder with the media of this stream and no other, with an asterisk: "
        "signed cookies open all of it",
    )
    hls: Annotated[str, _manifest(".m3u8")] = Field(
        default="",
        max_length=LONGEST_MANIFEST,
        description="the HLS manifest below `media_path`; empty: none. Manifests must name "
        "playlists and segments by relative paths, or by paths that begin with `media_path`",
    )
    dash: Annotated[str, _manifest(".mpd")] = Field(
        default="",
        max_length=LONGEST_MANIFEST,
        description="the DASH manifest below `media_path`; empty: none",
    )
    header: Annotated[str, AfterValidator(_header)] = Field(
        default=DEFAULT_HEADER,
        max_length=256,
        json_schema_extra={"pattern": f"^{HEADER}$"},
        description='the name of the secret header, with `origin = "https"`',
    )

    def mistakes(self) -> Iterator[Mistake]:
        """Without a manifest, or with settings that do not fit the kind of origin."""
        if not self.paths.manifests:
            yield ("packaging", PLAYED[0]), "must not be empty unless dash has a manifest"
        if "header" in self.model_fields_set and self.origin != "https":
            yield (
                ("packaging", "header"),
                f'is only for origin = "https", and origin is "{self.origin}": leave it out',
            )
        for key, sentence in KINDS[self.origin].mistakes(self.paths):
            yield ("packaging", key), f'{sentence}, as origin is "{self.origin}"'

    @property
    def paths(self) -> Paths:
        """Where the media are on the origin."""
        named = {name: getattr(self, name) for name in PLAYED}
        return Paths(
            media=self.media_path, manifests={name: path for name, path in named.items() if path}
        )


@dataclass(frozen=True, kw_only=True)
class ExistingOrigin(MediaOrigin):
    """An origin that belongs to somebody else, or to another stack."""

    kind: Kind
    paths: Paths

    def restrict_to(self, reader: cloudfront.Distribution) -> Section:
        """Outputs with the statements that the owner adds to the policies; none for a header.

        Written as text because Fn::ToJsonString needs a transform.
        Source: AWS CloudFormation Template Reference, "Fn::ToJsonString".
        """
        statements = tuple(self.kind.resources(self.paths))
        return Section(
            source=self.source,
            outputs=tuple(
                Output(
                    STATEMENT if number == 1 else f"{STATEMENT}{number}",
                    Description=f"Add to the policy of the {self.kind.label}",
                    Value=_statement(self.kind.actions, resources, reader),
                )
                for number, resources in enumerate(statements, 1)
            ),
        )


def _statement(
    actions: Collection[str], resources: Collection[AWSHelperFn], reader: cloudfront.Distribution
) -> AWSHelperFn:
    """The statement as JSON, as the guides of CloudFront have it."""
    variables: dict[str, Any] = {f"Resource{number}": one for number, one in enumerate(resources)}
    return Sub(
        '{"Effect":"Allow","Principal":{"Service":"cloudfront.amazonaws.com"},"Action":['
        + ",".join(f'"{one}"' for one in actions)
        + '],"Resource":['
        + ",".join(f'"${{{name}}}"' for name in variables)
        + '],"Condition":{"StringEquals":{"AWS:SourceArn":"${Reader}"}}}',
        {**variables, "Reader": distribution_arn(reader)},
    )


def existing_origin(
    options: ExistingOptions, *, shield: cloudfront.OriginShield | AWSHelperFn
) -> ExistingOrigin:
    """The origin, as the distribution reads from it."""
    kind = KINDS[options.origin]
    access = (
        origin_access(
            "MediaOriginAccess",
            f"CloudFront signs its requests to the {kind.label}",
            role="media",
            origin_type=kind.access,
        )
        if kind.access
        else None
    )
    folder = options.media_path.removesuffix("*")
    found = [(FORMATS[name], f"{folder}{path}") for name, path in options.paths.manifests.items()]
    reads = _origin(options, kind, access, shield)
    return ExistingOrigin(
        source="packaging",
        heading="The origin of the media",
        parameters=tuple(_parameters(kind)),
        resources=(access,) if access else (),
        notes=kind.notes,
        behaviors=(
            *(
                Behavior(content="manifests", origin=reads, path=f"{folder}{path}", signed=True)
                for path in dict.fromkeys(path for one, _ in found for path in one.paths)
            ),
            Behavior(content="segments", origin=reads, path=options.media_path, signed=True),
        ),
        page_settings={one.page_setting: path for one, path in found},
        media_path=options.media_path,
        manifest_queries=kind.queries,
        manifests=tuple(
            Manifest(output=one.output, meaning=one.meaning, path=path) for one, path in found
        ),
        kind=kind,
        paths=options.paths,
    )


def _parameters(kind: Kind) -> Iterator[LabelledParameter]:
    yield LabelledParameter(
        "Host name of the origin",
        Parameter(
            HOST,
            Type="String",
            AllowedPattern=f"^{kind.host}$",
            MaxLength=253,
            ConstraintDescription=f"must be a host name such as {kind.example}, without https://",
            Description=f"Host name of the {kind.label} with the media, such as {kind.example}.",
        ),
    )
    if not kind.access:
        shape = (
            f'the JSON {{"{kind.secret_key}": VALUE}}' if kind.secret_key else "the value itself"
        )
        yield LabelledParameter(
            "Secret with the header's value",
            Parameter(
                SECRET,
                Type="String",
                AllowedPattern=r"^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:"
                r"[A-Za-z0-9/_+=.@-]+$",
                ConstraintDescription="must be the ARN of a secret in Secrets Manager",
                Description="ARN of the secret with the value of the header that the origin asks "
                f"for, in this Region. The secret is {shape}.",
            ),
        )


def _origin(
    options: ExistingOptions,
    kind: Kind,
    access: cloudfront.OriginAccessControl | None,
    shield: cloudfront.OriginShield | AWSHelperFn,
) -> cloudfront.Origin:
    """Source: Amazon CloudFront Developer Guide, "Origin settings" (a timeout is tried again)."""
    return cloudfront.Origin(
        Id="media",
        DomainName=Ref(HOST),
        OriginAccessControlId=access.get_att("Id") if access else NoValue,
        OriginCustomHeaders=NoValue if access else [_secret_header(options, kind)],
        ConnectionAttempts=CONNECTION_ATTEMPTS,
        ConnectionTimeout=CONNECTION_SECONDS,
        OriginShield=shield,
        **_connection(kind),
    )


def _connection(kind: Kind) -> dict[str, Any]:
    if kind.access == "s3":
        return {"S3OriginConfig": cloudfront.S3OriginConfig(OriginAccessIdentity="")}
    return {
        "CustomOriginConfig": cloudfront.CustomOriginConfig(
            OriginProtocolPolicy="https-only",
            OriginSSLProtocols=["TLSv1.2"],
            OriginReadTimeout=READ_SECONDS,
            OriginKeepaliveTimeout=KEEPALIVE_SECONDS,
        )
    }


def _secret_header(options: ExistingOptions, kind: Kind) -> cloudfront.OriginCustomHeader:
    """The value is read when the distribution is created, and whenever it changes.

    Source: AWS CloudFormation User Guide, "Get a secret or secret value from Secrets Manager".
    """
    key = f":SecretString:{kind.secret_key}" if kind.secret_key else ""
    return cloudfront.OriginCustomHeader(
        HeaderName=kind.header or options.header,
        HeaderValue=Sub(f"{{{{resolve:secretsmanager:${{{SECRET}}}{key}}}}}"),
    )
