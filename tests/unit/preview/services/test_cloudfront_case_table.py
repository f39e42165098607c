"""The table of CloudFront cases is consistent, independently of the preview's edge."""

import base64
import fnmatch
import importlib
import pkgutil
from collections import Counter
from functools import cache
from itertools import chain
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from tests.conftest import CHECKOUT
from tests.unit.preview import cloudfront_cases
from tests.unit.preview.cloudfront_cases.row import Row
from tests.unit.preview.cloudfront_cases.setting import (
    ACCOUNT,
    ALIAS,
    DISTRIBUTION,
    HOST,
    KEY_GROUPS,
    PUBLIC_KEYS,
    SIGNER_KEYS,
)

SIGNING = ("Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm")
HASHES: dict[str, hashes.HashAlgorithm] = {
    "SHA1": hashes.SHA1(),  # noqa: S303 - CloudFront's default
    "SHA256": hashes.SHA256(),
}
KEYS = PUBLIC_KEYS | {name: pem for keys in SIGNER_KEYS.values() for name, pem in keys.items()}

Behavior = dict[str, Any]


def _themes() -> tuple[ModuleType, ...]:
    names = [module.name for module in pkgutil.iter_modules(cloudfront_cases.__path__)]
    modules = (importlib.import_module(f"{cloudfront_cases.__name__}.{name}") for name in names)
    return tuple(module for module in modules if hasattr(module, "ROWS"))


def _behaviors() -> list[Behavior]:
    config: dict[str, Any] = DISTRIBUTION
    return [*config["CacheBehaviors"], {"PathPattern": "*", **config["DefaultCacheBehavior"]}]


def _behavior(row: Row) -> Behavior:
    """The first cache behavior whose pattern matches; these patterns contain no brackets."""
    path = urlsplit(row.url).path.removeprefix("/")
    return next(
        behavior
        for behavior in _behaviors()
        if fnmatch.fnmatchcase(path, behavior["PathPattern"].removeprefix("/"))
    )


def _trusted(behavior: Behavior) -> set[str]:
    groups = (KEY_GROUPS[group] for group in behavior.get("TrustedKeyGroups", []))
    accounts = (
        SIGNER_KEYS[ACCOUNT if account == "self" else account]
        for account in behavior.get("TrustedSigners", [])
    )
    return set(chain.from_iterable((*groups, *accounts)))


@cache
def _public_key(key_pair_id: str) -> rsa.RSAPublicKey | ec.EllipticCurvePublicKey:
    key = serialization.load_pem_public_key(KEYS[key_pair_id].encode("ascii"))
    assert isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey)
    return key


def _octets(text: str) -> bytes:
    return base64.b64decode(text.translate(str.maketrans("-_~", "+=/")), validate=True)


def _said(row: Row) -> dict[str, str]:
    """The signature parameters in the URL, or otherwise in the cookies."""
    query = dict(parse_qsl(urlsplit(row.url).query, keep_blank_values=True))
    in_url = {name: value for name, value in query.items() if name in SIGNING}
    return in_url or {name: row.cookies.get(f"CloudFront-{name}", "") for name in SIGNING}


def _signed_text(row: Row, said: dict[str, str]) -> bytes:
    if policy := said.get("Policy"):
        return _octets(policy)
    base, _, query = row.url.partition("?")
    own = "&".join(part for part in query.split("&") if part.partition("=")[0] not in SIGNING)
    url = f"{base}?{own}" if own else base
    condition = f'{{"DateLessThan":{{"AWS:EpochTime":{said["Expires"]}}}}}'
    return f'{{"Statement":[{{"Resource":"{url}","Condition":{condition}}}]}}'.encode()


def _verify(row: Row) -> None:
    said = _said(row)
    signature, text = _octets(said["Signature"]), _signed_text(row, said)
    algorithm = HASHES[said.get("Hash-Algorithm") or "SHA1"]
    key = _public_key(said["Key-Pair-Id"])
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, text, padding.PKCS1v15(), algorithm)
    else:
        key.verify(signature, text, ec.ECDSA(algorithm))


SIGNED_AND_ALLOWED = tuple(
    row
    for row in cloudfront_cases.ROWS
    if row.allowed and row.method != "OPTIONS" and _trusted(_behavior(row))
)


def test_the_table_has_as_many_rows_as_the_docs_say() -> None:
    docs = (CHECKOUT / "docs" / "verification.md").read_text("utf-8")
    assert f"| {len(cloudfront_cases.ROWS)} cases, each quoting" in docs


def test_the_table_contains_every_row_of_every_theme() -> None:
    of_themes = [row.name for theme in _themes() for row in theme.ROWS]
    assert sorted(of_themes) == sorted(row.name for row in cloudfront_cases.ROWS)


def test_every_row_has_a_unique_name() -> None:
    names = Counter(row.name for row in cloudfront_cases.ROWS)
    assert [name for name, count in names.items() if count > 1] == []


def test_the_same_request_has_one_result() -> None:
    answers: dict[object, set[bool]] = {}
    for row in cloudfront_cases.ROWS:
        request = (row.method, row.url, tuple(sorted(row.cookies.items())), row.viewer, row.at)
        answers.setdefault(request, set()).add(row.allowed)
    assert [request for request, said in answers.items() if len(said) > 1] == []


@pytest.mark.parametrize("theme", _themes(), ids=lambda theme: theme.__name__.rpartition(".")[2])
def test_every_theme_has_allowed_and_rejected_requests(theme: ModuleType) -> None:
    assert {row.allowed for row in theme.ROWS} == {True, False}


def test_every_row_has_a_sentence_and_its_page() -> None:
    pages = ("https://docs.aws.amazon.com/", "https://www.rfc-editor.org/rfc/")
    without = [
        row for row in cloudfront_cases.ROWS if not row.sentence or not row.source.startswith(pages)
    ]
    assert without == []


def test_every_request_goes_to_the_distribution() -> None:
    addressed = {
        (urlsplit(row.url).scheme, urlsplit(row.url).netloc) for row in cloudfront_cases.ROWS
    }
    assert addressed == {("https", HOST), ("https", ALIAS)}


def test_every_cache_behavior_is_reached() -> None:
    reached = {_behavior(row)["PathPattern"] for row in cloudfront_cases.ROWS}
    assert reached == {behavior["PathPattern"] for behavior in _behaviors()}


def test_every_request_uses_a_method_that_its_cache_behavior_allows() -> None:
    others = [
        row for row in cloudfront_cases.ROWS if row.method not in _behavior(row)["AllowedMethods"]
    ]
    assert others == []


def test_every_signature_of_an_allowed_row_is_by_a_trusted_key() -> None:
    others = [
        row
        for row in SIGNED_AND_ALLOWED
        if _said(row)["Key-Pair-Id"] not in _trusted(_behavior(row))
    ]
    assert others == []


@pytest.mark.parametrize("row", SIGNED_AND_ALLOWED, ids=lambda row: row.name)
def test_every_signature_of_an_allowed_row_verifies(row: Row) -> None:
    """`cryptography` raises InvalidSignature if it does not."""
    _verify(row)
