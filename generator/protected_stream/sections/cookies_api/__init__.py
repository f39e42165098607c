"""The API in front of the signing function: /api/cookies and /api/config."""

from protected_stream.sections.cookies_api.methods import methods
from protected_stream.sections.cookies_api.rest_api import Api, api
from protected_stream.sections.cookies_api.settings import settings
from protected_stream.sections.cookies_api.stage import ApiOptions, deployment, stage
from protected_stream.sections.delivery import Delivery
from protected_stream.sections.packaging import Packaging
from protected_stream.sections.signing import Signing
from protected_stream.sections.viewers import Viewers
from protected_stream.template.functions import Functions
from protected_stream.template.logs import log_group
from protected_stream.template.section import Section

__all__ = ["ApiOptions", "api", "cookies_api"]

FUNCTION_SECONDS = 10
FUNCTION_MEBIBYTES = 512


def cookies_api(
    options: ApiOptions,
    api: Api,
    *,
    functions: Functions,
    viewers: Viewers,
    signing: Signing,
    media: Packaging,
    delivery: Delivery,
) -> Section:
    """What the API answers: cookies to the signed-in, farewells and settings to everybody."""
    signer = functions.function(
        signing.signer,
        "cookies",
        reason="signs the cookies of signed-in viewers",
        environment={
            **signing.environment,
            "CLIENT_ID": viewers.client_id,
            signing.media_variable: delivery.url(media.media_path),
        },
        statements=signing.signing_statements,
        timeout=FUNCTION_SECONDS,
        memory=FUNCTION_MEBIBYTES,
    )
    told = settings(viewers, media, options.token_header)
    answers = methods(
        api, signer.function, viewers, token_header=options.token_header, settings=told
    )
    # whoever asks for cookies meanwhile must not meet a function that may not be called yet
    permissions = answers.permissions if signing.takes_over else ()
    deployed = deployment(api, answers, after=permissions)
    access_log = log_group("ApiLog", functions.logs) if options.access_logs else None
    return Section(
        source="api",
        resources=(
            *signer.resources,
            *answers.permissions,
            *answers.described,
            deployed,
            *([access_log] if access_log else []),
            stage(options, deployed, told, access_log),
        ),
    )
