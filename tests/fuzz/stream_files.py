"""What holds for every stream file: it is built, or refused with reasons and nothing written."""

import io
import json
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from protected_stream.cli.exit_status import CLEAN, NOTHING_WRITTEN
from protected_stream.cli.main import main
from tests.fuzz.stream_texts import StreamTexts

SEED = 20_261_129
FILES = {"build.json", "template.json", "template.yaml", "parameters.json"}
MOST_BYTES = 1_000_000
"""Of a template; AWS CloudFormation User Guide, "Quotas", template body."""


def check(count: int, folder: Path) -> Counter[int]:
    """Builds this many generated stream files through the command line, without its linter.

    Args:
        count: how many files.
        folder: an empty one, for the files and what is built.

    Returns:
        How many ended with each exit status.
    """
    texts = StreamTexts(SEED)
    statuses: Counter[int] = Counter()
    for number in range(count):
        text = texts.next()
        statuses[_check(text, folder / "stream.toml", folder / "out")] += 1
        assert {path.name for path in folder.iterdir()} <= {"stream.toml", "out"}, (number, text)
    return statuses


def _check(text: bytes, stream: Path, out: Path) -> int:
    stream.write_bytes(text)
    before = _state(out)
    said, printed = io.StringIO(), io.StringIO()
    with redirect_stderr(said), redirect_stdout(printed):
        status = main(["template", str(stream), "--out", str(out), "--no-lint"])
    if status == CLEAN:
        _expect_whole_build(out)
        assert "aws cloudformation deploy" in printed.getvalue(), text
    else:
        assert status == NOTHING_WRITTEN, text
        assert _state(out) == before, text
        assert printed.getvalue() == "", text
        _expect_sentences(said.getvalue(), stream, text)
    return status


def _expect_whole_build(out: Path) -> None:
    assert {path.name for path in out.iterdir()} - {"lambda"} == FILES
    content = (out / "template.json").read_bytes()
    template = json.loads(content)
    assert len(content) <= MOST_BYTES
    for resource in template["Resources"].values():
        key = resource.get("Properties", {}).get("Code", {}).get("S3Key", {})
        if key:
            assert (out / "lambda" / key["Fn::Sub"].rpartition("}")[2]).is_file()


def _expect_sentences(said: str, stream: Path, text: bytes) -> None:
    """Each mistake in one line that begins with the file, and nothing that a terminal hides."""
    lines = said.split("\n")
    assert lines.pop() == "", text
    assert lines, text
    for line in lines:
        assert line.startswith(f"{stream}:"), (line, text)
        assert line.isprintable(), (line, text)
        assert "Traceback" not in line, (line, text)
        assert len(line) < 2_000, (line, text)


def _state(folder: Path) -> dict[Path, tuple[int, int]]:
    """The files in a folder, with size and time; empty if it does not exist."""
    return {
        path: (path.stat().st_size, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }
