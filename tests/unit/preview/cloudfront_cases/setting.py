"""The distribution, its keys and the moment in which every row takes place, as data."""

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

HOST = "d111111abcdef8.cloudfront.net"
ALIAS = "live.example.com"
NOW = 1_790_000_000
"""The moment of a request that names no other, in epoch seconds (21 September 2026)."""
LATER = NOW + 3600
VIEWER = "203.0.113.7"

ACCOUNT = "111122223333"
"""The account that owns the distribution: `self` among its trusted signers."""
PARTNER = "444455556666"

Signer = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

LIVE_RSA = "K2LIVERSA00001"
LIVE_ECDSA = "K2LIVEECDSA001"
VOD_RSA = "K2VODRSA000001"
VOD_ECDSA = "K2VODECDSA0001"
SPARE_RSA = "K2SPARERSA0001"
"""A public key of the account that stands in no key group."""
IDLE_ECDSA = "K2IDLEECDSA001"
"""A public key in a key group that no cache behavior trusts."""
SELF_RSA = "APKASELFRSA000000001"
PARTNER_RSA = "APKAPARTNERRSA000001"
STRANGER_RSA = "K2STRANGER0001"
"""A key pair that CloudFront never heard of."""


def _private_key(name: str) -> Signer:
    pem = (Path(__file__).parent / f"test-only-{name}.pem").read_bytes()
    key = serialization.load_pem_private_key(
        pem,
        password=None,
        # The files are ours and the check takes longer than every signature together.
        unsafe_skip_rsa_key_validation=True,
    )
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise TypeError(f"test-only-{name}.pem must hold an RSA or an elliptic-curve key.")
    return key


PRIVATE_KEYS: dict[str, Signer] = {
    LIVE_RSA: _private_key("live-rsa"),
    LIVE_ECDSA: _private_key("live-ecdsa"),
    VOD_RSA: _private_key("vod-rsa"),
    VOD_ECDSA: _private_key("vod-ecdsa"),
    SPARE_RSA: _private_key("spare-rsa"),
    IDLE_ECDSA: _private_key("idle-ecdsa"),
    SELF_RSA: _private_key("self-rsa"),
    PARTNER_RSA: _private_key("partner-rsa"),
    STRANGER_RSA: _private_key("stranger-rsa"),
}


def _public_pem(key_pair_id: str) -> str:
    public = PRIVATE_KEYS[key_pair_id].public_key()
    return public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode("ascii")


LIVE_GROUP = "11111111-1111-4111-8111-111111111111"
VOD_GROUP = "22222222-2222-4222-8222-222222222222"
IDLE_GROUP = "33333333-3333-4333-8333-333333333333"

KEY_GROUPS: dict[str, list[str]] = {
    LIVE_GROUP: [LIVE_RSA, LIVE_ECDSA],
    VOD_GROUP: [VOD_RSA, VOD_ECDSA],
    IDLE_GROUP: [IDLE_ECDSA],
}
PUBLIC_KEYS: dict[str, str] = {
    key_pair_id: _public_pem(key_pair_id)
    for key_pair_id in (LIVE_RSA, LIVE_ECDSA, VOD_RSA, VOD_ECDSA, SPARE_RSA, IDLE_ECDSA)
}
SIGNER_KEYS: dict[str, dict[str, str]] = {
    ACCOUNT: {SELF_RSA: _public_pem(SELF_RSA)},
    PARTNER: {PARTNER_RSA: _public_pem(PARTNER_RSA)},
}

READ = ("GET", "HEAD")
ASK = ("GET", "HEAD", "OPTIONS")
ALL = ("GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE")

Behavior = dict[str, object]


def _behavior(methods: tuple[str, ...], **signers: list[str]) -> Behavior:
    return {
        "TargetOriginId": "media",
        "ViewerProtocolPolicy": "https-only",
        "AllowedMethods": list(methods),
        "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
        **signers,
    }


CACHE_BEHAVIORS: list[Behavior] = [
    {"PathPattern": pattern, **behavior}
    for pattern, behavior in (
        ("/live/free/*", _behavior(READ)),
        ("/live/*", _behavior(READ, TrustedKeyGroups=[LIVE_GROUP])),
        # Without its slash: CloudFront reads `vod/*` and `/vod/*` alike.
        ("vod/*", _behavior(ASK, TrustedKeyGroups=[VOD_GROUP])),
        ("/both/*", _behavior(READ, TrustedKeyGroups=[LIVE_GROUP, VOD_GROUP])),
        ("/self/*", _behavior(READ, TrustedSigners=["self"])),
        ("/partner/*", _behavior(ASK, TrustedSigners=[PARTNER])),
        ("/upload/*", _behavior(ALL, TrustedKeyGroups=[LIVE_GROUP])),
        ("/clip?/*", _behavior(READ, TrustedKeyGroups=[LIVE_GROUP])),
        ("*.m3u8", _behavior(READ, TrustedKeyGroups=[LIVE_GROUP])),
        ("/open/*", _behavior(ASK)),
        ("*.key", _behavior(READ, TrustedKeyGroups=[VOD_GROUP])),
        ("*.txt", _behavior(READ)),
    )
]

DISTRIBUTION: dict[str, object] = {
    "Enabled": True,
    "IPV6Enabled": True,
    "Aliases": [ALIAS],
    "Origins": [
        {
            "Id": "media",
            "DomainName": "media.example.com",
            "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"},
        }
    ],
    "CacheBehaviors": CACHE_BEHAVIORS,
    "DefaultCacheBehavior": _behavior(ASK),
}
"""A `DistributionConfig` of CloudFormation, without intrinsic functions."""
