"""MediaLive and MediaPackage: allowed encoders, channel states, and what endpoints serve.

There is no video here: `Media.source` supplies what an endpoint serves, and can be replaced, for
example by `preview.encoder`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

from preview.errors import Conflict, Rejected
from preview.resource import Resource
from preview.resources import Resources
from preview.services.aws.aws import Aws
from preview.services.aws.policies import Access, granted
from preview.services.aws.role_policies import documents, lets_in, source_of
from preview.services.clock import Clock
from preview.services.media_inputs import inputs_of, is_always_fed, reads

MEDIALIVE = "medialive.amazonaws.com"
# The actions on a MediaPackage v2 channel that MediaLive needs in its channel role, and sources.
DELIVERY: Mapping[str, str] = {
    "mediapackagev2:GetChannel": "https://github.com/aws-samples/aws-cdk-mediaservices-refarch"
    " (RELEASES.md, 1.0.4: without it MediaLive is unable to push content)",
    "mediapackagev2:PutObject": "https://docs.aws.amazon.com/mediapackage/latest/userguide/"
    "policies-channel.html",
}

SEGMENTS = (".mp4", ".m4s", ".ts", ".m4a", ".vtt")
MANIFESTS = {
    "HlsManifests": ".m3u8",
    "LowLatencyHlsManifests": ".m3u8",
    "DashManifests": ".mpd",
}
"""What follows the names of manifests, by property; the preview's encoder writes these."""
ALL_MANIFESTS = {**MANIFESTS, "MssManifests": ".ism/Manifest"}


def test_card(endpoint: Resource, name: str) -> bytes | None:
    """The body that an endpoint serves without an encoder: the name of the requested file."""
    manifests = {
        f"{manifest['ManifestName']}{suffix}"
        for kind, suffix in ALL_MANIFESTS.items()
        for manifest in endpoint.properties.get(kind, [])
    }
    known = name in manifests or name.endswith(SEGMENTS)
    return f"{endpoint.logical_id}: {name}\n".encode() if known else None


@dataclass(frozen=True, kw_only=True)
class StateChange:
    """A channel changes to another state."""

    channel_id: str
    state: str
    at: float
    """Epoch seconds."""


START_SECONDS = 60
"""How long a channel is STARTING."""
STOP_SECONDS = 30
"""How long it is STOPPING."""
SILENT = 0
"""In place of a status: there is no response."""


def _nobody() -> None:
    """Nobody wants to know."""


@dataclass(kw_only=True)
class Media:
    """Inputs, channels, and endpoints."""

    clock: Clock
    resources: Resources
    aws: Aws
    source: Callable[[Resource, str], bytes | None] = test_card
    """The body that an endpoint on air serves for a name; None if there is none."""
    sending: set[str] = field(default_factory=set)
    """The IDs of the inputs that an encoder sends to."""
    push_port: int | None = None
    """The port on this machine where the first pipeline waits for an encoder that pushes, 0 for
    MediaLive's own; None: inputs get addresses that nothing listens on."""
    gone: set[str] = field(default_factory=set)
    """The IDs of channels that somebody has deleted by hand."""
    asked: list[str] = field(default_factory=list)
    """Paths, with query strings, of authorized requests to endpoints."""
    failing_starts: int = 0
    """How many of the next starts fail: the channel returns to IDLE."""
    started: Callable[[], object] = _nobody
    """Is called when a channel starts."""
    _changes: list[StateChange] = field(default_factory=list)
    """In chronological order; some are in the future."""
    _told: int = 0
    _failure: tuple[int, float] = (0, 0.0)
    """A status, and the time until which endpoints return it, in epoch seconds."""

    def state(self, channel_id: str, at: float | None = None) -> str:
        """The state of a channel, as MediaLive names it: now, or at a time in epoch seconds."""
        at = self.clock.now() if at is None else at
        state = "DELETED" if channel_id in self.gone else "IDLE"
        for change in self._changes:
            if change.channel_id == channel_id not in self.gone and change.at <= at:
                state = change.state
        return state

    def start(self, channel_id: str) -> None:
        """Starts a MediaLive channel.

        Raises:
            Rejected: there is no such channel, or its role lacks permission to deliver.
            Conflict: it is not idle.
        """
        channel = self.resources.one("AWS::MediaLive::Channel", channel_id)
        role = self.resources.one("AWS::IAM::Role", channel.properties["RoleArn"], "Arn")
        # https://github.com/aws-samples/aws-cdk-mediaservices-refarch (RELEASES.md, 1.10.0)
        if not lets_in(role, MEDIALIVE, "sts:TagSession", context=source_of(channel)):
            raise Rejected(
                f"{MEDIALIVE} cannot assume {role.logical_id} (sts:AssumeRole, sts:TagSession)."
            )
        for packager in packager_channels(self.resources, channel):
            for action in DELIVERY:
                self._require(channel, role, Access(action=action, resource=packager.ref))
        for input_ in inputs_of(self.resources, channel):
            for access in reads(input_, channel):
                self._require(channel, role, access)
        there = "IDLE" if self.failing_starts else "RUNNING"
        self._pass(channel_id, "IDLE", "STARTING", there, START_SECONDS)
        self.started()
        self.failing_starts = max(0, self.failing_starts - 1)

    def _require(self, channel: Resource, role: Resource, access: Access) -> None:
        """Checks and records what the channel does with its role."""
        allowed = granted(documents(role), access)
        self.aws.record(channel.logical_id, access, allowed=allowed)
        if not allowed:
            raise Rejected(f"{role.logical_id} lacks {access.action} on {access.resource}.")

    def stop(self, channel_id: str) -> None:
        """Stops a channel.

        Raises:
            Conflict: it is not running.
        """
        self._pass(channel_id, "RUNNING", "STOPPING", "IDLE", STOP_SECONDS)

    def news(self) -> list[StateChange]:
        """The state changes since the last call."""
        now = self.clock.now()
        come = [change for change in self._changes if change.at <= now]
        new = come[self._told :]
        self._told = len(come)
        return new

    def _pass(self, channel_id: str, here: str, passing: str, there: str, seconds: float) -> None:
        if self.state(channel_id) != here:
            raise Conflict(f"The channel {channel_id} is {self.state(channel_id)}, not {here}.")
        now = self.clock.now()
        for state, at in ((passing, now), (there, now + seconds)):
            self._changes.append(StateChange(channel_id=channel_id, state=state, at=at))

    def send(self, url: str, encoder: str) -> None:
        """Sends a stream, as an encoder with the IP address `encoder` would.

        Raises:
            Rejected: no input has that URL, or its security group does not allow that address.
        """
        for input_ in self.resources.of_type("AWS::MediaLive::Input"):
            if url in input_.attributes["DestinationUrls"]:
                if not _listed(self.resources, input_, encoder):
                    raise Rejected(f"{input_.logical_id} does not accept a stream from {encoder}.")
                self.sending.add(input_.ref)
                return
        # what follows the application is the stream key
        place = "/".join(url.split("/")[:4])
        raise Rejected(f"No input accepts a stream at {place} with this stream key.")

    def answer(self, endpoint: Resource, name: str) -> bytes | None:
        """The body that the endpoint serves under a name; None if there is none."""
        return self.source(endpoint, name) if self.feeding(endpoint) else None

    def feeding(self, endpoint: Resource) -> list[Resource]:
        """The running MediaLive channels that receive a stream and deliver to the endpoint."""
        return [
            channel
            for channel in self.resources.of_type("AWS::MediaLive::Channel")
            if self.state(channel.ref) == "RUNNING"
            and self.is_fed(channel)
            and any(
                channel_names(packager) == channel_names(endpoint)
                for packager in packager_channels(self.resources, channel)
            )
        ]

    def is_fed(self, channel: Resource) -> bool:
        """Whether an encoder sends to it, it needs none, or black replaces a lost source."""
        return self.push_port is not None or any(
            input_.ref in self.sending or is_always_fed(input_)
            for input_ in inputs_of(self.resources, channel)
        )

    def fail(self, status: int, seconds: float) -> None:
        """Makes every endpoint return a status for that long, in the account's time.

        With the status `SILENT`, endpoints accept requests and do not answer them.
        """
        self._failure = (status, self.clock.now() + seconds)

    def failure(self) -> int | None:
        """The status that endpoints return for every request; None if they work, or are silent."""
        status, _ = self._failure
        return status if self.failing_seconds() and status != SILENT else None

    def is_silent(self) -> bool:
        """Whether endpoints do not answer."""
        return bool(self.failing_seconds()) and self._failure[0] == SILENT

    def failing_seconds(self) -> float:
        """For how long endpoints still fail or are silent; 0 if they work."""
        return max(self._failure[1] - self.clock.now(), 0)


def channel_names(resource: Resource) -> tuple[str, str]:
    """The names that identify the MediaPackage channel of a channel or endpoint."""
    return resource.properties["ChannelGroupName"], resource.properties["ChannelName"]


def packager_channels(resources: Resources, channel: Resource) -> Iterator[Resource]:
    """The MediaPackage channels to which a MediaLive channel delivers.

    Raises:
        Rejected: one of them does not exist.
    """
    there = {
        (one.properties["ChannelGroupName"], one.properties["ChannelName"]): one
        for one in resources.of_type("AWS::MediaPackageV2::Channel")
    }
    for destination in channel.properties["Destinations"]:
        for setting in destination["MediaPackageSettings"]:
            name = (setting["ChannelGroup"], setting["ChannelName"])
            if name not in there:
                raise Rejected(
                    f"{channel.logical_id} delivers to {'/'.join(name)}, which does not exist."
                )
            yield there[name]


def _listed(resources: Resources, input_: Resource, encoder: str) -> bool:
    """https://docs.aws.amazon.com/medialive/latest/ug/working-with-input-security-groups.html ."""
    groups = [
        resources.one("AWS::MediaLive::InputSecurityGroup", group)
        for group in input_.properties["InputSecurityGroups"]
    ]
    return any(
        ip_address(encoder) in ip_network(rule["Cidr"])
        for group in groups
        for rule in group.properties["WhitelistRules"]
    )
