"""The page's settings, which the API answers at /api/config."""

from typing import Any

from protected_stream.sections.packaging import Packaging
from protected_stream.sections.viewers import Viewers

USUAL_HEADER = "Authorization"


def settings(viewers: Viewers, media: Packaging, token_header: str) -> dict[str, Any]:
    """The fields of the answer, which are the stage's variables of the same names.

    A changed value needs no new deployment. What is as the page expects it is not said.
    """
    return {
        "issuer": viewers.issuer_host_and_path,
        "signInHost": viewers.sign_in_host,
        "clientId": viewers.client_id,
        "hls": media.hls_manifest,
        "dash": media.dash_manifest,
        **({} if token_header == USUAL_HEADER else {"tokenHeader": token_header}),
    }
