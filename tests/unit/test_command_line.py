"""`protected-stream template`: its files, messages and exit status."""

import errno
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from fnmatch import fnmatch
from pathlib import Path

import pytest

from protected_stream.cli.exit_status import CLEAN, FINDINGS, NOTHING_WRITTEN
from protected_stream.cli.main import main
from protected_stream.sections.encoding import audio
from tests.conftest import CHECKOUT, Document

Run = Callable[..., int]
FILES = {"template.json", "template.yaml", "parameters.json"}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command line in an empty folder, on a stream file with this text."""
    monkeypatch.chdir(tmp_path)

    def command(text: str, *arguments: str) -> int:
        (tmp_path / "stream.toml").write_text(text, encoding="utf-8")
        return main(["template", *arguments])

    return command


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder, by relative path."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_building_imports_nothing_of_the_commands_that_talk_to_aws(tmp_path: Path) -> None:
    """That would take as long as building."""
    code = (
        "import sys; from protected_stream.cli.main import main;"
        f"main(['template', '--no-lint', {str(CHECKOUT / 'stream.toml')!r}, '--out', 'build']);"
        "print(*sorted({'boto3', 'rich'} & sys.modules.keys()), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stderr.splitlines()[-1] == ""


@pytest.mark.parametrize("command", ["--version", "status", "cost", "parameters"])
def test_commands_that_build_nothing_import_nothing_to_build_with(command: str) -> None:
    code = (
        "import contextlib, sys; from protected_stream.cli.main import main\n"
        f"with contextlib.suppress(SystemExit): main([{command!r}, '--help'])\n"
        "print(*sorted({'troposphere', 'pydantic'} & sys.modules.keys()), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "\n"


def test_a_stream_file_that_was_changed_after_the_build_is_noted(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("", "--no-lint") == CLEAN
    assert main(["diff", "build/template.json"]) == CLEAN
    assert "was changed after" not in capsys.readouterr().err
    built = (tmp_path / "build" / "build.json").stat().st_mtime
    os.utime(tmp_path / "stream.toml", (built + 1, built + 1))
    assert main(["diff", "build/template.json"]) == CLEAN
    assert "note: stream.toml was changed after the build" in capsys.readouterr().err


def test_a_clean_build_is_written_and_summarized(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("") == CLEAN
    assert {path.name for path in (tmp_path / "build").iterdir()} > FILES
    assert len(list((tmp_path / "build" / "lambda").glob("*.zip"))) == 3
    said = capsys.readouterr().out
    for words in (
        "of 1,000,000 bytes",
        "InputCidr, StreamKey",
        "1 of 3 MediaPackage channel groups",
        "an hour on air",
        "prices of 20",
        "aws s3 cp build/lambda/",
        "aws cloudformation deploy --template-file build/template.json",
        "--capabilities CAPABILITY_IAM --no-fail-on-empty-changeset --s3-bucket ArtifactBucket",
    ):
        assert words in said


def test_stream_file_and_folder_can_be_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "prod.toml").write_text('[encoding]\nladder = "SD-540p"', encoding="utf-8")
    assert run("", "prod.toml", "--out", "build/prod", "--no-lint") == CLEAN
    assert "video-960x540" in (tmp_path / "build" / "prod" / "template.json").read_text()
    assert "video-1280x720" not in (tmp_path / "build" / "prod" / "template.json").read_text()


def test_the_lines_to_copy_work_in_folders_with_spaces(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("", "--out", "my builds", "--no-lint") == CLEAN
    assert "--template-file 'my builds'/template.json" in capsys.readouterr().out


PATHS = ("my stream.toml", "it's.toml", "plain.toml")


UNTOUCHED = [
    part for name in ("building", "site", "testing") for part in ("-o", f".venv/for-{name}")
]
"""Options of make: the environment in .venv is neither needed nor changed."""


def make(line: str, *variables: str) -> list[list[str]]:
    """What the command gets when `make` runs this line in a shell: its arguments, by call."""
    printing = "import json, sys; print(json.dumps(sys.argv[1:]))"
    finished = subprocess.run(
        [
            *("sh", "-c", f'{line} "$@"', "sh", *variables),
            f"COMMAND={shlex.join([sys.executable, '-c', printing])}",
            *("--no-print-directory", *UNTOUCHED),
        ],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [json.loads(said) for said in finished.stdout.splitlines()]


@pytest.mark.parametrize("path", PATHS)
def test_make_takes_paths_with_spaces_and_quotes(path: str) -> None:
    assert make("make template", f"STREAM={path}", f"OUT=of {path}") == [
        ["template", path, "--out", f"of {path}"]
    ]


@pytest.mark.parametrize("path", PATHS)
def test_make_previews_paths_with_spaces_and_quotes(path: str) -> None:
    """Only the last line, without running the preview."""
    dry = subprocess.run(
        ["make", "-n", "preview", f"OUT=of {path}", f"SOURCE={path}", "MAKE=true", *UNTOUCHED],
        cwd=CHECKOUT,
        check=True,
        capture_output=True,
        text=True,
    )
    arguments = shlex.split(dry.stdout.replace("\\\n", " "))
    assert arguments[arguments.index("preview") + 1] == f"of {path}/template.json"
    assert arguments[arguments.index("--source") + 1] == path


@pytest.mark.parametrize("folder", ["my builds", "it's", "builds"])
def test_the_printed_make_line_works_in_every_folder(
    run: Run, capsys: pytest.CaptureFixture[str], folder: str
) -> None:
    assert run("", "--out", folder, "--no-lint") == CLEAN
    (line,) = {
        line.strip()
        for line in capsys.readouterr().out.splitlines()
        if line.strip().startswith("make site")
    }
    assert make(line) == [["page", "stream.toml", "--out", folder]]


@pytest.mark.parametrize("path", PATHS)
def test_the_printed_make_line_names_the_stream_file(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str
) -> None:
    """The page of another stream has another brand."""
    (tmp_path / path).touch()
    assert run("", path, "--no-lint") == CLEAN
    (line,) = {
        line.strip()
        for line in capsys.readouterr().out.splitlines()
        if line.strip().startswith("make site")
    }
    assert make(line) == [["page", path, "--out", "build"]]


def test_a_folder_holds_one_stream(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Otherwise, the first stream's printed commands would deploy the second to its stack."""
    assert run("", "--no-lint") == CLEAN
    before = contents(tmp_path / "build")
    capsys.readouterr()
    assert run('name = "radio"', "--no-lint") == NOTHING_WRITTEN
    assert capsys.readouterr().err == (
        'build: holds the template of the stream "live"; write that of "radio" to another folder, '
        "such as build/radio (--out build/radio; with make, OUT=build/radio)\n"
    )
    assert contents(tmp_path / "build") == before
    assert run('name = "radio"', "--no-lint", "--out", "build/radio") == CLEAN
    assert contents(tmp_path / "build").items() >= before.items()


def test_git_ignores_every_copy_of_the_parameters() -> None:
    """The copies contain the stream key."""
    ignored = (CHECKOUT / ".gitignore").read_text(encoding="utf-8").splitlines()
    for name in ("parameters.json", "parameters-live.json", "parameters-radio-2.json"):
        assert any(fnmatch(name, pattern) for pattern in ignored)


def test_the_folder_that_is_suggested_instead_can_be_copied(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("", "--no-lint", "--out", "my builds") == CLEAN
    assert run('name = "radio"', "--no-lint", "--out", "my builds") == NOTHING_WRITTEN
    assert "--out 'my builds/radio'; with make, OUT='my builds/radio'" in capsys.readouterr().err


def test_a_stream_is_written_again_to_its_own_folder(run: Run) -> None:
    assert run('name = "radio"', "--no-lint") == CLEAN
    assert run('name = "radio"\n[encoding]\nladder = "SD-540p"', "--no-lint") == CLEAN


@pytest.mark.parametrize("text", ["", "not JSON", "[]", '{"Metadata": {"Generator": {}}}'])
def test_a_template_of_no_known_stream_is_overwritten(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "template.json").write_text(text)
    assert run('name = "radio"', "--no-lint") == CLEAN


@pytest.mark.parametrize(
    ("file", "text", "noted"),
    [
        ("stream.toml", "", False),
        ("radio.toml", "", True),
        ("radio.toml", 'name = "radio"', False),
        ("radio.toml", 'name = "live"', False),
    ],
)
def test_another_stream_file_without_a_name_is_noted(
    run: Run,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    file: str,
    text: str,
    *,
    noted: bool,
) -> None:
    """Its commands are those of every other stream file without a name."""
    (tmp_path / "radio.toml").write_text(text, encoding="utf-8")
    assert run("", file, "--no-lint") == CLEAN
    assert capsys.readouterr().err.splitlines() == [
        line
        for line in (
            'note      radio.toml has no name, so the commands are for the stack "live"; '
            'for a stack of its own, add a line such as name = "radio"',
        )
        if noted
    ]


@pytest.mark.parametrize("name", ["2nd", "-a", "two streams", "a_b", "a/b", "", "a" * 129, "ä"])
def test_a_name_that_cloudformation_refuses_is_refused(
    run: Run, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert run(f'name = "{name}"', "--no-lint") == NOTHING_WRITTEN
    assert "stream.toml:1: name: must " in capsys.readouterr().err


def test_a_name_changes_nothing_but_what_the_template_says_of_itself(
    template_of: Callable[..., Document],
) -> None:
    one, two = template_of(), template_of(name="radio")
    assert one["Metadata"]["Generator"].pop("Name") == "live"
    assert two["Metadata"]["Generator"].pop("Name") == "radio"
    assert one == two


def test_bad_input_is_reported_line_by_line_and_the_build_is_unchanged(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("", "--no-lint") == CLEAN
    before = contents(tmp_path / "build")
    capsys.readouterr()
    assert run("[signing]\ncookie_minutes = 0\nkey = 1") == NOTHING_WRITTEN
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "stream.toml:2: signing.cookie_minutes: must be between 1 and 1440, got 0",
        "stream.toml:3: signing.key: unknown key; docs/stream-file.md lists all",
    ]
    assert contents(tmp_path / "build") == before


def test_a_folder_that_cannot_be_written_is_named(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "build").write_text("a file where a folder should be")
    assert run("", "--no-lint") == NOTHING_WRITTEN
    assert "build" in capsys.readouterr().err


def test_a_full_disk_is_reported(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "chmod", full)
    assert run("", "--no-lint") == NOTHING_WRITTEN
    (line,) = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r"build/\S+: cannot be written: No space left on device", line)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            '"re\\u0000gion\\u001b[2J\\n" = 1',
            r"stream.toml:1: re\x00gion\x1b[2J\n: unknown key; did you mean region?",
        ),
        (
            '[signing]\nmode = "supplied"\npublic_keys = ["a\\u0000\\u202Eb.pem"]',
            r"stream.toml:3: signing.public_keys.0: must be the PEM of a public key, or the name of"
            r" a file with one; a\x00\u202eb.pem: not the name of a file",
        ),
    ],
)
def test_control_characters_are_not_repeated(
    run: Run, capsys: pytest.CaptureFixture[str], text: str, line: str
) -> None:
    """They could change what the terminal shows."""
    assert run(text) == NOTHING_WRITTEN
    assert capsys.readouterr().err == f"{line}\n"


def test_findings_have_resource_property_and_table(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a mistake in the generator, as no stream file leads to a finding."""
    monkeypatch.setattr("protected_stream.template.functions.RUNTIME", "python2.7")
    assert run("") == FINDINGS
    lines = capsys.readouterr().err.splitlines()
    places = {line.split(": ")[1] for line in lines if line.startswith("build/template.json: ")}
    assert {"CookiesFunction Runtime [api]", "SigningKeyFunction Runtime [signing]"} <= places


def test_a_type_that_cfn_lint_misses_in_a_region_is_a_note(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    """Six of the Regions of MediaLive are like this one, four lack only the input."""
    assert run('region = "ca-central-1"') == CLEAN
    lines = capsys.readouterr().err.splitlines()
    notes = [line for line in lines if not line.startswith("downloading")]
    assert [line.split(": ")[0] for line in notes] == [
        "note      E3006 EncoderAllowList Type [ingest]",
        "note      E3006 EncoderInput Type [ingest]",
        "note      E3006 Channel Type [encoding]",
    ]


def test_an_error_of_cfn_lint_is_one_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stops(*_: object, **__: object) -> None:
        raise KeyError("a cause")

    monkeypatch.setattr("protected_stream.lint.cloudformation.run_template_by_data", stops)
    assert run("") == FINDINGS
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("build/template.json: PS2301 cfn-lint ")
    assert line.endswith(
        "stopped with KeyError: 'a cause'; the template is written, but not checked by it."
    )


BITRATE = (
    "Channel EncoderSettings.AudioDescriptions[0].CodecSettings.AacSettings.Bitrate [encoding]"
)


@pytest.fixture
def two_rules_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of cfn-lint's, E2533, and one of this project's, PS1702."""
    monkeypatch.setattr("protected_stream.template.functions.RUNTIME", "python2.7")
    monkeypatch.setattr(audio, "BITS_PER_SECOND", 640_000)


@pytest.mark.usefixtures("two_rules_broken")
def test_a_finding_is_reported_with_its_rule_id(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("") == FINDINGS
    lines = capsys.readouterr().err.splitlines()
    (ours,) = (line for line in lines if BITRATE in line)
    assert ours.startswith(f"build/template.json: {BITRATE}: PS1702 Must be from 64000 to 576000 ")
    assert {line.split(": ")[2].split()[0] for line in lines} == {"PS1702", "E2533"}


@pytest.mark.usefixtures("two_rules_broken")
def test_ignored_findings_are_reported_with_the_reason_and_do_not_count(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run('[lint.ignore]\nPS1702 = "our ears"\nE2533 = """an\nolder\nAWS"""') == CLEAN
    said = capsys.readouterr()
    assert "aws cloudformation deploy" in said.out
    assert set(said.err.splitlines()) == {
        f"ignored   PS1702 {BITRATE}: our ears",
        "ignored   E2533 ChannelGuardFunction Runtime [schedule]: an older AWS",
        "ignored   E2533 CookiesFunction Runtime [api]: an older AWS",
        "ignored   E2533 SigningKeyFunction Runtime [signing]: an older AWS",
    }


@pytest.mark.usefixtures("two_rules_broken")
def test_other_findings_still_count(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run('[lint.ignore]\nPS1702 = "our ears"') == FINDINGS
    said = capsys.readouterr()
    assert said.out == ""
    firsts = [line.split()[0] for line in said.err.splitlines()]
    assert sorted(firsts) == [*3 * ["build/template.json:"], "ignored"]


def test_an_unused_ignored_rule_is_reported_without_an_error(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run('[lint.ignore]\nPS1702 = "our ears"') == CLEAN
    assert capsys.readouterr().err.splitlines() == [
        "unused    lint.ignore.PS1702: it ignores no finding; remove it"
    ]


def test_ignoring_rules_does_not_change_the_build(run: Run, tmp_path: Path) -> None:
    assert run("", "--no-lint", "--out", "nothing ignored") == CLEAN
    assert run('[lint.ignore]\nPS1702 = "our ears"', "--no-lint", "--out", "one ignored") == CLEAN
    assert contents(tmp_path / "one ignored") == contents(tmp_path / "nothing ignored")


def test_stale_code_is_removed_and_other_files_are_not(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "build" / "lambda"
    folder.mkdir(parents=True)
    (folder / "cookies-0123456789ab.zip").touch()
    (folder / "mine.zip").touch()
    assert run("", "--no-lint") == CLEAN
    names = {path.name for path in folder.iterdir()}
    assert "cookies-0123456789ab.zip" not in names
    assert "mine.zip" in names


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_a_build_is_reproducible(hash_seed: str, tmp_path: Path) -> None:
    """With another hash seed, time zone, umask and folder than the reference."""
    reference, other = tmp_path / "reference", tmp_path / "another folder" / "deeper"
    build(reference, seed="0", zone="UTC", umask=0o022)
    build(other, seed=hash_seed, zone="Pacific/Auckland", umask=0o077)
    assert contents(other) == contents(reference)
    assert contents(reference)


def test_the_exit_status_tells_clean_findings_and_bad_input_apart() -> None:
    assert (CLEAN, FINDINGS, NOTHING_WRITTEN) == (0, 1, 2)


def test_a_process_exits_with_that_status(tmp_path: Path) -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "protected_stream", "template", "gone.toml"],
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
    )
    assert finished.returncode == NOTHING_WRITTEN
    assert finished.stderr == "gone.toml: cannot be read: No such file or directory\n"
    assert list(tmp_path.iterdir()) == []


def build(out: Path, *, seed: str, zone: str, umask: int) -> None:
    """A whole build in a separate process."""
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
    out.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [
            sys.executable,
            "-m",
            "protected_stream",
            "template",
            CHECKOUT / "stream.toml",
            "--out",
            out,
            "--no-lint",
        ],
        env=environment,
        cwd=out.parent,
        check=True,
        umask=umask,
        stdout=subprocess.DEVNULL,
    )
