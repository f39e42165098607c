"""Which audio of the source each rendition gets."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from preview.encoder.audio_selection import SELECTIONS, PidSelection, TrackSelection
from preview.encoder.chosen_audio import chosen_audio, source_notes, with_source_languages
from preview.encoder.source import AudioStream, Footage
from tests.preview.encoder.resources import AUDIO, two_rungs

ENGLISH = AudioStream(index=1, codec="aac", language="eng", pid=0x101)
GERMAN = AudioStream(index=3, codec="aac", language="deu", pid=0x103)
DOLBY = AudioStream(index=4, codec="eac3", channels=6, language="eng", pid=0x104)
STREAMS = (ENGLISH, GERMAN, DOLBY)
FOOTAGE = Footage(path=Path("/films/a.ts"), audios=STREAMS)


@pytest.mark.parametrize(
    ("kind", "settings", "chosen"),
    [
        ("AudioTrackSelection", {"Tracks": [{"Track": 2}]}, GERMAN),
        ("AudioTrackSelection", {"Tracks": [{"Track": "3"}, {"Track": 1}]}, DOLBY),
        ("AudioTrackSelection", {"Tracks": [{"Track": 4}]}, None),
        ("AudioPidSelection", {"Pid": 0x103}, GERMAN),
        ("AudioPidSelection", {"Pid": 0, "Pids": [{"Pid": 0x104}]}, DOLBY),
        ("AudioPidSelection", {"Pid": 3}, None),
        ("AudioLanguageSelection", {"LanguageCode": "eng"}, ENGLISH),
        ("AudioLanguageSelection", {"LanguageCode": "fra"}, None),
    ],
)
def test_a_selector_chooses_by_track_pid_or_language(
    kind: str, settings: Mapping[str, Any], chosen: AudioStream | None
) -> None:
    assert SELECTIONS[kind](settings).chosen(STREAMS) == chosen


@pytest.mark.parametrize(
    ("kind", "settings", "note"),
    [
        ("AudioTrackSelection", {"Tracks": [{"Track": 9}]}, "audio track 9"),
        ("AudioPidSelection", {"Pid": 9}, "audio with the PID 9"),
        ("AudioLanguageSelection", {"LanguageCode": "fra"}, "audio in the language fra"),
        (
            "AudioLanguageSelection",
            {"LanguageCode": "fra", "LanguageSelectionPolicy": "STRICT"},
            "audio in the language fra",
        ),
    ],
)
def test_silence_replaces_what_the_source_does_not_have_and_the_operator_is_told(
    kind: str, settings: Mapping[str, Any], note: str
) -> None:
    sound = replace(AUDIO, description="extra", selection=SELECTIONS[kind](settings))
    ladder = two_rungs(sounds=(AUDIO, sound))
    first, second = chosen_audio(ladder, FOOTAGE)
    assert (first.stream, first.is_silent) == (ENGLISH, False)
    assert (second.stream, second.is_silent) == (None, True)
    assert list(source_notes(ladder, FOOTAGE)) == [
        f"audio    extra: the source has no {note}; silence replaces it"
    ]


def test_a_loose_language_gets_the_first_audio_instead() -> None:
    settings = {"LanguageCode": "fra", "LanguageSelectionPolicy": "LOOSE"}
    selection = SELECTIONS["AudioLanguageSelection"](settings)
    ladder = two_rungs(sounds=(replace(AUDIO, selection=selection),))
    (found,) = chosen_audio(ladder, FOOTAGE)
    assert (found.stream, found.is_silent) == (ENGLISH, False)
    (note,) = source_notes(ladder, FOOTAGE)
    assert note.endswith("the source has no audio in the language fra; its first audio replaces it")


@pytest.mark.parametrize("footage", [None, Footage(path=Path("/films/silent.mp4"))])
def test_a_test_pattern_and_a_source_without_audio_have_tones(footage: Footage | None) -> None:
    ladder = two_rungs(sounds=(AUDIO, replace(AUDIO, selection=PidSelection(pid=9))))
    found = chosen_audio(ladder, footage)
    assert [(one.stream, one.is_silent) for one in found] == [(None, False), (None, False)]
    assert list(source_notes(ladder, footage)) == []


def test_only_dolby_audio_is_passed_through() -> None:
    passed = [
        replace(AUDIO, codec="dolby", selection=TrackSelection(track=number)) for number in (3, 1)
    ]
    ladder = two_rungs(sounds=tuple(passed))
    dolby, aac = chosen_audio(ladder, FOOTAGE)
    assert (dolby.stream, dolby.is_copied) == (DOLBY, True)
    assert (aac.stream, aac.is_copied, aac.is_silent) == (None, False, True)
    assert list(source_notes(ladder, FOOTAGE)) == [
        "audio    audio: the template passes AC-3 or E-AC-3 through, but the source's audio is aac;"
        " silence replaces it"
    ]


def test_a_source_tells_its_language_only_where_the_template_follows_it() -> None:
    follows = replace(AUDIO, language="fr", prefers_source_language=True)
    silent = replace(follows, selection=TrackSelection(track=9))
    states = replace(AUDIO, language="fr")
    dolby = replace(states, codec="dolby", selection=TrackSelection(track=3))
    ladder = two_rungs(sounds=(follows, silent, states, dolby))
    heard = with_source_languages(ladder, FOOTAGE)
    assert [one.language for one in heard.sounds] == ["eng", "fr", "fr", "fr"]
    assert [one.channels for one in heard.sounds] == [2, 2, 2, 6]
    assert with_source_languages(ladder, None) == ladder
