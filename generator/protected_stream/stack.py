"""The stream as one template: which sections there are, and who may use whom."""

from collections.abc import Mapping

from troposphere import Template

from protected_stream.config import Stream
from protected_stream.lambda_code import FunctionCode
from protected_stream.sections.access_logs import access_logs
from protected_stream.sections.channel_guard import channel_guard
from protected_stream.sections.cookies_api import api, cookies_api
from protected_stream.sections.delivery import delivery
from protected_stream.sections.encoding import encoding
from protected_stream.sections.ingest import ingest
from protected_stream.sections.packaging import packaging
from protected_stream.sections.page_bucket import page_bucket
from protected_stream.sections.signing import signing
from protected_stream.sections.viewers import sign_in_hosts, viewers
from protected_stream.template.functions import functions
from protected_stream.template.iam import roles
from protected_stream.template.metadata import architecture, without_check
from protected_stream.template.section import Section, template
from protected_stream.version import VERSION

DESCRIPTION = "A live video stream that only signed-in viewers can watch"
ARCHITECTURE = (
    "Encoder -> MediaLive channel -> MediaPackage v2 endpoint -> CloudFront distribution, which "
    "serves the media only with signed cookies. Viewers sign in with Cognito; the page calls "
    "/api/cookies on the same distribution (API Gateway, Cognito authorizer, Lambda), which signs "
    "cookies with a key that the distribution trusts."
)
MUST = (
    "every behaviour that reaches the packager demands a signature",
    "logical IDs and names of stateful resources stay as they are",
)


def sections(stream: Stream, code: Mapping[str, FunctionCode]) -> tuple[Section, ...]:
    """The sections of the stream, from the camera to the viewer."""
    role = roles(stream.roles)
    function = functions(stream.functions, stream.logs, code, role)
    source = ingest(stream.ingest, stream.encoding.pipelines)
    media = packaging(stream.packaging)
    channel = encoding(stream.encoding, source, media, role)
    on_air = channel_guard(
        stream.schedule,
        function,
        channel=channel.channel,
        inputs=source.inputs,
        tags=stream.tags,
    )
    key = signing(stream.signing, function, former=stream.former_signing)
    page = page_bucket()
    endpoint = api()
    edge = delivery(
        stream.delivery,
        media=media,
        signing=key,
        api=endpoint.origin,
        page=page,
        sign_in_hosts=sign_in_hosts(),
    )
    audience = viewers(stream.viewers, edge)
    cookies = cookies_api(
        stream.api,
        endpoint,
        functions=function,
        viewers=audience,
        signing=key,
        media=media,
        delivery=edge,
    )
    parts = (
        source,
        channel,
        on_air,
        media,
        key,
        page,
        endpoint,
        edge,
        media.restrict_to(edge.distribution),
        page.restrict_to(edge.distribution),
        access_logs(stream.delivery, edge, stream.logs),
        audience,
        cookies,
    )
    return (*parts, function.places(parts), role)


def assembled(stream: Stream, parts: tuple[Section, ...]) -> Template:
    """The sections as the template of the stream."""
    return template(
        parts,
        description=DESCRIPTION,
        metadata={
            "Generator": {"Version": VERSION, "Stream": stream.digest},
            **architecture(ARCHITECTURE, MUST),
            **(without_check("I4010") if stream.signing.inline else {}),
        },
        tags=stream.tags,
        # a template that holds the functions' code has no room for them, and I4010 asks for them
        reasons=not stream.signing.inline,
    )
