"""Two acts on the keys at the same time: a sample of tests/preview/test_key_interleavings.py."""

from tests.lambda_src.signing_key.interleavings import SILENT, STUCK, grid, judged, sample

CELLS = 40


def test_the_signer_is_trusted_or_an_act_fails_and_can_be_repeated() -> None:
    cells = list(grid())
    counts = judged(sample(cells, CELLS, "interleavings"))
    print(f"{len(cells)} interleavings, of which {CELLS}: {dict(counts)}")
    assert (counts[SILENT], counts[STUCK]) == (0, 0)
