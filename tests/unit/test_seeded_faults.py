"""The recorded faults can be made: their lines and tests exist."""

import pytest

from tests.conftest import CHECKOUT
from tests.seeded_faults import Fault, recorded, with_fault


@pytest.mark.parametrize("fault", recorded(), ids=lambda fault: str(fault.file))
def test_its_line_occurs_once_and_its_test_exists(fault: Fault) -> None:
    text = (CHECKOUT / fault.file).read_text("utf-8")
    assert with_fault(text, fault) != text
    file, _, name = fault.caught_by.partition("::")
    assert f"def {name.partition('[')[0]}(" in (CHECKOUT / file).read_text("utf-8")
