"""A function's code on disk, so that this machine can run it.

The zip files hold wheels for Lambda's processor and Python. Where this machine is another, the same
version of the package stands in, which must be installed beside the preview.
"""

import importlib.metadata
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from packaging.tags import parse_tag, sys_tags

from preview.errors import NotSupported, PreviewError, Rejected


def unpacked(code: bytes | str, folder: Path) -> None:
    """Puts a zip file's content, or inline code, into an empty folder.

    Raises:
        Rejected: it is no zip file.
        NotSupported: it names files outside.
        PreviewError: a package has no stand-in.
    """
    folder.mkdir(parents=True)
    if isinstance(code, str):
        (folder / "index.py").write_text(code, "utf-8")
        return
    try:
        with zipfile.ZipFile(io.BytesIO(code)) as archive:
            names = archive.namelist()
            outside = [name for name in names if not _is_inside(name)]
            if outside:
                raise NotSupported(f"The function's zip file names files outside: {outside}.")
            foreign = set(_foreign_files(archive))
            archive.extractall(folder, [name for name in names if name not in foreign])
    except zipfile.BadZipFile:
        raise Rejected("The function's code is no zip file.") from None


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _foreign_files(archive: zipfile.ZipFile) -> Iterator[str]:
    """The files of the packages that cannot run here."""
    here = set(sys_tags())
    for name in archive.namelist():
        info = PurePosixPath(name)
        if info.name != "WHEEL" or not info.parent.name.endswith(".dist-info"):
            continue
        lines = archive.read(name).decode().splitlines()
        tags = [line.partition(": ")[2] for line in lines if line.startswith("Tag: ")]
        if any(here & parse_tag(tag) for tag in tags):
            continue
        _expect_stand_in(info.parent.name)
        record = archive.read(f"{info.parent}/RECORD").decode().splitlines()
        yield from (line.rpartition(",")[0].rpartition(",")[0] for line in record)


def _expect_stand_in(dist_info: str) -> None:
    name, _, version = dist_info.removesuffix(".dist-info").partition("-")
    try:
        installed = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        installed = "not installed"
    if installed != version:
        raise PreviewError(
            f"The function's {name} {version} is for another machine, and {installed} here cannot"
            f" stand in: pip install {name}=={version}"
        )
