"""Redaction of messages that are written into evidence, which is for others to read.

Removed are account IDs, ARNs, access keys and other credentials, the stack's secret parameters,
e-mail addresses, and where encoders and servers are: URLs, host names and IP addresses.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import quote

Scrub = Callable[[str], str]
"""Returns a message without all of these."""

ARN = re.compile(r"\b(arn:[\w-]+:[\w-]+):[^\s\"'<>,;()\[\]]*")
URL = re.compile(r"\b([A-Za-z][A-Za-z0-9+.-]*)://[^\s\"'<>()\[\]]+")
LOWER, UPPER = (
    rf"(?:[{letters}0-9](?:[{letters}0-9-]*[{letters}0-9])?\.)+[{letters}]{{2,}}"
    for letters in ("a-z", "A-Z")
)
"""Not mixed: Channel.Arn is an attribute."""
HOST = re.compile(rf"(?<![\w@.-])(?:{LOWER}|{UPPER})(?::\d+)?(?![\w.-]*\w)")
NOT_HOSTS = re.compile(r"[a-z0-9-]+\.amazonaws\.com|.*\.(?:html|js|json|md|pem|py|toml|txt|zip)")
"""Service principals, such as medialive.amazonaws.com, and files."""
TOKEN = re.compile(r"(?<![\w/+=-])[\w/+=-]{40,}(?![\w/+=-])")
"""A secret access key has 40 characters, and session tokens have more."""
WORD = r"(?:(?:[A-Z][a-z]{2,}|[A-Z]{1,4}\d{0,3})+|\d+|-)"
POINTER = re.compile(rf"/?{WORD}(?:/{WORD})+/?")
"""A property of a template, such as /EncoderSettings/OutputGroups/0/Outputs."""
# Source: AWS IAM User Guide, "IAM identifiers", unique ID prefixes
PREFIXES = "BIA|CCA|GPA|IDA|IPA|KIA|NPA|NVA|PKA|ROA|SCA|SIA"
IPV4 = r"\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?(?::\d+)?"
IPV6 = r"(?=[0-9a-f:]*::|(?:[0-9a-f]{1,4}:){7})[0-9a-f:]*[0-9a-f][0-9a-f:]*"
PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"-----BEGIN [A-Z ]+-----.*?(?:-----END [A-Z ]+-----|\Z)", re.DOTALL), "[key]"),
    (URL, r"\1://[address]"),
    (ARN, r"\1:[hidden]"),
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail address]"),
    (re.compile(r"\beyJ[\w-]{10,}\.[\w-]+(?:\.[\w-]*)?"), "[token]"),
    (re.compile(rf"\bA(?:{PREFIXES})[A-Z0-9]{{12,}}\b"), "[key]"),
    (re.compile(rf"(?<![\w.]){IPV4}(?![\w.]*\w)"), "[address]"),
    (re.compile(rf"(?<![\w:]){IPV6}(?![\w:])", re.IGNORECASE), "[address]"),
    (re.compile(r"(?<!\d)\d{12}(?!\d)"), "[account]"),
    (re.compile(r"(?<![\w-])\d{4}-\d{4}-\d{4}(?![\w-])"), "[account]"),
    (re.compile(r"\b[0-9a-f]{32,}\b"), "[token]"),
)


def scrubber(*, account: str, secrets: Iterable[str], urls: Iterable[str]) -> Scrub:
    """What redacts the messages of one rehearsal.

    Args:
        account: the 12 digits.
        secrets: values of secret parameters.
        urls: values of parameters and outputs; the hosts of those that are URLs are removed.
    """
    hidden = _replacer({text: "[hidden]" for one in secrets for text in (one, quote(one, safe=""))})
    named = _replacer(
        {**{host: "[address]" for one in urls for host in _hosts(one)}, account: "[account]"}
    )

    def scrub(text: str) -> str:
        text = hidden(text)
        for pattern, instead in PATTERNS:
            text = pattern.sub(instead, text)
        text = HOST.sub(_without_host, named(text))
        return TOKEN.sub(_without_token, text)

    return scrub


def _replacer(known: Mapping[str, str]) -> Scrub:
    """What replaces these texts, in capitals, too."""
    instead = {name.lower(): text for name, text in known.items() if name}
    # the longest first: one may be a part of another
    names = sorted(instead, key=len, reverse=True)
    if not names:
        return str
    pattern = re.compile("|".join(map(re.escape, names)), re.IGNORECASE)
    return lambda text: pattern.sub(lambda found: instead[found[0].lower()], text)


def _hosts(text: str) -> list[str]:
    """The host of a URL, or a host alone; none of another text."""
    found = re.match(r"(?:[A-Za-z][A-Za-z0-9+.-]*://)?(?:[^/@]*@)?([\w-]+(?:\.[\w-]+)+)", text)
    return [] if found is None else [found[1]]


def _without_host(found: re.Match[str]) -> str:
    return found[0] if NOT_HOSTS.fullmatch(found[0]) else "[address]"


def _without_token(found: re.Match[str]) -> str:
    text = found[0]
    is_mixed = all(re.search(kind, text) for kind in ("[a-z]", "[A-Z]", r"\d"))
    return "[token]" if is_mixed and not POINTER.fullmatch(text) else text
