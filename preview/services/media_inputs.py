"""MediaLive inputs of a channel: what it pulls, where an encoder pushes, and what it must read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from preview.resource import Resource
from preview.resources import Resources
from preview.services.aws.policies import Access

THIS_MACHINE = "127.0.0.1"
FILE_ACTION = "s3:GetObject"
PASSWORD_ACTIONS = ("ssm:GetParameter", "ssm:GetParameters")
PASSPHRASE_ACTION = "secretsmanager:GetSecretValue"  # noqa: S105 - the name of an action
FILE_PREFIX = "s3ssl://"
"""https://docs.aws.amazon.com/medialive/latest/ug/input-create-mp4.html ."""


@dataclass(frozen=True, kw_only=True)
class SrtSettings:
    """How a connection by SRT is encrypted and named."""

    algorithm: str | None = None
    """Such as AES256; None: it is not encrypted."""
    passphrase_arn: str | None = None
    stream_id: str | None = None
    latency: int | None = None
    """Milliseconds."""


@dataclass(frozen=True, kw_only=True)
class Connection:
    """One URL that a channel pulls, or that an encoder pushes to."""

    url: str
    srt: SrtSettings = SrtSettings()


def inputs_of(resources: Resources, channel: Resource) -> list[Resource]:
    """The inputs that are attached to a channel."""
    attached = {one["InputId"] for one in channel.properties["InputAttachments"]}
    return [one for one in resources.of_type("AWS::MediaLive::Input") if one.ref in attached]


def pulls(input_: Resource) -> list[Connection]:
    """What MediaLive pulls, by pipeline; empty for other inputs."""
    properties = input_.properties
    callers = properties.get("SrtSettings", {}).get("SrtCallerSources", [])
    return [
        *(Connection(url=one["Url"]) for one in properties.get("Sources", [])),
        *(
            Connection(
                url=f"srt://{one['SrtListenerAddress']}:{one['SrtListenerPort']}",
                srt=_srt(one),
            )
            for one in callers
        ),
    ]


def pushes(input_: Resource) -> list[Connection]:
    """Where an encoder pushes to, by pipeline; empty for other inputs."""
    settings = input_.properties.get("SrtSettings", {}).get("SrtListenerSettings", {})
    return [Connection(url=url, srt=_srt(settings)) for url in input_.attributes["DestinationUrls"]]


def is_always_fed(input_: Resource) -> bool:
    """Whether it needs no encoder that pushes: it pulls, or AWS delivers the stream."""
    delivered = ("MediaConnectFlows", "InputDevices")
    return bool(pulls(input_)) or any(input_.properties.get(name) for name in delivered)


def _srt(settings: Mapping[str, Any]) -> SrtSettings:
    decryption = settings.get("Decryption", {})
    return SrtSettings(
        algorithm=decryption.get("Algorithm"),
        passphrase_arn=decryption.get("PassphraseSecretArn"),
        stream_id=settings.get("StreamId"),
        latency=settings.get("MinimumLatency"),
    )


def reads(input_: Resource, channel: Resource) -> Iterator[Access]:
    """What the channel does with its role to read the input.

    AWS does not document which of the two actions reads a password.
    https://docs.aws.amazon.com/medialive/latest/ug/trusted-entity-requirements.html
    """
    _, partition, _, region, account, *_ = str(channel.attributes["Arn"]).split(":")
    for source in input_.properties.get("Sources", []):
        if source["Url"].startswith(FILE_PREFIX):
            name = source["Url"].removeprefix(FILE_PREFIX)
            yield Access(action=FILE_ACTION, resource=f"arn:{partition}:s3:::{name}")
        if "PasswordParam" in source:
            where = f"arn:{partition}:ssm:{region}:{account}"
            for action in PASSWORD_ACTIONS:
                arn = f"{where}:parameter{source['PasswordParam']}"
                yield Access(action=action, resource=arn)
    secrets = {one.srt.passphrase_arn for one in (*pulls(input_), *pushes(input_))}
    for arn in sorted(one for one in secrets if one):
        yield Access(action=PASSPHRASE_ACTION, resource=arn)
