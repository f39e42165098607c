"""The edge decides as AWS's documentation says, and accepts the SDK's cookies."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.preview.edges import an_edge, behaving, viewer_asks
from tests.preview.signer import PEMS, VECTORS
from tests.unit.preview.cloudfront_cases import ROWS, setting
from tests.unit.preview.cloudfront_cases.row import Row

LAST = 2**31 - 1
KEYS = setting.PUBLIC_KEYS
GROUPS = {
    group: {key_pair_id: KEYS[key_pair_id] for key_pair_id in key_pair_ids}
    for group, key_pair_ids in setting.KEY_GROUPS.items()
}
SIGNERS = {**setting.SIGNER_KEYS, "self": setting.SIGNER_KEYS[setting.ACCOUNT]}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_edge_responds_as_documented(row: Row) -> None:
    edge = an_edge(
        setting.DISTRIBUTION, key_groups=GROUPS, signer_keys=SIGNERS, clock=lambda: row.at
    )
    request = viewer_asks(row.url, method=row.method, viewer=row.viewer, cookies=row.cookies)
    is_allowed = edge.answer(request).status_code != 403
    assert is_allowed == row.allowed, f"{row.sentence} ({row.source})"


COOKIES = json.loads((VECTORS / "cookies.json").read_text())
CASES = [*COOKIES["rsa"], *COOKIES["ecdsa"]]
RESTRICTED = behaving(TrustedKeyGroups=["group"])


def status(case: Mapping[str, Any], *, now: float) -> int:
    """The status of a request that the vector's resource matches: * is filled in.

    Its non-ASCII letters are in the URL without encoding, which no browser sends.
    """
    cookies = {
        "CloudFront-Policy": case["policy"],
        "CloudFront-Signature": case["signature"],
        "CloudFront-Key-Pair-Id": case["key_pair_id"],
        "CloudFront-Hash-Algorithm": case["hash_algorithm"],
    }
    edge = an_edge(RESTRICTED, key_groups={"group": PEMS}, clock=lambda: now)
    url = case["resource"].replace("*", "segment.ts")
    return edge.answer(viewer_asks(url, cookies=cookies)).status_code


@pytest.mark.parametrize("case", [one for one in CASES if one["expires"] <= LAST])
def test_the_sdks_cookies_are_valid_until_they_expire(case: Mapping[str, Any]) -> None:
    seconds = (-1, -0.001, 0, 1)
    expected = [200, 200, 403, 403]
    assert [status(case, now=case["expires"] + one) for one in seconds] == expected


@pytest.mark.parametrize("case", [one for one in CASES if one["expires"] > LAST])
def test_the_sdks_cookies_that_expire_after_2038_are_rejected(case: Mapping[str, Any]) -> None:
    """A date "can be no later than 2147483647", though the SDK signs it."""
    assert status(case, now=LAST) == 403
