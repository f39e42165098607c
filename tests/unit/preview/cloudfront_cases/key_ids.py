"""Which key pair may sign for which cache behavior."""

from tests.unit.preview.cloudfront_cases.row import Row, Saying
from tests.unit.preview.cloudfront_cases.setting import (
    HOST,
    IDLE_ECDSA,
    LIVE_ECDSA,
    LIVE_GROUP,
    LIVE_RSA,
    PARTNER,
    PARTNER_RSA,
    SELF_RSA,
    SPARE_RSA,
    STRANGER_RSA,
    VOD_ECDSA,
    VOD_RSA,
)
from tests.unit.preview.cloudfront_cases.signing import custom_cookies, custom_url, policy

PAGE = "private-content-setting-signed-cookie-custom-policy"
SIGNERS = "private-content-trusted-signers"

IN_GROUP = Saying(
    PAGE,
    "CloudFront-Key-Pair-Id: This public key must belong to a key group that is a trusted signer "
    "in the distribution.",
)
OTHER_BEHAVIOR = Saying(
    SIGNERS,
    "A signer can only sign URLs or cookies for files that are associated with the corresponding "
    "cache behaviors. If you have one signer for one cache behavior and a different signer for a "
    "different cache behavior, neither signer can create signed URLs or cookies for files that "
    "are associated with the other cache behavior.",
)
ACCOUNT = Saying(
    "private-content-creating-signed-url-custom-policy",
    "The key pair ID that you include must be the ID of an active key pair for one of your "
    "trusted signers: the key pair must be associated with an AWS account that is one of the "
    "trusted signers for the applicable cache behavior.",
)
WHICH = Saying(
    PAGE,
    "The public key ID tells CloudFront which public key to use to validate the signed URL.",
)
_LIVE = (LIVE_RSA, LIVE_ECDSA)
_VOD = (VOD_RSA, VOD_ECDSA)
_ALL = (*_LIVE, *_VOD, SPARE_RSA, IDLE_ECDSA, SELF_RSA, PARTNER_RSA, STRANGER_RSA)

# A path of each protected cache behavior, the sentence, and the key pairs that may sign for it.
_TRUST = (
    ("/live/1.ts", OTHER_BEHAVIOR, _LIVE),
    ("/vod/1.ts", OTHER_BEHAVIOR, _VOD),
    ("/both/1.ts", IN_GROUP, (*_LIVE, *_VOD)),
    ("/self/1.ts", ACCOUNT, (SELF_RSA,)),
    ("/partner/1.ts", ACCOUNT, (PARTNER_RSA,)),
    ("/index.m3u8", OTHER_BEHAVIOR, _LIVE),
)
# The key pair that signs, and what the cookie says instead of its id.
_MISNAMED = (
    (LIVE_RSA, "the other key of the group", LIVE_ECDSA),
    (LIVE_ECDSA, "the other key of the group", LIVE_RSA),
    (SPARE_RSA, "a trusted key", LIVE_RSA),
    (STRANGER_RSA, "a trusted key", LIVE_RSA),
    (VOD_RSA, "a trusted key", LIVE_RSA),
    (LIVE_RSA, "a key of another group", VOD_RSA),
    (LIVE_RSA, "a key that CloudFront does not know", STRANGER_RSA),
    (LIVE_RSA, "nothing", ""),
    (LIVE_RSA, "its id in small letters", LIVE_RSA.lower()),
    (LIVE_RSA, "its id without the last character", LIVE_RSA[:-1]),
    (LIVE_RSA, "its id with a character more", LIVE_RSA + "1"),
    (LIVE_RSA, "its id's first letter", LIVE_RSA[0]),
    (LIVE_RSA, "its key group", LIVE_GROUP),
    (LIVE_RSA, "a wildcard", "*"),
    (PARTNER_RSA, "its account", PARTNER),
    (SELF_RSA, "the word self", "self"),
)

ROWS: tuple[Row, ...] = (
    *(
        saying.row(
            f"cookies by {key} for {path}",
            f"https://{HOST}{path}",
            custom_cookies(policy(f"https://{HOST}/*"), key),
            allowed=key in trusted,
        )
        for path, saying, trusted in _TRUST
        for key in _ALL
    ),
    *(
        saying.row(
            f"a URL signed by {key} for {path}",
            custom_url(f"https://{HOST}{path}", policy(f"https://{HOST}/*"), key),
            allowed=key in trusted,
        )
        for path, saying, trusted in _TRUST[:5]
        for key in (LIVE_RSA, VOD_ECDSA, SELF_RSA, PARTNER_RSA)
    ),
    *(
        WHICH.row(
            f"cookies by {key} that name {what}",
            f"https://{HOST}/live/1.ts",
            custom_cookies(policy(f"https://{HOST}/*"), key) | {"CloudFront-Key-Pair-Id": named},
            allowed=False,
        )
        for key, what, named in _MISNAMED
    ),
)
