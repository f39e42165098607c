"""MediaLive channels on air: runs an encoder for each running channel."""

from collections.abc import Callable, Container, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from preview.account import Account
from preview.encoder.benchmark import BenchmarkResult, benchmark
from preview.encoder.binaries import (
    black,
    check_binaries,
    check_encoders,
    footage,
    live_footage,
)
from preview.encoder.channel import Channel
from preview.encoder.chosen_audio import source_notes
from preview.encoder.connections import calling, listening, passphrase_of
from preview.encoder.encoder import Past
from preview.encoder.ladder import EXISTING_LADDER, Ladder
from preview.encoder.packager import packaged
from preview.encoder.receiver import Receiver
from preview.encoder.source import Footage
from preview.encoder.template_captions import caption_notes
from preview.encoder.template_ladder import template_ladder
from preview.resource import Resource
from preview.services.media_inputs import (
    FILE_PREFIX,
    THIS_MACHINE,
    Connection,
    inputs_of,
    pulls,
    pushes,
)


class Broadcast:
    """The encoders of an account's channels."""

    def __init__(
        self,
        account: Account,
        folder: Path,
        source: Path | None,
        say: Callable[[str], None],
    ) -> None:
        """Starts nothing yet.

        Args:
            account: the account with the channels.
            folder: the folder for temporary files.
            source: a video file to loop; None: a test pattern.
            say: prints a line when something changes.

        Raises:
            PreviewError: ffmpeg is missing, or the file cannot be played.
        """
        check_binaries()
        self._account, self._folder, self._say = account, folder, say
        self._footage = footage(source) if source else None
        self._channels: dict[str, Channel] = {}
        """The channels on air, by MediaLive channel ID."""
        self._pasts: dict[str, Past] = {}
        """What each channel has sent, by MediaLive channel ID."""
        self._benchmarks: dict[Ladder, BenchmarkResult] = {}
        self._receivers: dict[str, Receiver] = {}
        """What listens for an encoder that pushes, by MediaLive channel ID."""
        self._connections: dict[str, Connection] = {}
        """Where it listens, by MediaLive channel ID."""
        self._pushes: dict[str, str | None] = {}
        """The address of the push that each channel encodes; None: black."""

    def follow(self) -> None:
        """Starts and stops encoders to match the channels' states; always from one thread.

        Takes some seconds for a new ladder, which is benchmarked first.

        Raises:
            PreviewError: this machine cannot encode a channel's renditions.
        """
        wanted = self._wanted()
        self._stop_listening(wanted)
        for channel_id, channel in list(self._channels.items()):
            if wanted.get(channel_id) != channel.ladder or self._has_another_push(channel_id):
                self._end(channel_id)
        for channel_id, ladder in wanted.items():
            if channel_id not in self._channels:
                self._channels[channel_id] = self._begun(channel_id, ladder)
            self._channels[channel_id].keep_up()

    def answer(self, endpoint: Resource, name: str) -> bytes | None:
        """The file that the endpoint serves under a name, as `Media.source`; from any thread."""
        feeding = [one.ref for one in self._account.media.feeding(endpoint)]
        if endpoint.ref in self._account.existing_origins:
            feeding = [endpoint.ref]
        for channel_id in feeding:
            channel = self._channels.get(channel_id)
            encoder = channel.encoder if channel else None
            if encoder:
                return packaged(endpoint, encoder, name)
        return None

    def close(self) -> None:
        """Stops all encoders and receivers, and deletes their files."""
        for receiver in self._receivers.values():
            receiver.close()
        for channel_id in list(self._channels):
            self._end(channel_id)

    def _has_another_push(self, channel_id: str) -> bool:
        """Whether a push has begun or ended since the channel's encoder started."""
        receiver = self._receivers.get(channel_id)
        address = receiver.address if receiver else None
        return address != self._pushes.get(channel_id)

    def _wanted(self) -> dict[str, Ladder]:
        """The ladder of each channel on air that feeds an endpoint, and of each existing origin."""
        endpoints = self._account.resources.of_type("AWS::MediaPackageV2::OriginEndpoint")
        return {
            **dict.fromkeys(self._account.existing_origins, EXISTING_LADDER),
            **{
                channel.ref: template_ladder(channel, endpoint)
                for endpoint in reversed(endpoints)
                for channel in self._account.media.feeding(endpoint)
            },
        }

    def _begun(self, channel_id: str, ladder: Ladder) -> Channel:
        self._folder.mkdir(parents=True, exist_ok=True)
        check_encoders(ladder)
        shown = self._shown(channel_id)
        if ladder not in self._benchmarks:
            sample = None if shown and shown.is_live else shown
            self._benchmarks[ladder] = benchmark(ladder, sample, self._folder)
            self._say_size(ladder, self._benchmarks[ladder])
        for note in self._notes(channel_id, ladder, shown):
            self._say(note)
        return Channel(
            ladder=ladder,
            footage=shown,
            benchmark=self._benchmarks[ladder],
            folder=self._folder,
            past=self._pasts.setdefault(channel_id, Past()),
            say=self._say,
        )

    def _notes(self, channel_id: str, ladder: Ladder, shown: Footage | None) -> Iterator[str]:
        """What differs from the template, or from what a viewer may expect, unless it is black."""
        if self._pushes.get(channel_id, "pulled") is None:
            return
        yield from source_notes(ladder, shown)
        if channel_id not in self._account.existing_origins:
            channel = self._account.resources.one("AWS::MediaLive::Channel", channel_id)
            yield from caption_notes(channel, ladder, shown)

    def _shown(self, channel_id: str) -> Footage | None:
        """What the channel encodes; None: a test pattern."""
        if self._footage:
            return self._footage
        pushed = self._pushed_to(channel_id)
        if pushed is not None:
            return self._pushed(channel_id, pushed)
        return self._pulled([one for input_ in self._inputs(channel_id) for one in pulls(input_)])

    def _inputs(self, channel_id: str) -> list[Resource]:
        if channel_id in self._account.existing_origins:
            return []
        channel = self._account.resources.one("AWS::MediaLive::Channel", channel_id)
        return inputs_of(self._account.resources, channel)

    def _pushed_to(self, channel_id: str) -> Connection | None:
        """Where an encoder on this machine pushes to: the first pipeline; None if none does."""
        if self._account.media.push_port is None:
            return None
        found = (one for input_ in self._inputs(channel_id) for one in pushes(input_))
        return next(found, None)

    def _pushed(self, channel_id: str, connection: Connection) -> Footage:
        """What an encoder pushes; black while none does."""
        if channel_id not in self._receivers:
            self._connections[channel_id] = connection
            self._receivers[channel_id] = Receiver(
                listening(connection, passphrase_of(self._account, connection)),
                admit=lambda: self._account.media.send(connection.url, THIS_MACHINE),
                folder=self._folder,
                say=self._say,
            )
        receiver = self._receivers[channel_id]
        self._pushes[channel_id] = receiver.address
        return receiver.footage() or black(self._folder)

    def _stop_listening(self, on_air: Container[str]) -> None:
        """Closes what listens for channels that are off the air, or whose address has changed."""
        for channel_id, receiver in list(self._receivers.items()):
            is_same = channel_id in on_air and (
                self._pushed_to(channel_id) == self._connections[channel_id]
            )
            if not is_same:
                receiver.close()
                del self._receivers[channel_id], self._pushes[channel_id]
                if channel_id in self._channels:
                    self._end(channel_id)

    def _pulled(self, connections: Sequence[Connection]) -> Footage | None:
        """What the first pipeline pulls; None if it pulls nothing, or it is not there.

        Raises:
            PreviewError: a file has no video.
        """
        for one in connections[:1]:
            is_file = one.url.startswith(FILE_PREFIX)
            found = self._file(one.url) if is_file else self._live(one)
            if found is None:
                place = urlsplit(one.url)  # what follows the host may be secret: a stream key
                self._say(
                    f"source   {place.scheme}://{place.hostname} cannot be read: the test pattern"
                    " replaces it"
                )
            return found
        return None

    def _live(self, connection: Connection) -> Footage | None:
        return live_footage(calling(connection, passphrase_of(self._account, connection)))

    def _file(self, url: str) -> Footage | None:
        """A copy of a file in the account's S3."""
        bucket, _, key = url.removeprefix(FILE_PREFIX).partition("/")
        copy = self._folder / f"source{Path(key).suffix}"
        try:
            self._account.client("s3").download_file(bucket, key, str(copy))
        except ClientError:
            return None
        return footage(copy)

    def _say_size(self, ladder: Ladder, can: BenchmarkResult) -> None:
        made = ladder.scaled(can.factor)
        top = max(made.renditions, key=lambda one: one.height)
        self._say(
            f"video    {len(made.renditions)} renditions up to {top.width}x{top.height}"
            f" ({can.factor:.0%} of the template's size, which this machine can encode)"
        )

    def _end(self, channel_id: str) -> None:
        self._channels.pop(channel_id).close()
