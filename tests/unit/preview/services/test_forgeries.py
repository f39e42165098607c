"""Any change to a valid set of signed cookies is rejected."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from preview.services.edge.request_policies import CACHING_OPTIMIZED
from tests.preview.edges import an_edge, viewer_asks
from tests.preview.signer import ECDSA_P256, HOST, NOW, PEMS, RSA, encoded, policy, signed

UNTIL = NOW + 3600
CONFIG: Mapping[str, Any] = {
    "Enabled": True,
    "Origins": [{"Id": "media", "DomainName": "media.example.com", "S3OriginConfig": {}}],
    "DefaultCacheBehavior": {
        "TargetOriginId": "media",
        "ViewerProtocolPolicy": "allow-all",
        "CachePolicyId": CACHING_OPTIMIZED,
        "TrustedKeyGroups": ["group"],
    },
}


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A viewer's request and its time."""

    cookies: Mapping[str, str]
    url: str = f"https://{HOST}/out/v1/live/index.m3u8"
    now: float = NOW

    def status(self) -> int:
        """The status of the edge's response."""
        edge = an_edge(CONFIG, key_groups={"group": PEMS}, clock=lambda: self.now)
        return edge.answer(viewer_asks(self.url, cookies=self.cookies)).status_code


KINDS = [(key, algorithm) for key in (RSA, ECDSA_P256) for algorithm in ("SHA1", "SHA256")]
SETS = [
    # one set of each kind, each with its own policy; base64 with and without padding
    signed(policy(f"https://{HOST}/out/v1/{'*' * (i + 1)}"), key=key, algorithm=algorithm)
    for i, (key, algorithm) in enumerate(KINDS)
]
POLICY, SIGNATURE, KEY, HASH = SETS[0]
VISIBLE = st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=";")
"""Characters allowed in a cookie's value: `;` and white space end it."""
Draw = Callable[[st.SearchStrategy[Any]], Any]


def a_changed_character(draw: Draw, cookies: Mapping[str, str]) -> dict[str, str]:
    name = draw(st.sampled_from([POLICY, SIGNATURE, KEY, HASH]))
    value = cookies[name]
    at = draw(st.integers(0, len(value) - 1))
    return {name: value[:at] + draw(VISIBLE) + value[at + 1 :]}


def a_changed_bit(draw: Draw, cookies: Mapping[str, str]) -> dict[str, str]:
    name = draw(st.sampled_from([POLICY, SIGNATURE]))
    content = bytearray(_decoded(cookies[name]))
    bit = draw(st.integers(0, len(content) * 8 - 1))
    content[bit // 8] ^= 1 << bit % 8
    return {name: encoded(bytes(content))}


def a_value_of_another_set(draw: Draw, _: Mapping[str, str]) -> dict[str, str]:
    other = draw(st.sampled_from(SETS))
    name = draw(st.sampled_from([POLICY, SIGNATURE, KEY, HASH]))
    return {name: other[name]}


def another_hash_algorithm(draw: Draw, _: Mapping[str, str]) -> dict[str, str]:
    names = st.sampled_from(["SHA1", "SHA256", "sha1", "sha256", "SHA-256", "SHA512", "MD5", ""])
    return {HASH: draw(names | st.text(VISIBLE))}


def another_key_pair_id(draw: Draw, _: Mapping[str, str]) -> dict[str, str]:
    return {KEY: draw(st.sampled_from([RSA, ECDSA_P256, "", RSA.lower()]) | st.text(VISIBLE))}


def more_characters(draw: Draw, cookies: Mapping[str, str]) -> dict[str, str]:
    name = draw(st.sampled_from([POLICY, SIGNATURE, KEY, HASH]))
    more = draw(st.text(VISIBLE, min_size=1, max_size=8))
    return {name: draw(st.sampled_from([more + cookies[name], cookies[name] + more]))}


def more_bytes(draw: Draw, cookies: Mapping[str, str]) -> dict[str, str]:
    name = draw(st.sampled_from([POLICY, SIGNATURE]))
    content, more = _decoded(cookies[name]), draw(st.binary(min_size=1, max_size=8))
    return {name: encoded(draw(st.sampled_from([more + content, content + more])))}


def another_encoding(draw: Draw, cookies: Mapping[str, str]) -> dict[str, str]:
    name = draw(st.sampled_from([POLICY, SIGNATURE]))
    content = _decoded(cookies[name])
    encodings = [
        base64.b64encode(content).decode(),
        base64.urlsafe_b64encode(content).decode(),
        cookies[name].rstrip("_"),
        cookies[name] + "____",
        cookies[name].replace("_", "%5F"),
        f'"{cookies[name]}"',
        encoded(cookies[name].encode()),
        content.hex(),
    ]
    return {name: draw(st.sampled_from(encodings))}


def another_spelling_of_the_policy(draw: Draw, cookies: Mapping[str, str]) -> dict[str, str]:
    content = _decoded(cookies[POLICY])
    spellings = [
        content + b"\n",
        content.replace(b":", b": "),
        content.replace(b"/", b"\\/"),
        content.replace(b"out", b"\\u006fut"),
        content.replace(b'"Condition"', b'"Condition":{},"Condition"'),
        content.replace(str(UNTIL).encode(), str(UNTIL + 1).encode()),
        content.decode().encode("utf-16"),
        b"\xef\xbb\xbf" + content,
    ]
    return {POLICY: encoded(draw(st.sampled_from(spellings)))}


CHANGES = [
    a_changed_character,
    a_changed_bit,
    a_value_of_another_set,
    another_hash_algorithm,
    another_key_pair_id,
    more_characters,
    more_bytes,
    another_encoding,
    another_spelling_of_the_policy,
]


def _decoded(text: str) -> bytes:
    return base64.b64decode(text.translate(str.maketrans("-_~", "+=/")))


@pytest.mark.parametrize("cookies", SETS, ids=map(str, KINDS))
def test_unchanged_sets_are_accepted(cookies: Mapping[str, str]) -> None:
    assert Attempt(cookies=cookies).status() == 200


@pytest.mark.parametrize("change", CHANGES)
@given(data=st.data(), cookies=st.sampled_from(SETS))
def test_a_changed_value_is_rejected(
    change: Callable[[Draw, Mapping[str, str]], dict[str, str]],
    data: st.DataObject,
    cookies: Mapping[str, str],
) -> None:
    changed = {**cookies, **change(data.draw, cookies)}
    assume(changed != cookies)
    assert Attempt(cookies=changed).status() == 403


@given(cookies=st.sampled_from(SETS), seconds=st.floats(0, 1e12))
def test_an_expired_set_is_rejected(cookies: Mapping[str, str], seconds: float) -> None:
    assert Attempt(cookies=cookies, now=UNTIL + seconds).status() == 403


@given(
    cookies=st.sampled_from(SETS),
    dropped=st.sets(st.sampled_from([POLICY, SIGNATURE, KEY, HASH]), min_size=1),
)
def test_a_set_without_one_of_its_cookies_is_rejected(
    cookies: Mapping[str, str], dropped: set[str]
) -> None:
    """Except for the hash algorithm SHA1, which is the default."""
    assume(not (dropped == {HASH} and cookies[HASH] == "SHA1"))
    left = {name: value for name, value in cookies.items() if name not in dropped}
    assert Attempt(cookies=left).status() == 403


PATH = st.text(VISIBLE.filter(lambda one: one not in "#"), max_size=30)


@given(
    cookies=st.sampled_from(SETS),
    url=st.one_of(
        PATH.map(lambda path: f"https://{HOST}/out/v2/{path}"),
        PATH.map(lambda path: f"https://{HOST}/{path}"),
        PATH.map(lambda path: f"http://{HOST}/out/v1/{path}"),
        PATH.map(lambda path: f"https://live.example.com/out/v1/{path}"),
        PATH.map(lambda path: f"https://{HOST}.example.com/out/v1/{path}"),
    ),
)
def test_a_url_outside_the_resource_is_rejected(cookies: Mapping[str, str], url: str) -> None:
    assume(not url.startswith(f"https://{HOST}/out/v1/"))
    valid = Attempt(cookies=cookies)
    assert (valid.status(), replace(valid, url=url).status()) == (200, 403)
