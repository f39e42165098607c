"""API Gateway REST API in front of the signing function: /api/cookies and /api/config."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from troposphere import AWSHelperFn, awslambda, logs

from protected_stream.sections.cookies_api.methods import methods
from protected_stream.sections.cookies_api.options import ApiOptions
from protected_stream.sections.cookies_api.rest_api import Api, api
from protected_stream.sections.cookies_api.stage import deployment, execution_log_name, stage
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
    media_url: str | AWSHelperFn,
    crosses_sites: bool,
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
        crosses_sites: whether pages of other sites than the stream's send the cookies.
        page_settings: the page's settings from the sections. They are stage variables, so a
            changed value needs no new deployment. Those with the page's defaults are left out.
    """
    choices = {
        **({"GROUPS": " ".join(viewers.groups)} if viewers.groups else {}),
        **({"COOKIES_IN_BODY": "true"} if options.cookies_in_body else {}),
        **({"OTHER_SITES": "true"} if crosses_sites else {}),
    }
    signer = _signer(options, functions, viewers, signing, media_url, choices)
    settings = {**page_settings, **_token_header_setting(options)}
    answers = methods(
        api, signer.function, viewers, token_header=options.token_header, settings=settings
    )
    # requests during the update must not reach a function that API Gateway may not invoke yet
    permissions = answers.permissions if signing.takes_over else ()
    deployed = deployment(api, answers, after=permissions)
    access_log = log_group("ApiLog", functions.logs) if options.access_logs else None
    execution_log = _execution_log(options, api, functions)
    deployed_stage = stage(options, deployed, settings, access_log, execution_log)
    way_in = api.way_in
    return CookiesApi(
        source="api",
        resources=(
            *signer.resources,
            *answers.permissions,
            *answers.described,
            deployed,
            *([access_log] if access_log else []),
            *([execution_log] if execution_log else []),
            deployed_stage,
            *(way_in.guards(deployed_stage) if way_in else ()),
        ),
        code=(signer.code,),
        function=signer.function,
    )


def _execution_log(options: ApiOptions, api: Api, functions: Functions) -> logs.LogGroup | None:
    if options.execution_logs == "off":
        return None
    group = log_group("ApiExecutionLog", functions.logs)
    group.LogGroupName = execution_log_name(api)
    return group


def _signer(
    options: ApiOptions,
    functions: Functions,
    viewers: Viewers,
    signing: Signing,
    media_url: str | AWSHelperFn,
    choices: Mapping[str, str],
) -> LoggedFunction:
    """The function; `choices` are the environment variables that change its answer."""
    made = functions.function(
        signing.signer,
        "cookies_with_options" if choices or signing.binds_addresses else "cookies",
        reason="signs the cookies of signed-in viewers",
        environment={
            **signing.environment,
            "CLIENT_ID": viewers.client_id,
            signing.media_variable: media_url,
            **choices,
        },
        statements=signing.signing_statements,
        timeout=FUNCTION_SECONDS,
        memory=FUNCTION_MEBIBYTES,
        traced=options.tracing,
    )
    return functions.for_viewers(made)


def _token_header_setting(options: ApiOptions) -> dict[str, str]:
    return {} if options.token_header == USUAL_HEADER else {"tokenHeader": options.token_header}
