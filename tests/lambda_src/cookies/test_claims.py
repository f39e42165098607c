"""Access token claims: who may watch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cookies.claims import objection
from tests.lambda_src.cookies.stream import ACCESS_CLAIMS, CLIENT_ID

WITHOUT = {
    name: {other: value for other, value in ACCESS_CLAIMS.items() if other != name}
    for name in ACCESS_CLAIMS
}


def test_an_access_token_of_this_app_client_may_watch() -> None:
    assert objection(ACCESS_CLAIMS, CLIENT_ID) is None


@pytest.mark.parametrize("name", sorted(ACCESS_CLAIMS.keys() - {"token_use", "client_id"}))
def test_no_other_claim_is_required(name: str) -> None:
    assert objection(WITHOUT[name], CLIENT_ID) is None


@pytest.mark.parametrize(
    ("claims", "field"),
    [
        ({}, "token_use"),
        (WITHOUT["token_use"], "token_use"),
        (ACCESS_CLAIMS | {"token_use": "id"}, "token_use"),
        (ACCESS_CLAIMS | {"token_use": "Access"}, "token_use"),
        (ACCESS_CLAIMS | {"token_use": "access "}, "token_use"),
        (ACCESS_CLAIMS | {"token_use": ""}, "token_use"),
        (ACCESS_CLAIMS | {"token_use": "id", "client_id": "other"}, "token_use"),
        # an ID token names the app client in `aud`
        (WITHOUT["client_id"] | {"token_use": "id", "aud": CLIENT_ID}, "token_use"),
        (WITHOUT["client_id"], "client_id"),
        (WITHOUT["client_id"] | {"aud": CLIENT_ID}, "client_id"),
        (ACCESS_CLAIMS | {"client_id": ""}, "client_id"),
        (ACCESS_CLAIMS | {"client_id": CLIENT_ID.upper()}, "client_id"),
        (ACCESS_CLAIMS | {"client_id": CLIENT_ID + "x"}, "client_id"),
        (ACCESS_CLAIMS | {"client_id": CLIENT_ID[:-1]}, "client_id"),
    ],
)
def test_all_other_claims_are_denied_and_the_objection_names_the_field(
    claims: dict[str, str], field: str
) -> None:
    denied = objection(claims, CLIENT_ID)
    assert denied is not None
    assert denied[0] == field


@given(
    token_use=st.sampled_from(["access", "id", "refresh", ""]) | st.text(),
    client_id=st.sampled_from([CLIENT_ID, "another", ""]) | st.text(),
)
def test_only_both_claims_together_may_watch(token_use: str, client_id: str) -> None:
    claims = {"token_use": token_use, "client_id": client_id}
    watches = token_use == "access" and client_id == CLIENT_ID
    assert (objection(claims, CLIENT_ID) is None) == watches
