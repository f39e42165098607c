"""Files of the brand: kind and size of images, checked by their content."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from protected_stream.files import read_regular_file
from protected_stream.page.brand import Image
from protected_stream.page.svg import check_svg

KIB = 1024
LONGEST_NAME = 1024
"""Characters of a file's name that a message can still show."""
SIGNATURES: Mapping[str, tuple[bytes, ...]] = {
    "ico": (b"\x00\x00\x01\x00",),
    "jpg": (b"\xff\xd8\xff",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "webp": (b"RIFF", b"WEBP"),
}
"""The first bytes of each kind of file, and those from the ninth on if they matter.

Source: WHATWG, MIME Sniffing Standard, "Matching an image type pattern".
"""
OTHER_SUFFIXES = {"jpeg": "jpg"}


def image(name: str, folder: Path, *, kinds: Sequence[str], kibibytes: int) -> Image:
    """The image in that file.

    Args:
        name: the file, relative to the folder.
        folder: the stream file's folder.
        kinds: the suffixes that are allowed here, such as "svg".
        kibibytes: its maximum size.

    Raises:
        ValueError: there is no such file, or it is not such an image; says which, and what to do.
    """
    if len(name) > LONGEST_NAME:
        raise ValueError(f"must have at most {LONGEST_NAME:,} characters, got {len(name):,}")
    suffix = Path(name).suffix.lower().removeprefix(".")
    kind = OTHER_SUFFIXES.get(suffix, suffix)
    if kind not in kinds:
        # not repeated: it may be a private key in the wrong place
        raise ValueError(f"must be the name of a file that ends in {_either(kinds)}")
    path = folder / name
    try:
        content = read_regular_file(kibibytes * KIB, path)
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from None
    except ValueError:  # not a name that a file can have
        raise ValueError("is not the name of a file") from None
    _check(kind, content, path)
    return Image(suffix=kind, content=content)


def _check(kind: str, content: bytes, path: Path) -> None:
    """Checks that the content is what the name's suffix says."""
    if kind == "svg":
        try:
            check_svg(content)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None
    elif _kind_of(content) != kind:
        found = _kind_of(content)
        said = f"a .{found} file, by its content: rename it" if found else f"not a .{kind} file"
        raise ValueError(f"{path}: is {said}")


def _kind_of(content: bytes) -> str:
    """The kind of image by its first bytes; empty if it is not one that is known."""
    for kind, (first, *rest) in SIGNATURES.items():
        if content.startswith(first) and all(content[8:].startswith(one) for one in rest):
            return kind
    return ""


def _either(kinds: Sequence[str]) -> str:
    """The suffixes as a person lists them."""
    *others, last = (f".{kind}" for kind in kinds)
    return f"{', '.join(others)} or {last}" if others else last
