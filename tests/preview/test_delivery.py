"""CloudFront public keys, key groups, and distributions in a template, as strict as AWS."""

import re
from base64 import encodebytes
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from preview.account import Account
from preview.cloudformation.stack import Stack
from preview.errors import PreviewError
from preview.hosts.routing import route
from tests.preview.edges import behaving, origin, viewer_asks
from tests.preview.signer import ECDSA_P256, PEMS, RSA, VECTORS, policy, signed

OTHER_ACCOUNT = "210987654321"
PASSED = "passed"
"""The result for an allowed viewer: a 502, since these edges have no origin."""


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as account:
        yield account


@pytest.fixture
def told() -> list[str]:
    """The resource events, in order."""
    return []


@pytest.fixture
def stack(account: Account, told: list[str]) -> Stack:
    return Stack(account=account, say=lambda line: told.append(" ".join(line.split())))


def template(**resources: Any) -> dict[str, Any]:
    return {"Resources": resources}


def config(name: str, pem: str = PEMS[RSA], **changed: str) -> dict[str, str]:
    return {"CallerReference": name, "Name": name, "EncodedKey": pem, **changed}


def key(name: str, pem: str = PEMS[RSA], **changed: str) -> dict[str, Any]:
    return {
        "Type": "AWS::CloudFront::PublicKey",
        "Properties": {"PublicKeyConfig": config(name, pem, **changed)},
    }


def group(*items: Any, name: str = "trusted") -> dict[str, Any]:
    return {
        "Type": "AWS::CloudFront::KeyGroup",
        "Properties": {"KeyGroupConfig": {"Name": name, "Items": list(items)}},
    }


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def distribution(**trusted: list[Any]) -> dict[str, Any]:
    settings = {**behaving(**trusted), "Origins": [origin("page")]}
    return {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": settings}}


def decision(account: Account, key_pair_id: str, signing: str = RSA) -> str:
    """The result for a viewer with cookies signed with a key: PASSED, or the error code."""
    host = account.resources.by_logical_id["Delivery"].attributes["DomainName"]
    until = {"AWS:EpochTime": int(account.clock.now()) + 60}
    cookies = signed(policy(f"https://{host}/*", DateLessThan=until), key=signing)
    cookies["CloudFront-Key-Pair-Id"] = key_pair_id
    response = route(account, viewer_asks(f"https://{host}/live", cookies=cookies))
    if response.status_code == 502:
        return PASSED
    return str(re.findall("<Code>(.*)</Code>", response.get_data(as_text=True))[0])


def refused(stack: Stack, changed: dict[str, Any], words: str) -> None:
    with pytest.raises(PreviewError) as refusal:
        stack.deploy(changed, {})
    assert words in str(refusal.value)


def test_the_keys_in_the_trusted_group_are_accepted(stack: Stack, account: Account) -> None:
    stack.deploy(
        template(
            Rsa=key("rsa"),
            Ecdsa=key("ecdsa", PEMS[ECDSA_P256]),
            Outside=key("outside"),
            Group=group(ref("Rsa"), ref("Ecdsa")),
            Delivery=distribution(TrustedKeyGroups=[ref("Group")]),
        ),
        {},
    )
    of = {name: resource.ref for name, resource in account.resources.by_logical_id.items()}
    assert decision(account, of["Rsa"]) == PASSED
    assert decision(account, of["Ecdsa"], ECDSA_P256) == PASSED
    assert decision(account, of["Rsa"], ECDSA_P256) == "AccessDenied"
    assert decision(account, of["Outside"]) == "InvalidKey"


def test_ref_and_id_are_cloudfronts(stack: Stack, account: Account) -> None:
    outputs = {
        f"{name}{how}": {"Value": value}
        for name in ("Key", "Group")
        for how, value in (("Ref", ref(name)), ("Id", {"Fn::GetAtt": [name, "Id"]}))
    }
    stack.deploy(template(Key=key("one"), Group=group(ref("Key"))) | {"Outputs": outputs}, {})
    (one,) = account.client("cloudfront").list_public_keys()["PublicKeyList"]["Items"]
    (trusted,) = account.client("cloudfront").list_key_groups()["KeyGroupList"]["Items"]
    assert stack.outputs["KeyRef"] == stack.outputs["KeyId"] == one["Id"]
    assert stack.outputs["GroupRef"] == stack.outputs["GroupId"] == trusted["KeyGroup"]["Id"]
    assert trusted["KeyGroup"]["KeyGroupConfig"]["Items"] == [one["Id"]]


def _public(private: PrivateKeyTypes) -> bytes:
    return private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _pem(der: bytes) -> str:
    label = "PUBLIC KEY-----\n"
    return f"-----BEGIN {label}{encodebytes(der).decode()}-----END {label}"


TOO_SMALL = rsa.generate_private_key(65537, 1024)  # noqa: S505 - it is rejected
P_256 = bytes.fromhex("2a8648ce3d030107")
NO_CURVE = bytes.fromhex("2a8648ce3d03010b")


@pytest.mark.parametrize(
    "pem",
    [
        pytest.param("no key", id="no key"),
        pytest.param((VECTORS / "test-only-rsa-2048.pem").read_text("utf-8"), id="private"),
        pytest.param(_pem(_public(TOO_SMALL)), id="RSA 1024"),
        pytest.param(_pem(_public(ec.generate_private_key(ec.SECP384R1()))), id="P-384"),
        pytest.param(
            _pem(_public(ec.generate_private_key(ec.SECP256R1())).replace(P_256, NO_CURVE)),
            id="unknown curve",
        ),
    ],
)
def test_a_key_that_cloudfront_does_not_accept_is_rejected(stack: Stack, pem: str) -> None:
    refused(stack, template(Key=key("one", pem)), "InvalidArgument")


@pytest.mark.parametrize("name", ["CallerReference", "EncodedKey", "Name"])
def test_a_public_key_is_immutable(stack: Stack, name: str) -> None:
    stack.deploy(template(Key=key("one")), {})
    changed = template(Key=key("one", **{name: PEMS[ECDSA_P256]}))
    refused(stack, changed, f"PublicKeyConfig.{name}: CannotChangeImmutablePublicKeyFields")


def test_a_public_keys_comment_can_change(stack: Stack, account: Account, told: list[str]) -> None:
    stack.deploy(template(Key=key("one")), {})
    before = account.resources.by_logical_id["Key"].ref
    stack.deploy(template(Key=key("one", Comment="of the summer")), {})
    assert told == ["created Key", "updated Key"]
    assert account.resources.by_logical_id["Key"].ref == before


@pytest.mark.parametrize(
    ("resource", "error"),
    [
        (key("taken", CallerReference="other"), "PublicKeyAlreadyExists"),
        (key("other", CallerReference="taken"), "PublicKeyAlreadyExists"),
        (group(name="taken"), "KeyGroupAlreadyExists"),
    ],
)
def test_a_name_that_exists_in_the_account_is_rejected(
    stack: Stack, account: Account, resource: dict[str, Any], error: str
) -> None:
    """Even if it was created outside this stack."""
    account.client("cloudfront").create_public_key(PublicKeyConfig=config("taken"))
    account.client("cloudfront").create_key_group(KeyGroupConfig={"Name": "taken", "Items": []})
    refused(stack, template(New=resource), error)


@pytest.mark.parametrize("kind", [key, lambda name: group(name=name)])
def test_two_in_a_stack_cannot_share_a_name(stack: Stack, kind: Any) -> None:
    refused(stack, template(One=kind("same"), Two=kind("same")), "with that name already exists")


@pytest.mark.parametrize(("number", "fits"), [(5, True), (6, False)])
def test_a_group_can_have_five_keys(stack: Stack, number: int, *, fits: bool) -> None:
    keys = {f"Key{one}": key(f"key-{one}") for one in range(number)}
    full = template(**keys, Group=group(*map(ref, keys)))
    if fits:
        stack.deploy(full, {})
    else:
        refused(stack, full, "TooManyPublicKeysInKeyGroup")


def test_a_group_can_have_only_keys(stack: Stack) -> None:
    refused(stack, template(Group=group("K00000000000")), "InvalidArgument")
    refused(stack, template(Key=key("one"), Group=group(ref("Log")), Log=LOG), "InvalidArgument")


LOG = {"Type": "AWS::Logs::LogGroup", "Properties": {}}


def test_a_new_key_is_created_before_the_group_and_the_old_one_deleted_last(
    stack: Stack, account: Account, told: list[str]
) -> None:
    delivery = distribution(TrustedKeyGroups=[ref("Group")])
    both = group(ref("Old"), ref("Stays"))
    stack.deploy(template(Old=key("old"), Stays=key("stays"), Group=both, Delivery=delivery), {})
    told.clear()
    both = group(ref("Stays"), ref("New"))
    stack.deploy(template(Stays=key("stays"), New=key("new"), Group=both, Delivery=delivery), {})
    assert told == ["created New", "updated Group", "deleted Old"]
    assert decision(account, account.resources.by_logical_id["New"].ref) == PASSED
    stack.delete()
    assert told[3:] == ["deleted Delivery", "deleted Group", "deleted New", "deleted Stays"]
    assert "Items" not in account.client("cloudfront").list_public_keys()["PublicKeyList"]
    assert not account.client("cloudfront").list_key_groups()["KeyGroupList"].get("Items")


def test_a_key_in_a_group_cannot_be_deleted(stack: Stack, account: Account) -> None:
    stack.deploy(template(Key=key("one"), Stays=LOG), {})
    account.client("cloudfront").create_key_group(
        KeyGroupConfig={"Name": "by hand", "Items": [account.resources.by_logical_id["Key"].ref]}
    )
    refused(stack, template(Stays=LOG), "PublicKeyInUse")


def test_a_trusted_group_cannot_be_deleted(stack: Stack, account: Account) -> None:
    stack.deploy(template(Group=group()), {})
    trusting = distribution(TrustedKeyGroups=[account.resources.by_logical_id["Group"].ref])
    stack.deploy(template(Group=group(), Delivery=trusting), {})
    refused(stack, template(Delivery=trusting), "ResourceInUse")


def test_a_group_outside_the_stack_can_be_trusted(stack: Stack, account: Account) -> None:
    made = account.client("cloudfront").create_key_group(
        KeyGroupConfig={"Name": "by hand", "Items": []}
    )
    trusted = [made["KeyGroup"]["Id"]]
    stack.deploy(template(Delivery=distribution(TrustedKeyGroups=trusted)), {})
    assert decision(account, "KANY0000000000") == "InvalidKey"


@pytest.mark.parametrize(
    ("trusted", "words"),
    [
        ({"TrustedKeyGroups": ["none"]}, "Delivery: TrustedKeyGroupDoesNotExist (none)."),
        (
            {"TrustedSigners": ["self", OTHER_ACCOUNT]},
            f"Delivery: TrustedSignerDoesNotExist ({OTHER_ACCOUNT}).",
        ),
    ],
)
def test_a_group_or_account_that_does_not_exist_cannot_be_trusted(
    stack: Stack, account: Account, trusted: dict[str, list[str]], words: str
) -> None:
    """Responses to viewers do not change."""
    account.signer_keys["self"] = {"APKA0001": PEMS[RSA]}
    stack.deploy(template(Delivery=distribution(TrustedSigners=["self"])), {})
    refused(stack, template(Delivery=distribution(**trusted)), words)
    assert (
        account.edges[account.resources.by_logical_id["Delivery"].ref].config
        == (account.resources.by_logical_id["Delivery"].properties["DistributionConfig"])
    )
    assert decision(account, "APKA0001") == PASSED


@pytest.mark.parametrize("trusted", ["self", "123456789012"])
@pytest.mark.parametrize("registered", ["self", "123456789012"])
def test_self_is_the_accounts_own_number(
    stack: Stack, account: Account, trusted: str, registered: str
) -> None:
    account.signer_keys[registered] = {"APKA0001": PEMS[RSA]}
    stack.deploy(template(Delivery=distribution(TrustedSigners=[trusted])), {})
    assert decision(account, "APKA0001") == PASSED
    assert decision(account, "APKA0002") == "InvalidKey"


def test_another_accounts_keys_are_accepted_if_it_is_trusted(
    stack: Stack, account: Account
) -> None:
    account.signer_keys |= {
        "self": {"APKA0001": PEMS[RSA]},
        OTHER_ACCOUNT: {"APKA0002": PEMS[RSA]},
    }
    parameters = {"SigningAccount": {"Type": "String", "Default": "self"}}
    signers = template(Delivery=distribution(TrustedSigners=[ref("SigningAccount")]))
    stack.deploy(signers | {"Parameters": parameters}, {"SigningAccount": OTHER_ACCOUNT})
    assert decision(account, "APKA0002") == PASSED
    assert decision(account, "APKA0001") == "InvalidKey"


def test_a_trusted_account_without_key_pairs_allows_nobody(stack: Stack, account: Account) -> None:
    """https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_Signer.html ."""
    stack.deploy(template(Delivery=distribution(TrustedSigners=["self"])), {})
    assert decision(account, "APKA0001") == "InvalidKey"
