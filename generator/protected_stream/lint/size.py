"""The size of a template file, which cfn-lint does not know: it reads data, not the file."""

from collections.abc import Iterator

from protected_stream.lint.finding import Finding
from protected_stream.lint.rules import Rule
from protected_stream.reading.written import BUCKET_LIMIT


def size_findings(text: str) -> Iterator[Finding]:
    """Whether the file has more bytes than CloudFormation takes.

    Source: AWS CloudFormation User Guide, "Quotas", template body.
    """
    size = len(text.encode())
    if size > BUCKET_LIMIT:
        message = f"The template has {size:,} bytes; CloudFormation takes {BUCKET_LIMIT:,}."
        yield Finding(Rule.TEMPLATE_TOO_LARGE, "", "", message)
