"""Cookies that must open nothing, made without any private key of the stream.

Source of their form: Amazon CloudFront Developer Guide, "Set signed cookies using a custom policy".
"""

import base64
import functools
import json
from collections.abc import Mapping

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from protected_stream.verify.visit import NAMES

POLICY, SIGNATURE, KEY, HASH = NAMES
UNKNOWN_KEY = "K00000000000000"
"""In the form of a key pair ID of CloudFront; that of no key."""
A_DAY = 86_400

Cookies = Mapping[str, str]


def of_strangers(host: str, now: float) -> Mapping[str, Cookies]:
    """Cookies that anybody can make, who knows nothing but the host name."""
    everything = _policy(f"https://{host}/*", now + A_DAY)
    return {
        "another stream's cookies": _signed(_policy("https://*/*", now + A_DAY), UNKNOWN_KEY),
        "cookies signed with another key": _signed(everything, UNKNOWN_KEY),
        "empty cookies": dict.fromkeys(NAMES, ""),
        "cookies without a signature": {
            **_signed(everything, UNKNOWN_KEY),
            SIGNATURE: "",
        },
    }


def of_viewers(cookies: Cookies, host: str, now: float) -> Mapping[str, Cookies]:
    """Changed copies of a viewer's cookies, and cookies that name the same key."""
    key = cookies[KEY]
    later = _later(cookies[POLICY])
    return {
        "cookies with a changed signature": {**cookies, SIGNATURE: _changed(cookies[SIGNATURE])},
        "cookies with a later expiry": {**cookies, POLICY: later},
        "cookies for everything": {
            **cookies,
            POLICY: encoded(_policy(f"https://{host}/*", now + A_DAY)),
        },
        "expired cookies": _signed(_policy(f"https://{host}/*", now - A_DAY), key),
        "another stream's cookies": _signed(_policy("https://example.com/*", now + A_DAY), key),
        "cookies of another key in the name of the stream's": _signed(
            _policy(f"https://{host}/*", now + A_DAY), key
        ),
        "cookies without a policy": {**cookies, POLICY: ""},
        "cookies without a signature": {**cookies, SIGNATURE: ""},
    }


def policy_in(cookies: Cookies) -> dict[str, object]:
    """The statement of the policy in cookies.

    Raises:
        LookupError: there is none.
        ValueError: it cannot be read.
    """
    text = cookies[POLICY].translate(str.maketrans("-_~", "+=/"))
    return dict(json.loads(base64.b64decode(text))["Statement"][0])


def encoded(content: bytes) -> str:
    """Base64 in CloudFront's alphabet for cookies."""
    return base64.b64encode(content).decode().translate(str.maketrans("+=/", "-_~"))


@functools.cache
def _own_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def _policy(resource: str, until: float) -> bytes:
    condition = {"DateLessThan": {"AWS:EpochTime": int(until)}}
    statement = {"Resource": resource, "Condition": condition}
    return json.dumps({"Statement": [statement]}, separators=(",", ":")).encode()


def _signed(policy: bytes, key_id: str) -> Cookies:
    signature = _own_key().sign(policy, PKCS1v15(), SHA256())
    return {POLICY: encoded(policy), SIGNATURE: encoded(signature), KEY: key_id, HASH: "SHA256"}


def _later(policy: str) -> str:
    statement = policy_in({POLICY: policy})
    condition = statement["Condition"]
    assert isinstance(condition, dict)  # noqa: S101 - for mypy: CloudFront accepts no other form
    condition["DateLessThan"]["AWS:EpochTime"] += A_DAY
    return encoded(json.dumps({"Statement": [statement]}, separators=(",", ":")).encode())


def _changed(signature: str) -> str:
    """With another letter in the middle: the last one may have bits that mean nothing."""
    middle = len(signature) // 2
    other = "A" if signature[middle] != "A" else "B"
    return f"{signature[:middle]}{other}{signature[middle + 1 :]}"
