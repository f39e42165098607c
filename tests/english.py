"""Wording: phrases that no native engineer would write, each with what to write instead.

`python -m tests.english` lists where they are, and exits with 1 if there are any. codespell checks
the spelling.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
PATTERNS = {
    r"(?<![Tt]here\s)\b(is|are|was|were) no (?!longer\b|more than\b|one\b)\w+": '"is not a ..."',
    r"\bit is written so\b": '"Usage:"',
    r"\banew\b": '"again"',
    r"\bby (itself|themselves)\b": '"automatically", "on its own", "without help"',
    r"\bwhoever\b": '"anyone who", "if you"',
    r"(^|\. )Who (?![^.\n]*\?)": '"if you ...", "anyone who ..."',
    r"\b(stand|stands|stood) in\b": '"is in"',
    r"\b(is|are|was|were|be|been) told\b": '"is reported", "gets an error", "is listed"',
    r"\btells? of\b": '"reports"',
    r"\b(make|makes|made) good\b": '"repairs", "corrects"',
    r"\bway back\b": '"rollback"',
    r"\bturns? \w+( \w+)? away\b": '"rejects"',
    r"\b(is|are) over\b": '"has ended", "has expired"',
    r"\b(for|after|in) so (long|many|much)\b": '"for that long", "after that many"',
    r"\b(is|are|was|were) of (a|an|the|no|another|its|their)\b": '"is from", "belongs to"',
    r"\b(private|public|secret) hal(f|ves)\b": '"private key", "public key"',
    r"\b(mend|mends|mended)\b": '"fix", "repair"',
    r"\bbe it\b": '"whether ... or ..."',
    r"\bwhat is asked\b": '"the request"',
    r"\bon its way\b": '"in transit"',
}
FOLDERS = ("docs", "examples", "generator", "lambda_src", "preview", "release", "tests", "web_src")
SUFFIXES = (".css", ".html", ".js", ".json", ".md", ".py", ".toml")
EXEMPT = (
    "tests/english.py",
    "tests/unit/test_english.py",
    "tests/aws_metrics.toml",
    "tests/expected/",
    "tests/released/",
    "tests/vectors/",
    "tests/unit/preview/cloudfront_cases/",
)
"""What quotes AWS, is written by programs, or lists the phrases."""


def texts() -> Iterator[Path]:
    """The files that people have written, of the whole checkout."""
    inner = (path for folder in FOLDERS for path in (CHECKOUT / folder).rglob("*"))
    top = (*CHECKOUT.glob("*.md"), *CHECKOUT.glob("*.toml"), CHECKOUT / "Makefile")
    for path in sorted((*top, *inner)):
        name = path.relative_to(CHECKOUT).as_posix()
        is_text = path.suffix in SUFFIXES or path.name == "Makefile"
        if is_text and not name.startswith(EXEMPT) and "node_modules" not in name:
            yield path


def hits(text: str) -> Iterator[tuple[int, str, str]]:
    """Line number from 1, phrase, and what to write instead."""
    for pattern, instead in PATTERNS.items():
        # a phrase may be wrapped, in a comment, too
        wrapped = pattern.replace(" ", r"\s+(?:#\s+)?")
        for found in re.finditer(wrapped, text, re.MULTILINE):
            yield text.count("\n", 0, found.start()) + 1, " ".join(found[0].split()), instead


def main() -> int:
    """Prints every hit."""
    count = 0
    for path in texts():
        for line, phrase, instead in sorted(hits(path.read_text("utf-8"))):
            count += 1
            print(f'{path.relative_to(CHECKOUT)}:{line}: "{phrase}": write {instead}')
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
