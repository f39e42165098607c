"""The methods whose requests need a signature."""

from tests.unit.preview.cloudfront_cases.row import Row, Saying
from tests.unit.preview.cloudfront_cases.setting import HOST, LIVE_RSA, NOW, PARTNER_RSA, VOD_RSA
from tests.unit.preview.cloudfront_cases.signing import custom_cookies, policy

OPTIONS = Saying(
    "private-content-signed-cookies",
    "CloudFront doesn't check signed cookies in OPTIONS requests.",
)
REQUIRED = Saying(
    "private-content-trusted-signers",
    "After you add a signer to a cache behavior, users must use signed URLs or signed cookies to "
    "access the files that are associated with the cache behavior.",
)
VALID = Saying(
    "private-content-signed-cookies",
    "If the request meets the requirements in the policy statement, CloudFront serves your "
    "content as it does for content that isn't restricted.",
)

_KEYS = {"/live/1.ts": LIVE_RSA, "/vod/1.ts": VOD_RSA, "/partner/1.ts": PARTNER_RSA}
_WRITING = ("PUT", "POST", "PATCH", "DELETE")
_UPLOAD = "/upload/1.ts"


def _cookies(path: str, until: int = NOW + 60, key: str | None = None) -> dict[str, str]:
    return custom_cookies(policy(f"https://{HOST}{path}", until), key or _KEYS.get(path, LIVE_RSA))


ROWS: tuple[Row, ...] = (
    *(
        OPTIONS.row(
            f"OPTIONS for {path} with {what}",
            f"https://{HOST}{path}",
            cookies,
            method="OPTIONS",
            allowed=True,
        )
        for path in ("/vod/1.ts", "/partner/1.ts", _UPLOAD)
        for what, cookies in (
            ("no cookies", None),
            ("good cookies", _cookies(path)),
            ("cookies that ended", _cookies(path, NOW - 1)),
            ("a forged signature", _cookies(path) | {"CloudFront-Signature": "AAAA"}),
        )
    ),
    *(
        REQUIRED.row(
            f"{method} for {path} with no cookies",
            f"https://{HOST}{path}",
            method=method,
            allowed=False,
        )
        for path, methods in (
            ("/vod/1.ts", ("HEAD",)),
            ("/live/1.ts", ("HEAD",)),
            (_UPLOAD, ("HEAD", *_WRITING)),
        )
        for method in methods
    ),
    *(
        VALID.row(
            f"{method} for {path} with good cookies",
            f"https://{HOST}{path}",
            _cookies(path),
            method=method,
            allowed=True,
        )
        for path, methods in (
            ("/vod/1.ts", ("GET", "HEAD")),
            ("/live/1.ts", ("GET", "HEAD")),
            ("/partner/1.ts", ("GET", "HEAD")),
            (_UPLOAD, ("GET", "HEAD", *_WRITING)),
        )
        for method in methods
    ),
    *(
        REQUIRED.row(
            f"{method} for {_UPLOAD} with cookies that {what}",
            f"https://{HOST}{_UPLOAD}",
            cookies,
            method=method,
            allowed=False,
        )
        for method in ("HEAD", "POST", "DELETE")
        for what, cookies in (
            ("ended", _cookies(_UPLOAD, NOW - 1)),
            ("are for another file", _cookies("/upload/2.ts")),
            ("another group signed", _cookies(_UPLOAD, key=VOD_RSA)),
        )
    ),
    *(
        REQUIRED.row(
            f"HEAD for {path} with cookies that ended",
            f"https://{HOST}{path}",
            _cookies(path, NOW - 1),
            method="HEAD",
            allowed=False,
        )
        for path in _KEYS
    ),
)
