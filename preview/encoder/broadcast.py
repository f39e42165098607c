"""Pictures for every channel that is on air, and none for the others."""

from collections.abc import Callable
from pathlib import Path

from preview.account import Account
from preview.encoder.benchmark import BenchmarkResult, benchmark
from preview.encoder.binaries import check_binaries, footage
from preview.encoder.channel import Channel
from preview.encoder.encoder import Past
from preview.encoder.ladder import Ladder
from preview.encoder.packager import packaged
from preview.encoder.template_ladder import template_ladder
from preview.resource import Resource


class Broadcast:
    """What runs beside the account as long as its channels may be on air."""

    def __init__(
        self,
        account: Account,
        folder: Path,
        source: Path | None,
        say: Callable[[str], None],
    ) -> None:
        """Starts nothing yet.

        Args:
            account: whose channels get pictures.
            folder: where everything is written that is needed for a while.
            source: a video file that is shown over and over; None: a test picture.
            say: takes a sentence when something changes.

        Raises:
            PreviewError: ffmpeg is missing, or the file cannot be shown.
        """
        check_binaries()
        self._account, self._folder, self._say = account, folder, say
        self._footage = footage(source) if source else None
        self._channels: dict[str, Channel] = {}
        """Those on air, by the id of the MediaLive channel."""
        self._pasts: dict[str, Past] = {}
        """What each channel has sent, by the same id."""
        self._benchmarks: dict[Ladder, BenchmarkResult] = {}

    def follow(self) -> None:
        """Starts and ends encoders, as the channels' states ask for; always from one thread.

        Takes some seconds when a ladder is new: what this machine can do is tried then.

        Raises:
            PreviewError: a channel's renditions cannot be made here.
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
        """What the endpoint serves under that name: fits `Media.source`; from any thread."""
        for feeding in self._account.media.feeding(endpoint):
            channel = self._channels.get(feeding.ref)
            encoder = channel.encoder if channel else None
            if encoder:
                return packaged(endpoint, encoder, name)
        return None

    def close(self) -> None:
        """Ends all encoders and deletes their files."""
        for channel_id in list(self._channels):
            self._end(channel_id)

    def _wanted(self) -> dict[str, Ladder]:
        """The ladder of each channel on air that delivers to an endpoint."""
        endpoints = self._account.resources.of_type("AWS::MediaPackageV2::OriginEndpoint")
        return {
            channel.ref: template_ladder(channel, endpoint)
            for endpoint in reversed(endpoints)
            for channel in self._account.media.feeding(endpoint)
        }

    def _begun(self, channel_id: str, ladder: Ladder) -> Channel:
        if ladder not in self._benchmarks:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._benchmarks[ladder] = benchmark(ladder, self._footage, self._folder)
            self._say_size(ladder, self._benchmarks[ladder])
        return Channel(
            ladder=ladder,
            footage=self._footage,
            benchmark=self._benchmarks[ladder],
            folder=self._folder,
            past=self._pasts.setdefault(channel_id, Past()),
            say=self._say,
        )

    def _say_size(self, ladder: Ladder, can: BenchmarkResult) -> None:
        made = ladder.scaled(can.factor)
        top = max(made.renditions, key=lambda one: one.height)
        self._say(
            f"pictures {len(made.renditions)} renditions up to {top.width}x{top.height}"
            f" ({can.factor:.0%} of the template's size: what this machine can do)"
        )

    def _end(self, channel_id: str) -> None:
        self._channels.pop(channel_id).close()
