"""CloudFront wildcards, in path patterns and policy resources."""

import re


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text matches: * is zero or more characters, ? is one; case-sensitive.

    Sources: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html
    ("Path pattern"), private-content-setting-signed-cookie-custom-policy.html ("Wildcards").
    """
    expression = "".join(
        ".*" if part.startswith("*") else "." if part == "?" else re.escape(part)
        for part in re.findall(r"\*+|\?|[^*?]+", pattern)
    )
    return re.fullmatch(expression, text, re.DOTALL) is not None
