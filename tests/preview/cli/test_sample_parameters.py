"""What a person without an AWS account need not give."""

import pytest

from preview.cli.sample_parameters import SAMPLE_VALUES, with_sample_values
from preview.cloudformation.parameters import parameter_values
from preview.errors import PreviewError
from tests.conftest import Document
from tests.preview.signer import VECTORS

KEY = (VECTORS / "test-only-rsa-2048.pem").read_text("utf-8")
SIGNER = {name: {"Type": "String"} for name in ("PrivateKeyString", "KeyPairId")}


def test_every_template_can_be_previewed_without_parameters(any_template: Document) -> None:
    """But for a private key whose public half is in the template."""
    declared = any_template["Parameters"]
    knows_a_key = "PrivateKeyString" in declared and "KeyPairId" not in declared
    given = {"PrivateKeyString": KEY} if knows_a_key else {}
    values = parameter_values(declared, with_sample_values(declared, given))
    assert values["ViewerEmail"] == SAMPLE_VALUES["ViewerEmail"]


def test_what_was_given_counts_even_if_it_is_empty(default: Document) -> None:
    given = {"ViewerEmail": "", "StreamKey": "another-key-0123456"}
    values = with_sample_values(default["Parameters"], given)
    assert values.items() >= given.items()


def test_only_what_the_template_asks_for_is_made_up() -> None:
    assert with_sample_values({"Kind": {"Default": "a"}, "InputCidr": {}}, {}) == {
        "InputCidr": SAMPLE_VALUES["InputCidr"]
    }


def test_what_nobody_can_make_up_is_asked_for() -> None:
    with pytest.raises(PreviewError) as refusal:
        with_sample_values({"Vpc": {"Type": "String"}}, {})
    assert str(refusal.value) == (
        "Vpc has no default, and the preview has no value for it: give it as Vpc=Value."
    )


def test_a_root_user_s_key_pair_is_made_up() -> None:
    values = with_sample_values(SIGNER, {})
    assert values["KeyPairId"] == "APKAPREVIEW0000000001"
    assert values["PrivateKeyString"].startswith("-----BEGIN PRIVATE KEY-----\n")


@pytest.mark.parametrize("name", SIGNER)
def test_half_of_a_key_pair_can_be_given(name: str) -> None:
    values = with_sample_values(SIGNER, {name: "given"})
    assert values[name] == "given"
    assert values.keys() == SIGNER.keys()


def test_the_private_half_of_a_key_of_the_template_is_asked_for() -> None:
    with pytest.raises(PreviewError) as refusal:
        with_sample_values({"PrivateKeyString": {"Type": "String"}}, {})
    assert str(refusal.value) == (
        "PrivateKeyString cannot be made up: give the private half of one of signing.public_keys,"
        " as PrivateKeyString=@path/to/key.pem or PrivateKeyString=Value."
    )
