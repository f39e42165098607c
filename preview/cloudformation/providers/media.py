"""MediaLive channel and input, MediaPackage endpoint policy: rejected changes, input URLs.

https://docs.aws.amazon.com/medialive/latest/ug/input-create-push-inputs.html
"""

from collections.abc import Mapping

from preview.account import Account
from preview.cloudformation.providers.provider import Provider
from preview.errors import NotSupported, Rejected
from preview.resource import Resource
from preview.services.aws.policies import check_resource_policy
from preview.services.media_inputs import THIS_MACHINE

NETWORKS = ("192.0.2", "198.51.100")  # one for each pipeline
SCHEMES: Mapping[str, str] = {"RTMP_PUSH": "rtmp", "RTP_PUSH": "rtp", "SRT_LISTENER": "srt"}
"""The schemes of the URLs that an encoder sends to, by input type."""
PORTS: Mapping[str, int] = {"rtmp": 1935, "rtp": 5000, "srt": 5000}
"""MediaLive's; AWS does not document the one of SRT."""


def _push_urls(account: Account, input_: Resource) -> list[str]:
    """One URL for each pipeline, with a stream name if it is RTMP.

    The addresses are fixed for the lifetime of the input. AWS does not document whether
    CloudFormation gives an SRT listener one or two; here it has two.
    """
    scheme = SCHEMES.get(input_.properties.get("Type", ""))
    if scheme is None:
        return []
    host, port = int(input_.ref) % 254 + 1, PORTS[scheme]
    hosts = [f"{network}.{host}:{port}" for network in NETWORKS]
    if account.media.push_port is not None:
        first = account.media.push_port or port
        hosts = [f"{THIS_MACHINE}:{first}", f"{THIS_MACHINE}:{first + 2}"]  # RTP takes two ports
    if scheme != "rtmp":
        return [f"{scheme}://{host}" for host in hosts]
    names = [one["StreamName"] for one in input_.properties.get("Destinations", [])]
    return [f"{scheme}://{host}/{name}" for host, name in zip(hosts, names, strict=False)]


def _create_input(account: Account, input_: Resource) -> None:
    """Gives a push input its destination URLs; others have none."""
    urls = _push_urls(account, input_)
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
