"""Sample parameter values, for an operator without an AWS account."""

import pytest

from preview.cli.sample_parameters import SAMPLE_VALUES, with_sample_values
from preview.cloudformation.parameters import parameter_values
from preview.errors import PreviewError
from tests.conftest import Document
from tests.preview.signer import VECTORS

KEY = (VECTORS / "test-only-rsa-2048.pem").read_text("utf-8")
SIGNER = {name: {"Type": "String"} for name in ("PrivateKeyString", "KeyPairId")}


def test_every_template_can_be_previewed_without_parameters(any_template: Document) -> None:
    """Except for a private key whose public key is in the template."""
    declared = any_template["Parameters"]
    knows_a_key = "PrivateKeyString" in declared and "KeyPairId" not in declared
    given = {"PrivateKeyString": KEY} if knows_a_key else {}
    values = parameter_values(declared, with_sample_values(declared, given))
    someone = "ViewerEmail" if "ViewerEmail" in declared else "ExistingUserPoolArn"
    assert values[someone] == SAMPLE_VALUES[someone]


def test_given_values_have_precedence_even_if_empty(default: Document) -> None:
    given = {"ViewerEmail": "", "StreamKey": "another-key-0123456"}
    values = with_sample_values(default["Parameters"], given)
    assert values.items() >= given.items()


def test_only_parameters_of_the_template_get_sample_values() -> None:
    assert with_sample_values({"Kind": {"Default": "a"}, "InputCidr": {}}, {}) == {
        "InputCidr": SAMPLE_VALUES["InputCidr"]
    }


def test_a_parameter_without_default_and_sample_value_is_required() -> None:
    with pytest.raises(PreviewError) as refusal:
        with_sample_values({"Vpc": {"Type": "String"}}, {})
    assert str(refusal.value) == (
        "Vpc has no default, and the preview has no sample value for it: pass Vpc=Value."
    )


def test_a_root_users_key_pair_is_generated() -> None:
    values = with_sample_values(SIGNER, {})
    assert values["KeyPairId"] == "APKAPREVIEW0000000001"
    assert values["PrivateKeyString"].startswith("-----BEGIN PRIVATE KEY-----\n")


@pytest.mark.parametrize("name", SIGNER)
def test_one_parameter_of_a_key_pair_can_be_given(name: str) -> None:
    values = with_sample_values(SIGNER, {name: "given"})
    assert values[name] == "given"
    assert values.keys() == SIGNER.keys()


def test_the_private_key_for_a_public_key_in_the_template_is_required() -> None:
    with pytest.raises(PreviewError) as refusal:
        with_sample_values({"PrivateKeyString": {"Type": "String"}}, {})
    assert str(refusal.value) == (
        "PrivateKeyString has no sample value: pass the private key that matches one of"
        " signing.public_keys, as PrivateKeyString=@path/to/key.pem or PrivateKeyString=Value."
    )
