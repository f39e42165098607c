"""CloudFormation template of the stream: its sections, and which section uses which."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from troposphere import Template

from protected_stream.config import Stream
from protected_stream.lambda_code import FunctionCode
from protected_stream.lint.waivers import waivers_of_checkov
from protected_stream.sections.access_logs import access_logs
from protected_stream.sections.alarms import alarms
from protected_stream.sections.channel_guard import ChannelGuardSection, channel_guard
from protected_stream.sections.cookies_api import Api, CookiesApi, api, cookies_api
from protected_stream.sections.delivery import Delivery, delivery
from protected_stream.sections.encoding import Encoding, encoding
from protected_stream.sections.ingest import Ingest, ingest
from protected_stream.sections.origin_shield import OriginShield, origin_shield
from protected_stream.sections.packaging import MediaOrigin, Packaging, origin, packaging
from protected_stream.sections.page_bucket import PageBucket, page_bucket
from protected_stream.sections.shows import shows
from protected_stream.sections.signing import Signing, signing
from protected_stream.sections.viewers import Viewers, sign_in_hosts, viewers
from protected_stream.template.buckets import with_options
from protected_stream.template.encryption import encryption
from protected_stream.template.functions import Functions
from protected_stream.template.iam import Roles, roles
from protected_stream.template.metadata import architecture, with_waivers, without_checks
from protected_stream.template.section import Section, complete, depend_on, template
from protected_stream.template.simplify import simplify
from protected_stream.version import VERSION

DESCRIPTION = "A live video stream that only signed-in viewers can watch"
ARCHITECTURE = (
    "{way} -> CloudFront distribution, which "
    "serves the media only with signed cookies. Viewers sign in with Cognito; the page calls "
    "/api/cookies on the same distribution (API Gateway, Cognito authorizer, Lambda), which signs "
    "cookies with a key that the distribution trusts."
)
MUST = (
    "every behavior that reaches the packager requires a signature",
    "logical IDs and names of stateful resources stay as they are",
)


@dataclass(frozen=True, kw_only=True)
class Journey:
    """A group of sections, in template order."""

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections of all fields, in field order."""
        values = [getattr(self, one.name) for one in fields(self)]
        return tuple(
            section
            for value in values
            for section in (value if isinstance(value, tuple) else (value,))
        )


@dataclass(frozen=True, kw_only=True)
class Media(Journey):
    """From the camera to the packager."""

    ingest: Ingest
    encoding: Encoding
    channel_guard: ChannelGuardSection
    shows: Section
    encoder_addresses: Section
    packaging: Packaging
    origin_shield: OriginShield


@dataclass(frozen=True, kw_only=True)
class ExistingMedia(Journey):
    """Media that are on the air without this stack."""

    packaging: MediaOrigin
    origin_shield: OriginShield


@dataclass(frozen=True, kw_only=True)
class Edge(Journey):
    """The signing key, and the distribution that requires its signatures."""

    signing: Signing
    page_bucket: PageBucket
    api: Api
    delivery: Delivery
    origin_policies: tuple[Section, ...]
    """Policies that let only this distribution read the origins."""
    access_logs: Section


@dataclass(frozen=True, kw_only=True)
class Access(Journey):
    """Who may watch, and how they get their cookies."""

    viewers: Viewers
    cookies_api: CookiesApi


@dataclass(frozen=True, kw_only=True)
class Stack:
    """The parts of a stream that sections and extensions build on."""

    roles: Roles
    """Creates the stack's roles."""
    functions: Functions
    """Creates the stack's functions."""
    media: Media | ExistingMedia
    edge: Edge
    access: Access


Extension = Callable[[Stack], Section]
"""Adds a section for which the stream file has no option."""


def sections(
    stream: Stream, code: Mapping[str, FunctionCode], extend: Sequence[Extension] = ()
) -> tuple[Section, ...]:
    """The sections of the stream, from the camera to the viewer, and those of its extensions.

    Raises:
        BuildError: an extension provides something that only the stream's own sections can.
    """
    role = roles(stream.roles)
    function = Functions(options=stream.functions, logs=stream.logs, code=code, roles=role)
    media = _media(stream, function, role)
    edge = _key_and_edge(stream, function, media)
    access = _viewers_and_api(stream, function, media, edge)
    stack = Stack(roles=role, functions=function, media=media, edge=edge, access=access)
    parts = (
        *media.sections,
        *edge.sections,
        *access.sections,
        *(complete(extension(stack)) for extension in extend),
    )
    with_options(stream.buckets, parts)
    parts = (*parts, alarms(stream.alarms, function, parts, region=stream.region))
    key = encryption(stream.encryption, parts)
    return (*parts, key, function.locations([one for part in parts for one in part.code]), role)


def _media(stream: Stream, functions: Functions, roles: Roles) -> Media | ExistingMedia:
    shield = origin_shield(stream.delivery.origin_shield, stream.region)
    if stream.packaging.is_encoded:
        return _camera_to_packager(stream, functions, roles, shield)
    return ExistingMedia(
        packaging=origin(stream.packaging, shield=shield.settings), origin_shield=shield
    )


def _camera_to_packager(
    stream: Stream, functions: Functions, roles: Roles, shield: OriginShield
) -> Media:
    source = ingest(stream.ingest, stream.encoding.pipelines, roles)
    packager = packaging(stream.packaging, stream.encoding.pipelines, shield=shield.settings)
    channel = encoding(
        stream.encoding,
        source,
        packager,
        roles,
        statements=(*source.channel_statements, *packager.channel_statements),
    )
    guard = channel_guard(
        stream.schedule,
        functions,
        channel=channel.channel,
        inputs=source.inputs,
        tags=stream.tags,
    )
    depend_on(guard.guard, source.inputs)
    return Media(
        ingest=source,
        encoding=channel,
        channel_guard=guard,
        shows=shows(stream.schedule, roles, channel=channel.channel),
        encoder_addresses=source.addresses(guard.on_air),
        packaging=packager,
        origin_shield=shield,
    )


def _key_and_edge(stream: Stream, functions: Functions, media: Media | ExistingMedia) -> Edge:
    key = signing(stream.signing, functions, former=stream.former_signing)
    page = page_bucket()
    endpoint = api(stream.api, has_preflight=bool(stream.delivery.sites))
    edge = delivery(
        stream.delivery,
        behaviors=(*media.packaging.behaviors, *endpoint.behaviors, *page.behaviors),
        media=media.packaging,
        signing=key,
        sign_in_hosts=sign_in_hosts(stream.viewers),
        token_header=stream.api.token_header,
    )
    return Edge(
        signing=key,
        page_bucket=page,
        api=endpoint,
        delivery=edge,
        origin_policies=(
            media.packaging.restrict_to(edge.distribution),
            page.restrict_to(edge.distribution),
        ),
        access_logs=access_logs(stream.delivery, edge, stream.logs),
    )


def _viewers_and_api(
    stream: Stream, functions: Functions, media: Media | ExistingMedia, edge: Edge
) -> Access:
    audience = viewers(stream.viewers, edge.delivery, stream.page.brand)
    cookies = cookies_api(
        stream.api,
        edge.api,
        functions=functions,
        viewers=audience,
        signing=edge.signing,
        media_url=edge.delivery.url(media.packaging.media_path),
        crosses_sites=edge.delivery.crosses_sites,
        page_settings={**audience.page_settings, **media.packaging.page_settings},
    )
    return Access(viewers=audience, cookies_api=cookies)


def assembled(stream: Stream, parts: Sequence[Section]) -> Template:
    """The template of the stream, assembled from its sections.

    Raises:
        BuildError: two sections have a parameter, resource or output of the same name.
    """
    whole = template(
        parts,
        description=DESCRIPTION,
        metadata={
            "Generator": {"Version": VERSION, "Stream": stream.digest, "Name": stream.name},
            **(_explanation(stream) if stream.signing.explained else {}),
            **without_checks(stream.signing.ignored_checks),
        },
        tags=stream.tags,
        explained=stream.signing.explained,
    )
    if stream.lint.waivers:
        for title, resource in whole.resources.items():
            with_waivers(resource, waivers_of_checkov(title, simplify(resource.to_dict())))
    return whole


def _explanation(stream: Stream) -> dict[str, Any]:
    return architecture(ARCHITECTURE.format(way=stream.packaging.way), MUST)
