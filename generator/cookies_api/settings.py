"""The page's settings, which the API answers at /api/config."""

from troposphere import AWSHelperFn

from generator.packaging import Packaging
from generator.viewers import Viewers

# The names of the answer's fields and of the stage's variables that hold their values
SETTINGS = ("issuer", "signInHost", "clientId", "hls", "dash")


def settings(viewers: Viewers, media: Packaging) -> dict[str, AWSHelperFn]:
    """The stage's variables; a changed value needs no new deployment."""
    values = (
        viewers.issuer_host_and_path,
        viewers.sign_in_host,
        viewers.client_id,
        media.hls_manifest,
        media.dash_manifest,
    )
    return dict(zip(SETTINGS, values, strict=True))
