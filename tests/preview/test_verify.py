"""`protected-stream verify` in the preview: no false alarm for any example."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from protected_stream.verify.promises import PROMISES, verdicts
from protected_stream.verify.viewers import NoViewer, signed_in
from tests.conftest import STREAMS
from tests.mutation.noticeable import ONLY_THE_PREVIEW, found_by_verify, noticeable
from tests.mutation.operators import Mutation
from tests.preview.signed_streams import EMAIL, PASSWORD, on_air
from tests.preview.visits import playable, viewer_of, visit

NOTICED = [one for one in noticeable() if one.place not in ONLY_THE_PREVIEW]
SAMPLE = random.Random(7).sample(NOTICED, 4)  # noqa: S311 - the same in every run
TRIED = [one for one in PROMISES if one.id not in ("current-tls", "rotation")]
"""The preview knows neither TLS 1.1 nor when a rotation is due; tests/unit/verify does."""


@pytest.mark.parametrize("name", STREAMS)
def test_a_viewer_is_rejected_signs_in_and_watches_without_a_false_alarm(
    name: str, tmp_path: Path
) -> None:
    with on_air(name, tmp_path) as live:
        assert {live.browser.get(address).status_code for address in live.media} == {403}
        live.browser.sign_in(EMAIL, live.account.mailbox[EMAIL], new_password=PASSWORD)
        viewer = viewer_of(live.browser)
        assert {live.browser.get(address).status_code for address in live.media} == {200}
        live.account.media.source = playable
        visiting = visit(live.account, live.stack.outputs, viewer)
        found = list(verdicts(visiting, TRIED))
        assert [f"{one.promise.id}: {one.why}" for one in found if one.state == "broken"] == []
        left_out = {one.promise.id for one in found if one.state == "not tried"}
        assert left_out <= {"one-name", "trusted-key", "filters"}, left_out


def test_a_viewer_signs_in_for_it(tmp_path: Path) -> None:
    """The address that the viewer pastes is the one that the sign-in leads to."""
    with on_air("default", tmp_path) as live:
        live.browser.sign_in(EMAIL, live.account.mailbox[EMAIL], new_password=PASSWORD)

        def ask(url: str) -> str:
            return live.browser.followed(live.browser.get(url)).headers["Location"]

        stranger = visit(live.account, live.stack.outputs)
        viewer = signed_in(stranger, ask)
        assert replace(stranger, viewer=viewer).watch(stranger.manifests[0]).is_served
        with pytest.raises(NoViewer, match="has no code of this sign-in"):
            signed_in(stranger, lambda _: stranger.watch_address)


@pytest.mark.parametrize("mutation", SAMPLE, ids=str)
def test_a_mutation_is_found(mutation: Mutation, built: Path) -> None:
    """tests/mutation/test_verify.py tries them all."""
    assert found_by_verify(mutation.template, built) != []
