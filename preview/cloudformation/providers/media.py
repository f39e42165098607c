"""MediaLive channel and input, MediaPackage endpoint policy: rejected changes, input URLs.

https://docs.aws.amazon.com/medialive/latest/ug/input-create-push-inputs.html
"""

from collections.abc import Callable, Mapping

from preview.account import Account
from preview.cloudformation.providers.provider import Provider
from preview.errors import NotSupported, Rejected
from preview.resource import Resource
from preview.services.aws.policies import check_resource_policy

NETWORKS = ("192.0.2", "198.51.100")  # one for each pipeline


def _rtmp_push_urls(input_: Resource) -> list[str]:
    """One URL for each destination; the addresses are fixed for the lifetime of the input."""
    host = int(input_.ref) % 254 + 1
    destinations = input_.properties.get("Destinations", [])
    return [
        f"rtmp://{network}.{host}:1935/{destination['StreamName']}"
        for network, destination in zip(NETWORKS, destinations, strict=False)
    ]


PUSH_URLS: Mapping[str, Callable[[Resource], list[str]]] = {"RTMP_PUSH": _rtmp_push_urls}
"""The URLs that an encoder sends to, by input type."""


def _create_input(_: Account, input_: Resource) -> None:
    """Gives a push input its destination URLs; others have none."""
    urls_of = PUSH_URLS.get(input_.properties.get("Type", ""))
    urls = urls_of(input_) if urls_of else []
    input_.attributes = {**input_.attributes, "DestinationUrls": urls}


def _update_input(account: Account, _: Resource, new: Resource) -> None:
    """https://docs.aws.amazon.com/medialive/latest/ug/edit-input.html ."""
    for channel in account.resources.of_type("AWS::MediaLive::Channel"):
        attached = {one["InputId"] for one in channel.properties["InputAttachments"]}
        if new.ref in attached and channel.ref not in account.media.gone:
            _only_when_idle(account, channel)
    _create_input(account, new)


def _only_when_idle(account: Account, channel: Resource) -> None:
    """https://docs.aws.amazon.com/medialive/latest/apireference/channels-channelid.html ."""
    state = account.media.state(channel.ref)
    if state != "IDLE":
        raise Rejected(
            f"{channel.logical_id}: the channel {channel.ref} is {state}; stop it first."
        )


def _check_endpoint(_: Account, endpoint: Resource) -> None:
    """CloudFront cannot sign requests for the addresses in a playlist that are not encoded.

    https://docs.aws.amazon.com/mediapackage/latest/userguide/endpoints-create.html
    """
    for kind in ("HlsManifests", "LowLatencyHlsManifests"):
        for manifest in endpoint.properties.get(kind, ()):
            if manifest.get("UrlEncodeChildManifest") not in (True, "true"):
                raise NotSupported(
                    f"{endpoint.logical_id}: the preview does not support a manifest without"
                    " UrlEncodeChildManifest."
                )


def _check_endpoint_policy(_: Account, policy: Resource) -> None:
    check_resource_policy(policy.properties["Policy"])


def _delete_channel(account: Account, channel: Resource) -> None:
    """Checks that the channel is idle, unless it is gone already."""
    if channel.ref not in account.media.gone:
        _only_when_idle(account, channel)


CHANNEL = Provider(
    update=lambda account, old, _: _only_when_idle(account, old), delete=_delete_channel
)
INPUT = Provider(create=_create_input, update=_update_input)
ENDPOINT = Provider(
    create=_check_endpoint, update=lambda account, _, new: _check_endpoint(account, new)
)
ENDPOINT_POLICY = Provider(
    create=_check_endpoint_policy,
    update=lambda account, _, new: _check_endpoint_policy(account, new),
)
