"""Lambda deployment packages, unpacked so that this machine can run them.

The zip files contain wheels for Lambda's processor and Python. If they do not fit this machine, the
same version of the package, installed with the preview, is used instead.
"""

import importlib.metadata
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from packaging.tags import parse_tag, sys_tags

from preview.errors import NotSupported, PreviewError, Rejected


def unpacked(code: bytes | str, folder: Path) -> None:
    """Unpacks a zip file, or writes inline code, into a new folder.

    Raises:
        Rejected: it is not a zip file.
        NotSupported: it names files outside the folder.
        PreviewError: a package does not fit this machine, and the same version is not installed.
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
                raise NotSupported(
                    f"The function's zip file names files outside its folder: {outside}."
                )
            foreign = set(_foreign_files(archive))
            archive.extractall(folder, [name for name in names if name not in foreign])
    except zipfile.BadZipFile:
        raise Rejected("The function's code is not a zip file.") from None


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
            f"The function's {name} {version} is for another platform, and the version here"
            f" ({installed}) differs. Install it with: pip install {name}=={version}"
        )
