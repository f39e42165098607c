"""API Gateway REST API without its methods: the distribution needs its address first."""

from dataclasses import dataclass

from troposphere import NoValue, Sub, apigateway, cloudfront

from protected_stream.sections.cookies_api.options import ApiOptions
from protected_stream.sections.cookies_api.way_in import WayIn, way_in
from protected_stream.template.behavior import Behavior
from protected_stream.template.metadata import why
from protected_stream.template.names import physical_name
from protected_stream.template.section import Section

STAGE = "api"
CONFIG = "config"
"""The path of the page's settings, under the stage's."""
API_NAME_LIMIT = 128


@dataclass(frozen=True, kw_only=True)
class Api(Section):
    """The API, without its methods."""

    rest_api: apigateway.RestApi
    has_preflight: bool
    """Whether browsers ask before pages of other origins send the viewer's token."""
    way_in: WayIn | None = None
    """What the distribution must send; None if the API's own address is open."""


def api(options: ApiOptions, *, has_preflight: bool) -> Api:
    """The REST API, reached through the distribution.

    Source: API Gateway Developer Guide, "Security policies for REST APIs": a policy named
    SecurityPolicy_… needs an endpoint access mode; the default of a regional API is TLS 1.0.

    Args:
        options: whether its own address is open.
        has_preflight: whether pages of other origins call it.
    """
    entry = way_in() if options.direct_address == "closed" else None
    rest_api = apigateway.RestApi(
        "Api",
        Metadata=why("returns cookies on the stream's own host"),
        Name=physical_name("cookies", limit=API_NAME_LIMIT),
        EndpointConfiguration=apigateway.EndpointConfiguration(Types=["REGIONAL"]),
        SecurityPolicy="SecurityPolicy_TLS13_1_2_2021_06",
        EndpointAccessMode="BASIC",
    )
    origin = cloudfront.Origin(
        Id="api",
        DomainName=Sub("${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}", Api=rest_api.ref()),
        CustomOriginConfig=cloudfront.CustomOriginConfig(
            OriginProtocolPolicy="https-only", OriginSSLProtocols=["TLSv1.2"]
        ),
        OriginCustomHeaders=[entry.header] if entry else NoValue,
    )
    # the API's paths begin with the stage's name
    behaviors = (
        Behavior(content="page settings", origin=origin, path=f"/{STAGE}/{CONFIG}"),
        Behavior(content="api", origin=origin, path=f"/{STAGE}/*"),
    )
    secret = (entry.secret,) if entry else ()
    return Api(
        source="api",
        resources=(*secret, rest_api),
        behaviors=behaviors,
        rest_api=rest_api,
        has_preflight=has_preflight,
        way_in=entry,
    )
