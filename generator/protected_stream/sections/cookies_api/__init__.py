"""API Gateway REST API in front of the signing function: /api/cookies and /api/config."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from troposphere import AWSHelperFn, awslambda

from protected_stream.sections.cookies_api.methods import methods
from protected_stream.sections.cookies_api.rest_api import Api, api
from protected_stream.sections.cookies_api.stage import ApiOptions, deployment, stage
from protected_stream.sections.signing import Signing
from protected_stream.sections.viewers import Viewers
from protected_stream.template.functions import Functions, LoggedFunction
from protected_stream.template.logs import log_group
from protected_stream.template.section import Section

__all__ = ["Api", "ApiOptions", "CookiesApi", "api", "cookies_api"]

FUNCTION_SECONDS = 10
FUNCTION_MEBIBYTES = 512
USUAL_HEADER = "Authorization"


@dataclass(frozen=True, kw_only=True)
class CookiesApi(Section):
    """The API that returns the cookies."""

    function: awslambda.Function
    """The function that signs them."""


def cookies_api(
    options: ApiOptions,
    api: Api,
    *,
    functions: Functions,
    viewers: Viewers,
    signing: Signing,
    media_url: AWSHelperFn,
    page_settings: Mapping[str, Any],
) -> CookiesApi:
    """The API's methods: cookies for signed-in viewers; sign-out and settings for everyone.

    Args:
        options: throttling and logging.
        api: the API without methods.
        functions: creates the signing function.
        viewers: who may get cookies.
        signing: the key that signs them.
        media_url: the URL pattern that the cookies give access to.
        page_settings: the page's settings from the sections. They are stage variables, so a
            changed value needs no new deployment. Those with the page's defaults are left out.
    """
    signer = _signer(functions, viewers, signing, media_url)
    settings = {**page_settings, **_token_header_setting(options)}
    answers = methods(
        api, signer.function, viewers, token_header=options.token_header, settings=settings
    )
    # requests during the update must not reach a function that API Gateway may not invoke yet
    permissions = answers.permissions if signing.takes_over else ()
    deployed = deployment(api, answers, after=permissions)
    access_log = log_group("ApiLog", functions.logs) if options.access_logs else None
    return CookiesApi(
        source="api",
        resources=(
            *signer.resources,
            *answers.permissions,
            *answers.described,
            deployed,
            *([access_log] if access_log else []),
            stage(options, deployed, settings, access_log),
        ),
        code=(signer.code,),
        function=signer.function,
    )


def _signer(
    functions: Functions, viewers: Viewers, signing: Signing, media_url: AWSHelperFn
) -> LoggedFunction:
    return functions.function(
        signing.signer,
        "cookies",
        reason="signs the cookies of signed-in viewers",
        environment={
            **signing.environment,
            "CLIENT_ID": viewers.client_id,
            signing.media_variable: media_url,
        },
        statements=signing.signing_statements,
        timeout=FUNCTION_SECONDS,
        memory=FUNCTION_MEBIBYTES,
    )


def _token_header_setting(options: ApiOptions) -> dict[str, str]:
    return {} if options.token_header == USUAL_HEADER else {"tokenHeader": options.token_header}
