"""MediaLive and MediaPackage stand-in: encodes and packages the preview's video with ffmpeg."""

from preview.encoder.broadcast import Broadcast

__all__ = ["Broadcast"]
