"""What makes a signature good: what is signed, how and by whom."""

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from tests.unit.preview.cloudfront_cases.row import Row, Saying
from tests.unit.preview.cloudfront_cases.setting import (
    HOST,
    LATER,
    LIVE_ECDSA,
    LIVE_RSA,
    PRIVATE_KEYS,
    VOD_RSA,
)
from tests.unit.preview.cloudfront_cases.signing import (
    HASHES,
    custom_cookies,
    custom_url,
    policy,
    safe,
    sign,
)

PAGE = "private-content-setting-signed-cookie-custom-policy"
URL = f"https://{HOST}/live/1.ts"
TEXT = policy(URL)

INVALID = Saying(
    "private-content-signed-cookies",
    "CloudFront uses the public key to validate the signature in the signed cookie and to confirm "
    "that the cookie hasn't been tampered with. If the signature is invalid, the request is "
    "rejected.",
)
URL_INVALID = Saying(
    "private-content-signed-urls",
    "CloudFront uses the public key to validate the signature and confirm that the URL hasn't "
    "been tampered with. If the signature is invalid, the request is rejected.",
)
BEFORE_BASE64 = Saying(
    PAGE,
    "Hash and sign the JSON policy statement. Use the version of the policy statement that no "
    "longer includes empty spaces but that has not yet been base64-encoded.",
)
OPENSSL = Saying(
    "private-content-linux-openssl",
    "cat policy | tr -d '\\n' | tr -d ' \\t\\n\\r' | openssl sha1 -sign private_key.pem | openssl "
    "base64 -A | tr -- '+=/' '-_~'",
)

_SIGNATURE = sign(TEXT)


def _flipped(octets: bytes, index: int) -> bytes:
    changed = bytearray(octets)
    changed[index] ^= 1
    return bytes(changed)


def _pss(text: str) -> bytes:
    key = PRIVATE_KEYS[LIVE_RSA]
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("Only RSA knows this padding.")
    return key.sign(text.encode(), padding.PSS(padding.MGF1(HASHES["SHA1"]), 20), HASHES["SHA1"])


def _two_integers(signature: bytes) -> bytes:
    r, s = decode_dss_signature(signature)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


# What the signature is instead of the policy's own: sentence, octets.
_WRONG = (
    ("of a policy for another file", INVALID, sign(policy(f"https://{HOST}/live/2.ts"))),
    ("of a policy that ends a second later", INVALID, sign(policy(URL, LATER + 1))),
    ("of a policy that covers more", INVALID, sign(policy(f"https://{HOST}/*"))),
    ("of nothing", INVALID, sign("")),
    ("by another key of the same group", INVALID, sign(TEXT, LIVE_ECDSA)),
    ("by a key of another group", INVALID, sign(TEXT, VOD_RSA)),
    ("with its first octet changed", INVALID, _flipped(_SIGNATURE, 0)),
    ("with an octet in its middle changed", INVALID, _flipped(_SIGNATURE, 128)),
    ("with its last octet changed", INVALID, _flipped(_SIGNATURE, -1)),
    ("without its last octet", INVALID, _SIGNATURE[:-1]),
    ("without its first octet", INVALID, _SIGNATURE[1:]),
    ("with an octet too many", INVALID, _SIGNATURE + b"\0"),
    ("written twice", INVALID, _SIGNATURE * 2),
    ("of zeros", INVALID, bytes(256)),
    ("of one octet", INVALID, b"\1"),
    ("of the encoded policy", BEFORE_BASE64, sign(safe(TEXT.encode()))),
    ("of the policy with spaces", BEFORE_BASE64, sign(TEXT.replace(",", ", "))),
    ("of the policy and a new line", BEFORE_BASE64, sign(TEXT + "\n")),
    ("with RSA's other padding, PSS", OPENSSL, _pss(TEXT)),
)
_ECDSA = sign(TEXT, LIVE_ECDSA)
_WRONG_ECDSA = (
    (
        "of a policy for another file",
        INVALID,
        sign(policy(f"https://{HOST}/live/2.ts"), LIVE_ECDSA),
    ),
    ("with its last octet changed", INVALID, _flipped(_ECDSA, -1)),
    ("without its last octet", INVALID, _ECDSA[:-1]),
    ("by an RSA key", INVALID, _SIGNATURE),
    ("as two bare integers", OPENSSL, _two_integers(_ECDSA)),
)
# A policy is changed after it was signed.
_TAMPERED = (
    ("to end later", TEXT.replace(str(LATER), str(LATER + 1))),
    ("to cover every file", TEXT.replace("1.ts", "*")),
    ("to name no Resource", policy(None)),
    ("to hold a space", TEXT.replace(",", ", ")),
)
ROWS: tuple[Row, ...] = (
    INVALID.row("RSA's signature of the policy", URL, custom_cookies(TEXT), allowed=True),
    INVALID.row(
        "ECDSA's signature of the policy", URL, custom_cookies(TEXT, LIVE_ECDSA), allowed=True
    ),
    URL_INVALID.row("a URL with RSA's signature", custom_url(URL, TEXT), allowed=True),
    URL_INVALID.row(
        "a URL with ECDSA's signature", custom_url(URL, TEXT, LIVE_ECDSA), allowed=True
    ),
    *(
        saying.row(
            f"a signature of {key}, {what}",
            URL,
            custom_cookies(TEXT, key) | {"CloudFront-Signature": safe(octets)},
            allowed=False,
        )
        for key, cases in ((LIVE_RSA, _WRONG), (LIVE_ECDSA, _WRONG_ECDSA))
        for what, saying, octets in cases
    ),
    *(
        INVALID.row(
            f"a policy changed after its signature {what}",
            URL,
            custom_cookies(TEXT) | {"CloudFront-Policy": safe(changed.encode())},
            allowed=False,
        )
        for what, changed in _TAMPERED
    ),
    *(
        URL_INVALID.row(
            f"a signed URL whose policy was changed {what}",
            custom_url(URL, TEXT).replace(safe(TEXT.encode()), safe(changed.encode())),
            allowed=False,
        )
        for what, changed in _TAMPERED
    ),
)
