"""Lambda environment variables of the cookie function, and their valid values.

The variables that are set determine where the signing key is:

- none of those below: SECRET_ARN is the secret with the key ring
- KEY_PAIR_IDS: the key was supplied; SECRET_ARN is the secret that it was pasted into
- KEY_PAIR_ID: the key is a trusted signer's; SECRET_ARN is the secret that it was pasted into
- SECRET_NAME: the same, with the variable names of the function in the AWS blog post
  https://aws.amazon.com/blogs/media/part-1-protecting-your-video-stream-with-amazon-cloudfront-and-serverless-technologies/

Others select options of the answer; see `cookies.answer_with_options`.
"""

from collections.abc import Mapping
from types import MappingProxyType

from cookies.answer_with_options import (
    BIND_IP,
    COOKIES_IN_BODY,
    GROUPS,
    OTHER_SITES,
)
from shared.environment import Variables
from shared.key_ring import KEY_PAIR_ID

_ARN = r"arn:[a-z-]+:secretsmanager:\S+"
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
_NAME = r"[A-Za-z0-9/_+=.@-]{1,512}"

_HOST = r"https://[A-Za-z0-9.-]+(:[0-9]+)?"
_FOLDERS = r"(/[A-Za-z0-9._~%!$&'()+,=:@-]+)*"

_PAIR = f"[0-9a-f]{{16}}={KEY_PAIR_ID}"

# name: (pattern, description in error messages). The only wildcard of MEDIA_URL is at the end: the
# cookies' Path is the same URL without it, and browsers support no wildcards (RFC 6265, 5.1.4).
_STREAM: Variables = {
    "CLIENT_ID": (r"\S+", "the ID of the user pool's app client"),
    "MEDIA_URL": (
        rf"{_HOST}{_FOLDERS}/\*",
        "https://, the stream's host, the path of the media, and /* only at the end",
    ),
    "COOKIE_SECONDS": (r"[1-9][0-9]{0,8}", "whole seconds, at least 1"),
    "STEP_SECONDS": (r"[1-9][0-9]{0,8}", "whole seconds, at least 1"),
    "HASH_ALGORITHM": (r"SHA256|SHA1", "SHA256 or SHA1"),
}
_GROUP = r"[A-Za-z0-9._-]+"
_OPTIONS: Variables = {
    **dict.fromkeys((BIND_IP, COOKIES_IN_BODY, OTHER_SITES), ("true", "true, or left out")),
    GROUPS: (f"{_GROUP}( {_GROUP})*", "names of groups separated by one space"),
}
_PASTED: Variables = {"SECRET_ARN": (_ARN, "the ARN of the secret with the private key")}
_KEY_RING: Variables = {"SECRET_ARN": (_ARN, "the ARN of the secret with the key ring"), **_STREAM}

# The first of these variables that is set decides; if none is set, it is the key ring.
_HELD_OTHERWISE: Mapping[str, Variables] = {
    "SECRET_NAME": {
        "SECRET_NAME": (f"{_NAME}|{_ARN}", "the name or ARN of the secret with the private key"),
        "REGION": (r"[a-z]+(-[a-z]+)+-[0-9]+", "the Region of the secret, such as us-east-1"),
        "ACCESS_KEY_ID": (KEY_PAIR_ID, "the ID of the CloudFront key pair"),
        "CLOUDFRONT_URL": (
            rf"{_HOST}/out/v1{_FOLDERS}(/\*)?",
            "https://, the stream's host, /out/v1 and optionally more of the path, with or without"
            " /* at the end",
        ),
        **{name: row for name, row in _STREAM.items() if name != "MEDIA_URL"},
    },
    "KEY_PAIR_IDS": {
        **_PASTED,
        "KEY_PAIR_IDS": (
            f"{_PAIR}( {_PAIR})*",
            "fingerprint=id pairs separated by one space: a public key's 16 hex digits and its"
            " CloudFront ID",
        ),
        **_STREAM,
    },
    "KEY_PAIR_ID": {
        **_PASTED,
        "KEY_PAIR_ID": (KEY_PAIR_ID, "the ID of the CloudFront key pair"),
        **_STREAM,
    },
}

# the blog post's name: our name, and the end of the value
_OURS = {
    "SECRET_NAME": ("SECRET_ARN", ""),
    "REGION": ("SECRET_REGION", ""),
    "ACCESS_KEY_ID": ("KEY_PAIR_ID", ""),
    "CLOUDFRONT_URL": ("MEDIA_URL", "/*"),
}


def wanted(given: Mapping[str, str]) -> Variables:
    """The valid values of the variables (`os.environ`), for `shared.environment.check`."""
    rows = next((rows for name, rows in _HELD_OTHERWISE.items() if name in given), _KEY_RING)
    return {**rows, **{name: row for name, row in _OPTIONS.items() if name in given}}


def in_our_names(checked: Mapping[str, str]) -> Mapping[str, str]:
    """The variables from `wanted`, with the blog post's names and values converted to ours."""
    turned = {name: _OURS.get(name, (name, "")) for name in checked}
    return {
        ours: checked[name].removesuffix(ending) + ending for name, (ours, ending) in turned.items()
    }


def ids_by_fingerprint(pairs: str | None) -> Mapping[str, str] | None:
    """CloudFront IDs by `SigningKey.fingerprint`, from KEY_PAIR_IDS; None if it is not set."""
    if pairs is None:
        return None
    return MappingProxyType(dict(pair.split("=") for pair in pairs.split(" ")))
