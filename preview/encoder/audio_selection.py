"""MediaLive audio selectors: which audio of the source an audio rendition gets.

https://docs.aws.amazon.com/medialive/latest/apireference/channels.html (AudioSelectorSettings)
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from preview.encoder.source import AudioStream


class Selection(Protocol):
    """A rule that chooses one of a source's audio streams."""

    @property
    def wanted(self) -> str:
        """What it looks for, to follow "the source has no"."""

    def chosen(self, audios: Sequence[AudioStream], /) -> AudioStream | None:
        """The audio stream; None if the source does not have it."""

    def substitute(self, audios: Sequence[AudioStream], /) -> AudioStream | None:
        """What MediaLive takes instead of a missing audio stream; None: silence."""


@dataclass(frozen=True, kw_only=True)
class TrackSelection:
    """AudioTrackSelection: the number of the audio stream, from 1."""

    track: int

    @property
    def wanted(self) -> str:
        """The track."""
        return f"audio track {self.track}"

    def chosen(self, audios: Sequence[AudioStream], /) -> AudioStream | None:
        """That track."""
        return audios[self.track - 1] if 0 < self.track <= len(audios) else None

    def substitute(self, _: Sequence[AudioStream], /) -> AudioStream | None:
        """Nothing."""
        return None


@dataclass(frozen=True, kw_only=True)
class PidSelection:
    """AudioPidSelection: the packet identifier in an MPEG-2 TS."""

    pid: int

    @property
    def wanted(self) -> str:
        """The packet identifier."""
        return f"audio with the PID {self.pid}"

    def chosen(self, audios: Sequence[AudioStream], /) -> AudioStream | None:
        """The audio stream with that packet identifier."""
        return next((one for one in audios if one.pid == self.pid), None)

    def substitute(self, _: Sequence[AudioStream], /) -> AudioStream | None:
        """Nothing."""
        return None


@dataclass(frozen=True, kw_only=True)
class LanguageSelection:
    """AudioLanguageSelection: the language that the source states."""

    language: str
    """ISO 639-2."""
    is_loose: bool = False

    @property
    def wanted(self) -> str:
        """The language."""
        return f"audio in the language {self.language}"

    def chosen(self, audios: Sequence[AudioStream], /) -> AudioStream | None:
        """The first audio stream in that language."""
        return next((one for one in audios if one.language == self.language), None)

    def substitute(self, audios: Sequence[AudioStream], /) -> AudioStream | None:
        """With the policy LOOSE, the first one; with STRICT, "mute is encoded".

        https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-medialive-channel-audiolanguageselection.html
        """
        return next(iter(audios), None) if self.is_loose else None


FIRST_AUDIO = TrackSelection(track=1)
"""What MediaLive takes without a selector's settings."""


def _track(settings: Mapping[str, Any]) -> Selection:
    """Where MediaLive mixes several tracks into one, the preview takes the first of them."""
    return TrackSelection(track=int(settings["Tracks"][0]["Track"]))


def _pid(settings: Mapping[str, Any]) -> Selection:
    pids = settings.get("Pids") or [settings]
    return PidSelection(pid=int(pids[0]["Pid"]))


def _language(settings: Mapping[str, Any]) -> Selection:
    return LanguageSelection(
        language=str(settings["LanguageCode"]),
        is_loose=settings.get("LanguageSelectionPolicy") == "LOOSE",
    )


SELECTIONS: Mapping[str, Callable[[Mapping[str, Any]], Selection]] = {
    "AudioTrackSelection": _track,
    "AudioPidSelection": _pid,
    "AudioLanguageSelection": _language,
}
"""How the template's SelectorSettings are read, by property."""
