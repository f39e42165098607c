"""Where the screenshots of the page are kept."""

from pathlib import Path

from tests.conftest import CHECKOUT

FOLDER = CHECKOUT / "build" / "screens"


def emptied(brand: str, size: str) -> Path:
    """The folder of a brand and a size, without earlier screenshots."""
    folder = FOLDER / brand / size
    folder.mkdir(parents=True, exist_ok=True)
    for image in folder.glob("*.jpg"):
        image.unlink()
    return folder
