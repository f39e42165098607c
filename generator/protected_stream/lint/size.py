"""CloudFormation template size, which cfn-lint does not check: it reads data, not the file."""

from collections.abc import Iterator

from protected_stream.lint.finding import Finding
from protected_stream.lint.rules import Rule
from protected_stream.reading.written import BUCKET_LIMIT


def size_findings(text: str) -> Iterator[Finding]:
    """Finds a file that has more bytes than CloudFormation accepts.

    Source: AWS CloudFormation User Guide, "Quotas", template body.
    """
    size = len(text.encode())
    if size > BUCKET_LIMIT:
        message = f"The template has {size:,} bytes; CloudFormation accepts {BUCKET_LIMIT:,}."
        yield Finding(Rule.TEMPLATE_TOO_LARGE, "", "", message)
