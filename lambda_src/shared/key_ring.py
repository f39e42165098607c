"""Key ring: the keys that sign the viewer's cookies now or soon, as the JSON value of the secret.

The value is one object, with `null` where the dataclasses below have None::

    {"key_group_id": "...", "keys": [{"algorithm": "rsa-2048", "private_key": "...",
      "public_key": "...", "key_pair_id": "K...", "signs_from": 1700000000, "signs_until": null}]}

Unknown fields are ignored, so that during a stack update an older function can still read what a
newer one wrote.
"""

import base64
import hashlib
import json
import re
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Self

from shared import key_ring_fields as fields
from shared.key_ring_fields import InvalidKeyRing

__all__ = [
    "ALGORITHMS",
    "KEPT_SECONDS",
    "KEY_PAIR_ID",
    "LONGEST_USE_SECONDS",
    "InvalidKeyRing",
    "KeyRing",
    "NoSigningKey",
    "SigningKey",
]

# The key types that CloudFront accepts for signed cookies:
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-trusted-signers.html
ALGORITHMS = ("rsa-2048", "ecdsa-p256")

KEPT_SECONDS = 300
"""A ring is read again at this age, so a rotation takes effect within that time."""

LONGEST_USE_SECONDS = 3600
"""How long a ring may be used after it was read if it cannot be read again.

An hour covers typical outages. A longer time would keep expired keys trusted for that long.
"""

KEY_PAIR_ID = "[A-Za-z0-9]{1,32}"
"""Pattern of CloudFront public key IDs.

The ID is sent to browsers and logged, so nothing else pasted in its place may match.
"""

_PUBLIC_HEAD = "-----BEGIN PUBLIC KEY-----\n"
_PUBLIC_FOOT = "\n-----END PUBLIC KEY-----\n"
_PUBLIC_KEY_SHAPE = "a PEM that begins with -----BEGIN PUBLIC KEY----- and ends with a newline"


class NoSigningKey(LookupError):
    """No key of the ring may sign at the requested time."""


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """A key pair of the ring, and when it signs."""

    algorithm: str
    """One of `ALGORITHMS`."""
    private_key: str = field(repr=False)
    """PKCS#8 PEM; a supplied key may have any format that `shared.private_key` reads."""
    public_key: str
    """SubjectPublicKeyInfo PEM (RFC 7468 section 13); ends with a newline."""
    key_pair_id: str | None
    """CloudFront ID of the public key; None until CloudFront has the key."""
    signs_from: int
    """Epoch seconds; the key may sign from this time on."""
    signs_until: int | None
    """Epoch seconds; None until a newer key supersedes it."""

    @property
    def fingerprint(self) -> str:
        """The first 16 hex digits of SHA-256 over the public key's DER.

        Raises:
            InvalidKeyRing: `public_key` is not a SubjectPublicKeyInfo PEM.
        """
        der = _public_der(self.public_key)
        if der is None:
            raise InvalidKeyRing.field("public_key", _PUBLIC_KEY_SHAPE)
        return hashlib.sha256(der).hexdigest()[:16]


@dataclass(frozen=True, kw_only=True)
class KeyRing:
    """All keys of the secret, and the CloudFront key group that trusts them."""

    keys: tuple[SigningKey, ...]
    key_group_id: str | None
    """None until CloudFront has the group."""

    @property
    def key_pair_ids(self) -> list[str]:
        """CloudFront IDs of the keys that CloudFront has, in ring order."""
        return [key.key_pair_id for key in self.keys if key.key_pair_id]

    def signer_at(self, now: int) -> SigningKey:
        """The newest key with `signs_from` <= `now` (epoch seconds) that CloudFront has.

        If two keys have the same `signs_from`, the later one in the ring signs.

        Raises:
            NoSigningKey: There is no such key.
        """
        usable = [key for key in self.keys if key.key_pair_id and key.signs_from <= now]
        if not usable:
            raise NoSigningKey(
                f"None of the key ring's {len(self.keys)} keys may sign at {now}: each needs a"
                " key_pair_id and a signs_from that has passed."
            )
        return max(reversed(usable), key=lambda key: key.signs_from)

    def to_json(self) -> str:
        """The secret's value; equal rings produce equal text."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The ring in a secret's value.

        Line breaks inside strings are accepted although JSON requires escaping (RFC 8259
        section 7): a template that puts a pasted key into the value cannot escape them.

        Raises:
            InvalidKeyRing: A field is missing or invalid; names the field, never its value.
        """
        ring = fields.json_object(fields.parsed(text), "the value")
        keys = fields.member(ring, "keys", "the value")
        if not isinstance(keys, list):
            raise InvalidKeyRing.field("keys", "a list")
        return cls(
            keys=tuple(_signing_key(key, f"keys[{index}]") for index, key in enumerate(keys)),
            key_group_id=fields.text_or_none(ring, "key_group_id", "the value"),
        )


def _signing_key(value: object, where: str) -> SigningKey:
    key = fields.json_object(value, where)
    record = SigningKey(
        algorithm=fields.text(key, "algorithm", where),
        private_key=fields.text(key, "private_key", where),
        public_key=fields.text(key, "public_key", where),
        key_pair_id=fields.text_or_none(key, "key_pair_id", where),
        signs_from=fields.time(key, "signs_from", where),
        signs_until=fields.time_or_none(key, "signs_until", where),
    )
    if record.algorithm not in ALGORITHMS:
        raise InvalidKeyRing.field(f"algorithm in {where}", " or ".join(ALGORITHMS))
    if _public_der(record.public_key) is None:
        raise InvalidKeyRing.field(f"public_key in {where}", _PUBLIC_KEY_SHAPE)
    if record.key_pair_id is not None and not re.fullmatch(KEY_PAIR_ID, record.key_pair_id):
        raise InvalidKeyRing.field(f"key_pair_id in {where}", "a CloudFront public key ID")
    return record


def _public_der(pem: str) -> bytes | None:
    if not (pem.startswith(_PUBLIC_HEAD) and pem.endswith(_PUBLIC_FOOT)):
        return None
    body = pem.removeprefix(_PUBLIC_HEAD).removesuffix(_PUBLIC_FOOT)
    with suppress(ValueError):
        return base64.b64decode(body.replace("\n", ""), validate=True)
    return None
