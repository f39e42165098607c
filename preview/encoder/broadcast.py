"""MediaLive channels on air: runs an encoder for each running channel."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from preview.account import Account
from preview.encoder.benchmark import BenchmarkResult, benchmark
from preview.encoder.binaries import check_binaries, footage, live_footage
from preview.encoder.channel import Channel
from preview.encoder.encoder import Past
from preview.encoder.ladder import Ladder
from preview.encoder.packager import packaged
from preview.encoder.source import Footage
from preview.encoder.template_ladder import template_ladder
from preview.resource import Resource
from preview.services.media import FILE_PREFIX


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

    def follow(self) -> None:
        """Starts and stops encoders to match the channels' states; always from one thread.

        Takes some seconds for a new ladder, which is benchmarked first.

        Raises:
            PreviewError: this machine cannot encode a channel's renditions.
        """
        wanted = self._wanted()
        for channel_id, channel in list(self._channels.items()):
            if wanted.get(channel_id) != channel.ladder:
                self._end(channel_id)
        for channel_id, ladder in wanted.items():
            if channel_id not in self._channels:
                self._channels[channel_id] = self._begun(channel_id, ladder)
            self._channels[channel_id].keep_up()

    def answer(self, endpoint: Resource, name: str) -> bytes | None:
        """The file that the endpoint serves under a name, as `Media.source`; from any thread."""
        for feeding in self._account.media.feeding(endpoint):
            channel = self._channels.get(feeding.ref)
            encoder = channel.encoder if channel else None
            if encoder:
                return packaged(endpoint, encoder, name)
        return None

    def close(self) -> None:
        """Stops all encoders and deletes their files."""
        for channel_id in list(self._channels):
            self._end(channel_id)

    def _wanted(self) -> dict[str, Ladder]:
        """The ladder of each channel on air that feeds an origin endpoint."""
        endpoints = self._account.resources.of_type("AWS::MediaPackageV2::OriginEndpoint")
        return {
            channel.ref: template_ladder(channel, endpoint)
            for endpoint in reversed(endpoints)
            for channel in self._account.media.feeding(endpoint)
        }

    def _begun(self, channel_id: str, ladder: Ladder) -> Channel:
        self._folder.mkdir(parents=True, exist_ok=True)
        shown = self._footage or self._pulled(channel_id)
        if ladder not in self._benchmarks:
            sample = None if shown and shown.is_live else shown
            self._benchmarks[ladder] = benchmark(ladder, sample, self._folder)
            self._say_size(ladder, self._benchmarks[ladder])
        return Channel(
            ladder=ladder,
            footage=shown,
            benchmark=self._benchmarks[ladder],
            folder=self._folder,
            past=self._pasts.setdefault(channel_id, Past()),
            say=self._say,
        )

    def _pulled(self, channel_id: str) -> Footage | None:
        """What the channel pulls; None if it pulls nothing, or it is not there.

        Raises:
            PreviewError: a file has no video.
        """
        channel = self._account.resources.one("AWS::MediaLive::Channel", channel_id)
        for url in self._account.media.pulled(channel)[:1]:
            found = self._file(url) if url.startswith(FILE_PREFIX) else live_footage(url)
            if found is None:
                place = urlsplit(url)  # what follows the host may be secret, such as a stream key
                self._say(
                    f"source   {place.scheme}://{place.hostname} cannot be read: the test pattern"
                    " replaces it"
                )
            return found
        return None

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
