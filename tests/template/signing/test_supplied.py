"""Supplied key pair."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from protected_stream.config import load
from protected_stream.errors import StreamError
from protected_stream.sections.signing.public_key import fingerprint, public_key
from shared.key_ring import SigningKey
from tests.conftest import Document, of_type
from tests.resolve import Stack
from tests.template.signing.streams import public_pem, signed_by

ONE, OTHER = public_pem("rsa-2048", "one"), public_pem("ecdsa-p256", "other")
UUIDS = [f"{digit * 8}-0000-4000-8000-0123456789ab" for digit in "12"]
SIZES = {"rsa-1024": "genrsa 1024", "rsa-4096": "genrsa 4096"}


def public_keys(template: Document) -> dict[str, Document]:
    """The configurations of the template's public keys, by logical ID."""
    found = of_type(template, "AWS::CloudFront::PublicKey")
    return {title: properties["PublicKeyConfig"] for title, properties in found.items()}


def test_every_public_key_is_a_resource_named_after_it() -> None:
    """A CloudFront public key is immutable: another key is another resource, beside the old one."""
    keys = public_keys(signed_by(mode="supplied", public_keys=[ONE, OTHER]))
    assert list(keys) == [f"CookieKey{fingerprint(pem)}" for pem in (ONE, OTHER)]
    for (title, config), pem in zip(keys.items(), (ONE, OTHER), strict=True):
        mark = title.removeprefix("CookieKey")
        assert config["EncodedKey"] == pem
        assert config["Name"]["Fn::Join"][1][-1] == mark


def test_stacks_of_an_account_may_have_the_same_key() -> None:
    """CloudFront is global and requires each name and each reference to be unique."""
    template = signed_by(mode="supplied", public_keys=[ONE])
    (title,) = public_keys(template)
    seen = set()
    for region, uuid in (("us-east-1", UUIDS[0]), ("us-east-1", UUIDS[1]), ("eu-west-1", UUIDS[1])):
        stack = Stack(template=template, region=region, uuid=uuid)
        config = stack.properties(title)["PublicKeyConfig"]
        seen |= {("name", config["Name"]), ("reference", config["CallerReference"])}
    assert len(seen) == 6


def test_a_key_that_stays_is_unchanged() -> None:
    """Adding one key and removing another does not change the resource of the third."""
    before = public_keys(signed_by(mode="supplied", public_keys=[ONE, OTHER]))
    after = public_keys(
        signed_by(mode="supplied", public_keys=[public_pem("rsa-2048", "third"), OTHER])
    )
    title = f"CookieKey{fingerprint(OTHER)}"
    assert before[title] == after[title]
    assert before.keys() & after.keys() == {title}


def test_the_group_trusts_the_keys_of_the_list() -> None:
    template = signed_by(mode="supplied", public_keys=[ONE, OTHER])
    (group,) = of_type(template, "AWS::CloudFront::KeyGroup").values()
    assert group["KeyGroupConfig"]["Items"] == [{"Ref": title} for title in public_keys(template)]


def test_the_signer_finds_the_id_of_its_key_by_fingerprint() -> None:
    template = signed_by(mode="supplied", public_keys=[ONE, OTHER])
    variables = Stack(template=template).properties("CookiesFunction")["Environment"]["Variables"]
    assert variables["KEY_PAIR_IDS"].split() == [
        f"{fingerprint(pem)}={Stack(template=template).value({'Ref': title})}"
        for title, pem in zip(public_keys(template), (ONE, OTHER), strict=True)
    ]


@pytest.mark.parametrize("pem", [ONE, OTHER], ids=["rsa-2048", "ecdsa-p256"])
def test_generator_and_function_compute_the_same_fingerprint(pem: str) -> None:
    key = SigningKey(
        algorithm="rsa-2048",
        private_key="",
        public_key=pem,
        key_pair_id=None,
        signs_from=0,
        signs_until=None,
    )
    assert key.fingerprint == fingerprint(pem)


def test_the_private_key_is_a_parameter_and_never_shown() -> None:
    template = signed_by(mode="supplied", public_keys=[ONE])
    parameter = template["Parameters"]["PrivateKeyString"]
    assert parameter["NoEcho"] is True
    assert "Default" not in parameter
    (secret,) = of_type(template, "AWS::SecretsManager::Secret").values()
    assert secret["SecretString"] == {"Ref": "PrivateKeyString"}
    uses = re.findall(r"'Ref': 'PrivateKeyString'|\$\{PrivateKeyString\}", str(template))
    assert len(uses) == 1


def test_the_secret_has_the_name_in_the_parameter_or_none() -> None:
    template = signed_by(mode="supplied", public_keys=[ONE])
    (secret,) = of_type(template, "AWS::SecretsManager::Secret").values()
    assert secret["Name"] == {
        "Fn::If": ["SecretNameWanted", {"Ref": "SecretName"}, {"Ref": "AWS::NoValue"}]
    }
    assert template["Conditions"]["SecretNameWanted"] == {
        "Fn::Not": [{"Fn::Equals": [{"Ref": "SecretName"}, ""]}]
    }


def test_files_are_relative_to_the_stream_file(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "mine.pem").write_text(ONE)
    stream = tmp_path / "stream.toml"
    stream.write_text('[signing]\nmode = "supplied"\npublic_keys = ["keys/mine.pem"]')
    assert load(stream).signing.public_keys == (ONE,)  # type: ignore[union-attr]  # its mode says so


@pytest.mark.parametrize("change", [str.strip, lambda pem: f"\n\n{pem}\n", lambda pem: pem])
def test_white_space_around_a_key_does_not_matter(change: "type[str]") -> None:
    assert public_key(change(ONE), Path()) == ONE


SHAPES: dict[str, Callable[[str], bytes]] = {
    "byte order mark": lambda pem: pem.encode("utf-8-sig"),
    "umlaut in a comment, UTF-8": lambda pem: f"Schlüssel für die Bühne\n{pem}".encode(),
    "umlaut in a comment, Latin-1": lambda pem: f"Schlüssel\n{pem}".encode("latin-1"),
    "escaped line breaks": lambda pem: pem.replace("\n", "\\n").encode(),
    "escaped Windows line breaks": lambda pem: pem.replace("\n", "\\r\\n").encode(),
    "spaces for line breaks": lambda pem: pem.replace("\n", " ").encode(),
    "no line breaks": lambda pem: pem.replace("\n", "").encode(),
    "Windows line breaks": lambda pem: pem.replace("\n", "\r\n").encode(),
    "indented, in quotes": lambda pem: f'"{pem}"'.replace("\n", "\n    ").encode(),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("pem", [ONE, OTHER], ids=["rsa-2048", "ecdsa-p256"])
def test_a_key_is_read_in_every_shape_in_which_copying_leaves_it(
    tmp_path: Path, pem: str, shape: str
) -> None:
    """As the signing function reads the private key; in a file, and in the stream file."""
    content = SHAPES[shape](pem)
    (tmp_path / "mine.pem").write_bytes(content)
    assert public_key("mine.pem", tmp_path) == pem
    assert public_key(content.decode(errors="replace"), tmp_path) == pem


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "mine.pem").write_bytes(ONE.encode(encoding))
    with pytest.raises(ValueError, match=r"mine\.pem: is UTF-16 text: save it as UTF-8 or ASCII"):
        public_key("mine.pem", tmp_path)


def test_a_missing_first_line_is_named(tmp_path: Path) -> None:
    lines = ONE.splitlines(keepends=True)
    (tmp_path / "mine.pem").write_text("".join(lines[1:-1]))
    for text in ("mine.pem", "".join(lines[1:])):
        with pytest.raises(ValueError, match="the line -----BEGIN PUBLIC KEY----- is missing"):
            public_key(text, tmp_path)


def test_only_a_small_regular_file_is_read(tmp_path: Path) -> None:
    """A pipe without a writer would never answer, and a device never end."""
    os.mkfifo(tmp_path / "pipe.pem")
    (tmp_path / "large.pem").write_text(f"{'#' * 65_536}\n{ONE}")
    for name, says in (
        ("pipe.pem", r"pipe\.pem: is not a regular file"),
        ("/dev/zero", "/dev/zero: is not a regular file"),
        (".", "is not a regular file"),
        ("large.pem", r"large\.pem: has more than 65,536 bytes"),
    ):
        with pytest.raises(ValueError, match=says):
            public_key(name, tmp_path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("public_keys = []", "signing.public_keys: must name 1 to 5 keys, got 0"),
        ('public_keys = ["gone.pem"]', "gone.pem: No such file or directory"),
        ('public_keys = ["key.pem"]', "is a private key, which does not belong in a stream file"),
        ('public_keys = ["text.pem"]', "must be the PEM of a public key, or the name of a file"),
        ('public_keys = ["twice.pem", "twice.pem"]', "holds the same key twice"),
        ('public_keys = "twice.pem"', "signing.public_keys: must be a list"),
        ("", "signing.public_keys: is missing"),
        ('public_keys = ["both.pem"]', "both.pem holds 2 keys: list each one separately"),
        ('public_keys = ["certificate.pem"]', "with one; this is a CERTIFICATE"),
        ('public_keys = ["a\\u0000b"]', "must be the PEM of a public key, or the name of a file"),
        ('public_keys = ["p384.pem"]', "RSA of 2048 bits or ECDSA P-256"),
        ('public_keys = ["rsa1024.pem"]', "RSA of 2048 bits or ECDSA P-256"),
    ],
)
def test_mistakes_are_reported_clearly(
    tmp_path: Path, small_and_wrong_keys: dict[str, str], text: str, sentence: str
) -> None:
    files = {
        "twice.pem": ONE,
        "both.pem": ONE + OTHER,
        "text.pem": "hello",
        "certificate.pem": "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n" * 3,
    }
    for name, content in {**small_and_wrong_keys, **files}.items():
        (tmp_path / name).write_text(content)
    stream = tmp_path / "stream.toml"
    stream.write_text(f'[signing]\nmode = "supplied"\n{text}')
    with pytest.raises(StreamError) as raised:
        load(stream)
    (line,) = raised.value.lines
    assert sentence in line
    assert "managed" not in line
    assert "supplied" not in line


def test_an_unknown_mode_is_reported(tmp_path: Path) -> None:
    stream = tmp_path / "stream.toml"
    stream.write_text('[signing]\nmode = "suplied"')
    with pytest.raises(StreamError) as raised:
        load(stream)
    assert raised.value.lines == (
        f'{stream}:1: signing: mode must be one of "managed", "supplied", "kms", "trusted-signer"; '
        'got "suplied"',
    )


def test_six_keys_are_too_many() -> None:
    """CloudFront trusts five keys per group."""
    with pytest.raises(ValidationError, match="1 to 5 keys, got 6"):
        signed_by(
            mode="supplied",
            public_keys=[public_pem("ecdsa-p256", f"number {index}") for index in range(6)],
        )
