"""The AWS SDK for JavaScript signs the same cookies; see tests/vectors/README.md."""

import json
from pathlib import Path
from typing import TypedDict

import pytest

from cookies.policy import cookie_text, policy
from cookies.signed_cookies import signed
from cookies.signer import Signer
from shared.private_key import load
from tests.lambda_src.cookies.openssl import decoded, verifies
from tests.lambda_src.shared.key_pairs import spki_pem

VECTORS = Path(__file__).parents[2] / "vectors"


class Vector(TypedDict):
    """The SDK's input, policy and signature."""

    resource: str
    expires: int
    hash_algorithm: str
    key_pair_id: str
    policy: str
    signature: str


_FILE = json.loads((VECTORS / "cookies.json").read_text())
RSA_VECTORS: list[Vector] = _FILE["rsa"]
ECDSA_VECTORS: list[Vector] = _FILE["ecdsa"]
RSA = load((VECTORS / "test-only-rsa-2048.pem").read_text())
ECDSA = load((VECTORS / "test-only-ecdsa-p256.pem").read_text())


def name(vector: Vector) -> str:
    return f"{vector['hash_algorithm']} {vector['expires']} {vector['resource'][:60]}"


@pytest.mark.parametrize("vector", RSA_VECTORS, ids=name)
def test_our_rsa_cookies_match_the_sdks_byte_for_byte(vector: Vector) -> None:
    signer = Signer(
        key_pair_id=vector["key_pair_id"],
        hash_algorithm=vector["hash_algorithm"],
        private_key=RSA,
    )
    cookies = signed(signer, media_url=vector["resource"], expires=vector["expires"])
    assert dict(cookies) == {
        "CloudFront-Policy": vector["policy"],
        "CloudFront-Signature": vector["signature"],
        "CloudFront-Key-Pair-Id": vector["key_pair_id"],
        "CloudFront-Hash-Algorithm": vector["hash_algorithm"],
    }


@pytest.mark.parametrize("vector", ECDSA_VECTORS, ids=name)
def test_the_sdks_ecdsa_signature_is_valid_for_our_policy(vector: Vector, tmp_path: Path) -> None:
    message = policy(vector["resource"], vector["expires"])
    assert cookie_text(message) == vector["policy"]
    assert verifies(
        message,
        decoded(vector["signature"]),
        public_key=spki_pem(ECDSA),
        hash_algorithm="SHA256",
        folder=tmp_path,
    )


def test_the_vectors_were_made_with_the_pinned_sdk() -> None:
    pinned = json.loads((VECTORS / "package.json").read_text())["dependencies"]
    assert [f"{package} {version}" for package, version in pinned.items()] == [_FILE["made_with"]]


def test_the_vectors_cover_both_hashes_wildcards_queries_and_long_paths() -> None:
    assert {vector["hash_algorithm"] for vector in RSA_VECTORS} == {"SHA256", "SHA1"}
    resources = [vector["resource"] for vector in RSA_VECTORS]
    assert any(resource.endswith("/*") for resource in resources)
    assert any("?start=" in resource for resource in resources)
    assert any(len(resource) > 400 for resource in resources)
    assert len({vector["expires"] for vector in RSA_VECTORS}) > 4
