"""The pictures of the preview: what MediaLive and MediaPackage would make of a camera's stream."""

from preview.encoder.broadcast import Broadcast

__all__ = ["Broadcast"]
