"""Two acts on the signing keys at the same time: the signer is trusted, or one fails loudly.

Every call of a rotation step, a revocation or an update with another algorithm is a point at which
another such act, or the same event once more, may come between.
"""

import pytest

from tests.lambda_src.signing_key.interleavings import PAUSED, SILENT, STUCK, grid, judged


@pytest.mark.timeout(600)
@pytest.mark.parametrize("paused", PAUSED)
def test_the_signer_is_trusted_or_an_act_fails_and_can_be_repeated(paused: str) -> None:
    counts = judged(list(grid([paused])))
    print(f"{paused}: {counts.total()} interleavings, {dict(counts)}")
    assert counts.total() > 0
    assert (counts[SILENT], counts[STUCK]) == (0, 0)
