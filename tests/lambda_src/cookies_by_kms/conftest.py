"""The cookie function, from its sources and as inline code."""

from typing import Any

import pytest

from cookies import answer
from cookies_by_kms import kms_signer
from tests.lambda_src.cookies_by_kms.kms import Function
from tests.lambda_src.inlined import inlined


@pytest.fixture(params=["sources", "inlined"])
def function(request: pytest.FixtureRequest) -> Function:
    """A new execution environment of the function, with one RSA key."""
    code: Any = inlined("cookies_by_kms")
    if request.param == "sources":
        return Function(answer=answer.answer, signer=kms_signer.KmsSigner)
    return Function(answer=code.answer, signer=code.KmsSigner)
