"""Lambda zip files: their content, and when their names change."""

import hashlib
import stat
import subprocess
import zipfile
from pathlib import Path

import pytest

from protected_stream.errors import BuildError
from protected_stream.lambda_code import zip_bundles
from protected_stream.lambda_code.zip_bundles import Target

ARM = Target(architecture="arm64")


def silent(_: str) -> None:
    """Reports nothing."""


@pytest.fixture(scope="module")
def zips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, zipfile.ZipFile]:
    """The zip files of all functions, by the functions' names."""
    folder = tmp_path_factory.mktemp("lambda")
    zips = zip_bundles.bundles(ARM)
    zip_bundles.write(zips.values(), folder, silent)
    return {name: zipfile.ZipFile(folder / bundle.file_name) for name, bundle in zips.items()}


@pytest.mark.parametrize("name", zip_bundles.FUNCTIONS)
class TestZipFile:
    """A function's zip file."""

    def test_it_contains_the_function_shared_code_and_its_wheels(
        self, zips: dict[str, zipfile.ZipFile], name: str
    ) -> None:
        names = zips[name].namelist()
        assert f"{name}/app.py" in names
        assert "shared/key_ring.py" in names
        needed = zip_bundles.FUNCTIONS[name]
        assert ("cryptography/__init__.py" in names) == needed
        assert any(file.endswith("aarch64-linux-gnu.so") for file in names) == needed

    def test_it_contains_no_other_function(
        self, zips: dict[str, zipfile.ZipFile], name: str
    ) -> None:
        others = set(zip_bundles.FUNCTIONS) - {name}
        assert not any(file.split("/")[0] in others for file in zips[name].namelist())

    def test_it_omits_what_the_runtime_has(
        self, zips: dict[str, zipfile.ZipFile], name: str
    ) -> None:
        assert not any(file.startswith("boto") for file in zips[name].namelist())

    def test_it_is_reproducible(self, zips: dict[str, zipfile.ZipFile], name: str) -> None:
        entries = zips[name].infolist()
        assert [entry.filename for entry in entries] == sorted(zips[name].namelist())
        for entry in entries:
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert stat.S_IMODE(entry.external_attr >> 16) == 0o644
            assert "__pycache__" not in entry.filename

    def test_it_fits_in_a_function(self, zips: dict[str, zipfile.ZipFile], name: str) -> None:
        """50 MB zipped, 250 MB unzipped: AWS Lambda Developer Guide, "Lambda quotas"."""
        entries = zips[name].infolist()
        assert sum(entry.compress_size for entry in entries) < 50_000_000
        assert sum(entry.file_size for entry in entries) < 250_000_000


def test_the_name_changes_with_the_code(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = zip_bundles.bundles(ARM)["cookies"].file_name
    changed = _copy(zip_bundles.SOURCES, tmp_path / "lambda_src")
    (changed / "shared" / "key_ring.py").write_text("# another\n")
    monkeypatch.setattr(zip_bundles, "SOURCES", changed)
    assert zip_bundles.bundles(ARM)["cookies"].file_name != before


def test_the_name_changes_with_the_processor() -> None:
    other = Target(architecture="x86_64")
    assert (
        zip_bundles.bundles(ARM)["cookies"].digest != zip_bundles.bundles(other)["cookies"].digest
    )


def test_the_name_does_not_change_with_what_is_not_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = zip_bundles.bundles(ARM)["cookies"].file_name
    copy = _copy(zip_bundles.SOURCES, tmp_path / "elsewhere")
    (copy / "cookies" / "__pycache__").mkdir(exist_ok=True)
    (copy / "cookies" / "__pycache__" / "app.cpython-314.pyc").touch()
    monkeypatch.setattr(zip_bundles, "SOURCES", copy)
    assert zip_bundles.bundles(ARM)["cookies"].file_name == before


def test_wheels_that_cannot_be_downloaded_are_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And leaves no folder that looks complete."""
    pins = tmp_path / "requirements.txt"
    pins.write_text("cryptography==0.0.1 --hash=sha256:" + "0" * 64)
    monkeypatch.setattr(zip_bundles, "REQUIREMENTS", pins)
    monkeypatch.setattr(zip_bundles, "WHEELS", tmp_path / "wheels")
    with pytest.raises(BuildError, match="pip cannot download the functions' wheels: "):
        zip_bundles.write(zip_bundles.bundles(ARM).values(), tmp_path / "out", silent)
    assert list((tmp_path / "wheels").iterdir()) == []
    assert not (tmp_path / "out").exists()


def test_two_builds_may_download_the_wheels_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The second finds a folder that is complete, as it is renamed only then."""
    monkeypatch.setattr(zip_bundles, "WHEELS", tmp_path / "wheels")

    def downloads(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        (own,) = (word.removeprefix("--dest=") for word in command if word.startswith("--dest="))
        for folder in (Path(own), *(tmp_path / "wheels" / name for name in folders)):
            folder.mkdir()
            with zipfile.ZipFile(folder / "one.whl", "w") as wheel:
                wheel.writestr("one.py", "")
        return subprocess.CompletedProcess(command, 0, "", "")

    folders = [
        f"{ARM.architecture}-{ARM.python}-"
        + hashlib.sha256(zip_bundles.REQUIREMENTS.read_bytes()).hexdigest()[:12]
    ]
    monkeypatch.setattr(subprocess, "run", downloads)
    bundle = zip_bundles.bundles(ARM)["cookies"]
    zip_bundles.write([bundle], tmp_path / "out", silent)
    assert "one.py" in zipfile.ZipFile(tmp_path / "out" / bundle.file_name).namelist()
    assert [path.name for path in (tmp_path / "wheels").iterdir()] == folders


def _copy(source: Path, target: Path) -> Path:
    for path in source.rglob("*.py"):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    return target
