"""The environment variables of the cookie function, and what each must be.

Which there are shows how the signing key is held:

- none of the others: SECRET_ARN is the secret with the key ring
- KEY_PAIR_IDS: the key was supplied; SECRET_ARN is the secret that it was pasted into
- KEY_PAIR_ID: the key is a trusted signer's; SECRET_ARN is the secret that it was pasted into
- SECRET_NAME: the same, in the names of the function in AWS's post
  https://aws.amazon.com/blogs/media/part-1-protecting-your-video-stream-with-amazon-cloudfront-and-serverless-technologies/
"""

from collections.abc import Mapping
from types import MappingProxyType

from shared.environment import Variables
from shared.key_ring import KEY_PAIR_ID

_ARN = r"arn:[a-z-]+:secretsmanager:\S+"
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
_NAME = r"[A-Za-z0-9/_+=.@-]{1,512}"

_HOST = r"https://[A-Za-z0-9.-]+(:[0-9]+)?"
_FOLDERS = r"(/[A-Za-z0-9._~%!$&'()+,=:@-]+)*"

# A fingerprint with two ids, or an id with two fingerprints, is wrong once for certain.
_NONE_TWICE = r"(?!(.* )?([0-9a-f]{16}=).* \2)(?!.*(=[A-Za-z0-9]+) (.* )?[0-9a-f]{16}\3( |$))"
_PAIR = f"[0-9a-f]{{16}}={KEY_PAIR_ID}"

# name: (pattern, what the operator is told). MEDIA_URL has its only wildcard at its end, because
# the cookies' Path is the same address without it and browsers know no wildcards (RFC 6265, 5.1.4).
_STREAM: Variables = {
    "CLIENT_ID": (r"\S+", "the id of the user pool's app client"),
    "MEDIA_URL": (
        rf"{_HOST}{_FOLDERS}/\*",
        "https://, the stream's host, the path of the media, and /* at its end only",
    ),
    "COOKIE_SECONDS": (r"[1-9][0-9]{0,8}", "whole seconds, at least 1"),
    "STEP_SECONDS": (r"[1-9][0-9]{0,8}", "whole seconds, at least 1"),
    "HASH_ALGORITHM": (r"SHA256|SHA1", "SHA256 or SHA1"),
}
_PASTED: Variables = {"SECRET_ARN": (_ARN, "the ARN of the secret with the private key")}
_KEY_RING: Variables = {"SECRET_ARN": (_ARN, "the ARN of the secret with the key ring"), **_STREAM}

# The first of these variables that is there decides; without any it is the key ring.
_HELD_OTHERWISE: Mapping[str, Variables] = {
    "SECRET_NAME": {
        "SECRET_NAME": (f"{_NAME}|{_ARN}", "the name or ARN of the secret with the private key"),
        "REGION": (r"[a-z]+(-[a-z]+)+-[0-9]+", "the Region of the secret, such as us-east-1"),
        "ACCESS_KEY_ID": (KEY_PAIR_ID, "the id of the CloudFront key pair"),
        "CLOUDFRONT_URL": (
            rf"{_HOST}/out/v1{_FOLDERS}(/\*)?",
            "https://, the stream's host, /out/v1 and nothing or more of the path, with or without"
            " /* at its end",
        ),
        **{name: row for name, row in _STREAM.items() if name != "MEDIA_URL"},
    },
    "KEY_PAIR_IDS": {
        **_PASTED,
        "KEY_PAIR_IDS": (
            f"{_NONE_TWICE}{_PAIR}( {_PAIR})*",
            "fingerprint=id pairs with one space between them: a public key's 16 hex digits and"
            " CloudFront's id of it, none of them twice",
        ),
        **_STREAM,
    },
    "KEY_PAIR_ID": {
        **_PASTED,
        "KEY_PAIR_ID": (KEY_PAIR_ID, "the id of the CloudFront key pair"),
        **_STREAM,
    },
}

_NOTHING_MATCHES = "(?!)"
_NEVER_BESIDE = {
    "SECRET_ARN": ("SECRET_NAME", "CLOUDFRONT_URL", "ACCESS_KEY_ID"),
    "SECRET_NAME": ("MEDIA_URL", "KEY_PAIR_ID", "KEY_PAIR_IDS"),
    "KEY_PAIR_IDS": ("KEY_PAIR_ID",),
}

# the post's name: our name, and what the value ends in
_OURS = {
    "SECRET_NAME": ("SECRET_ARN", ""),
    "REGION": ("SECRET_REGION", ""),
    "ACCESS_KEY_ID": ("KEY_PAIR_ID", ""),
    "CLOUDFRONT_URL": ("MEDIA_URL", "/*"),
}


def wanted(given: Mapping[str, str]) -> Variables:
    """What the variables given (`os.environ`) must be, so that `shared.environment.check` can look.

    What must not stand beside another variable can match nothing.
    """
    held = (rows for name, rows in _HELD_OTHERWISE.items() if name in given)
    contradictions = {
        other: (_NOTHING_MATCHES, f"to be set beside {name}")
        for name, others in _NEVER_BESIDE.items()
        for other in others
        if name in given and other in given
    }
    return {**next(held, _KEY_RING), **contradictions}


def in_our_names(checked: Mapping[str, str]) -> Mapping[str, str]:
    """The variables that `wanted` names, with the post's names and values turned into ours."""
    turned = {name: _OURS.get(name, (name, "")) for name in checked}
    return {
        ours: checked[name].removesuffix(ending) + ending for name, (ours, ending) in turned.items()
    }


def ids_by_fingerprint(pairs: str | None) -> Mapping[str, str] | None:
    """CloudFront's ids by `SigningKey.fingerprint`, of KEY_PAIR_IDS; None when it is not there."""
    if pairs is None:
        return None
    return MappingProxyType(dict(pair.split("=") for pair in pairs.split(" ")))
