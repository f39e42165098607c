"""Tests that encode video."""

import shutil

import pytest

needs_ffmpeg = pytest.mark.skipif(
    shutil.which("ffmpeg") is None or shutil.which("ffprobe") is None,
    reason="ffmpeg and ffprobe are not in PATH: apt-get install ffmpeg, or brew install ffmpeg",
)
