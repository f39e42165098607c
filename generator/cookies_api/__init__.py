"""The API in front of the signing function: /api/cookies and /api/config."""

from generator.cookies_api.methods import methods
from generator.cookies_api.rest_api import Api, api
from generator.cookies_api.settings import settings
from generator.cookies_api.stage import ApiOptions, deployment, stage
from generator.delivery import Delivery
from generator.functions import Functions
from generator.logs import log_group
from generator.packaging import Packaging
from generator.section import Section
from generator.signing import Signing
from generator.viewers import Viewers

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
        statements=signing.may_sign,
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
