"""No secret leaks into the log or an exception."""

import dataclasses
import json
import logging
import traceback
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cookies.app import handler, signed_cookies
from cookies.environment import Environment
from cookies.key_source import KeysUnavailable
from cookies.names import NAMES
from cookies.signer import UnusableKey, signer
from cookies.supplied_key import supplied_key, trusted_signers_key
from shared.environment import InvalidEnvironment
from shared.key_ring import InvalidKeyRing, KeyRing
from shared.private_key import InvalidPrivateKey, load
from tests.lambda_src.cookies.secrets_manager import Wire
from tests.lambda_src.cookies.stream import (
    ACCESS_CLAIMS,
    IN_THE_POSTS_NAMES,
    SECRET_ARN,
    TOKEN,
    VARIABLES,
    Clock,
    event,
    set_cookies,
)
from tests.lambda_src.shared.key_pairs import (
    key_ring,
    p256,
    pkcs8_pem,
    rsa_2048,
    secret_pieces,
    signing_key,
)

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

KEY = signing_key()
PRIVATE = secret_pieces(rsa_2048()) | secret_pieces(p256())
OF_THE_VIEWER = {TOKEN, TOKEN[-20:], "an-old-one", "viewer@example.com", str(ACCESS_CLAIMS["sub"])}


def everything(caplog: pytest.LogCaptureFixture) -> str:
    """The log as a formatter would write it, with arguments and stack traces."""
    formatter = logging.Formatter("%(name)s %(levelname)s %(message)s")
    return "\n".join(formatter.format(record) for record in caplog.records)


def found_in(text: str, pieces: set[str]) -> list[str]:
    return [piece for piece in pieces if piece in text]


def changed(**changes: str) -> str:
    """The JSON of a ring whose one key has these fields changed."""
    ring = json.loads(key_ring().to_json())
    return json.dumps(ring | {"keys": [ring["keys"][0] | changes]})


OTHER_PUBLIC_KEY = signing_key(p256()).public_key
SECRETS: dict[str, str] = {
    "a good ring": key_ring().to_json(),
    "an incomplete ring": key_ring(dataclasses.replace(KEY, key_pair_id=None)).to_json(),
    "a bare private key": KEY.private_key,
    "a truncated ring": key_ring().to_json()[:-1],
    "a truncated key": changed(private_key=KEY.private_key[:-200]),
    "a key in place of its algorithm": changed(algorithm=KEY.private_key),
    "a key in place of its public key": changed(public_key=KEY.private_key),
    "a key in place of its ID": changed(key_pair_id=KEY.private_key),
    "a key's base64 in place of its ID": changed(
        key_pair_id="".join(KEY.private_key.splitlines()[1:-1]), private_key="x"
    ),
    "keys of two pairs": changed(public_key=OTHER_PUBLIC_KEY),
    "the wrong algorithm": changed(algorithm="ecdsa-p256"),
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
@pytest.mark.parametrize("hash_algorithm", ["SHA256", "SHA1"])
def test_the_log_of_every_response_has_no_key_cookie_token_or_claim(
    secret: str,
    hash_algorithm: str,
    wire: Wire,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """With the function's log level set to DEBUG, as for troubleshooting."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("HASH_ALGORITHM", hash_algorithm)
    wire.holds(secret)
    assert_the_log_of_every_answer_is_clean(caplog, SECRET_ARN)


def assert_the_log_of_every_answer_is_clean(
    caplog: pytest.LogCaptureFixture, secret_id: str
) -> None:
    cookies: set[str] = set()
    for request in (
        event(),
        event("DELETE"),
        event(claims=None),
        event(claims=ACCESS_CLAIMS | {"token_use": "id"}),
        event(claims=ACCESS_CLAIMS | {"client_id": "another"}),
        event(claims=ACCESS_CLAIMS | {"client_id": 7}),
    ):
        response = handler(request, None)
        if response["statusCode"] == 200:
            cookies = {set_cookies(response)[name][0] for name in NAMES[:2]}
    log = everything(caplog)
    assert '"status": 401' in log
    assert found_in(log, PRIVATE | OF_THE_VIEWER | cookies | {secret_id}) == []


PASTED: dict[str, str] = {
    "RSA": pkcs8_pem(rsa_2048()),
    "P-256": pkcs8_pem(p256()),
    "on one line": pkcs8_pem(rsa_2048()).replace("\n", " "),
    "without its first and last line": "".join(pkcs8_pem(p256()).splitlines()[1:-1]),
    "truncated": pkcs8_pem(rsa_2048())[:-200],
    "with a stray character": pkcs8_pem(p256()).replace("M", "!"),
    "in a key ring": key_ring().to_json(),
}
RSAS_ID = f"{KEY.fingerprint}=K2ABC"
WAYS: dict[str, Mapping[str, str]] = {
    "supplied": VARIABLES | {"KEY_PAIR_IDS": RSAS_ID},
    "supplied, not deployed": VARIABLES | {"KEY_PAIR_IDS": "0123456789abcdef=K2ABC"},
    "trusted-signer": VARIABLES | {"KEY_PAIR_ID": "APKAEXAMPLE"},
    "the post's names": IN_THE_POSTS_NAMES,
}


@pytest.mark.parametrize("secret", PASTED.values(), ids=PASTED.keys())
@pytest.mark.parametrize("variables", WAYS.values(), ids=WAYS.keys())
def test_the_log_of_every_response_with_a_pasted_key_is_as_clean(
    variables: Mapping[str, str],
    secret: str,
    told: Callable[[Mapping[str, str]], Wire],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    told(variables).holds(secret)
    assert_the_log_of_every_answer_is_clean(
        caplog, variables.get("SECRET_ARN") or variables["SECRET_NAME"]
    )


def test_the_log_of_bridging_from_a_pasted_key_to_none_has_no_key(
    told: Callable[[Mapping[str, str]], Wire],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    clock = Clock()
    monkeypatch.setattr("time.time", clock)
    wire = told(WAYS["supplied"])
    wire.holds(PASTED["RSA"])
    handler(event(), None)
    for name, secret in PASTED.items():
        clock.now += 300
        wire.holds(secret)
        assert handler(event(), None)["statusCode"] == 200, name
    log = everything(caplog)
    assert log.count('"event": "bridging"') == 4
    assert found_in(log, PRIVATE | OF_THE_VIEWER | {SECRET_ARN}) == []


def test_the_log_of_bridging_has_no_key(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    clock = Clock()
    monkeypatch.setattr("time.time", clock)
    wire.holds(key_ring().to_json())
    handler(event(), None)
    clock.now += 300
    wire.holds(KEY.private_key)
    assert handler(event(), None)["statusCode"] == 200
    log = everything(caplog)
    assert '"event": "bridging"' in log
    assert found_in(log, PRIVATE | OF_THE_VIEWER | {SECRET_ARN}) == []


def test_these_tests_would_notice_if_the_sdk_logged_the_secret(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    """The control: by default, botocore logs the response body at DEBUG level."""
    caplog.set_level(logging.DEBUG)
    signed_cookies()
    logging.disable(logging.NOTSET)
    wire.holds(key_ring().to_json())
    handler(event(), None)
    assert found_in(everything(caplog), PRIVATE) != []


def raised(action: Callable[[], object]) -> BaseException:
    """What `action` raises."""
    with pytest.raises(
        (InvalidKeyRing, InvalidPrivateKey, UnusableKey, KeysUnavailable, InvalidEnvironment)
    ) as caught:
        action()
    return caught.value


def chain(error: BaseException) -> list[BaseException]:
    """The error and all errors that it was raised from or during, shown or not."""
    behind = error.__cause__ or error.__context__
    return [error, *(chain(behind) if behind else [])]


def secrets_manager_with(secret: str) -> "SecretsManagerClient":
    """A client whose only secret has this value."""
    answer = {"SecretString": secret}
    stand_in = SimpleNamespace(get_secret_value=lambda **_: answer)
    return cast("SecretsManagerClient", stand_in)


def started_with(variables: Mapping[str, str], **changes: str) -> Callable[[], object]:
    """A start with a private key in place of a setting."""
    return lambda: Environment.from_variables({**variables, **changes})


def of_an_unknown_key(secret: str) -> Callable[[], object]:
    ids = {"0123456789abcdef": "K2ABC"}
    return lambda: supplied_key(secrets_manager_with(secret), "x", key_pair_ids=ids)


def of_no_rsa_key(secret: str) -> Callable[[], object]:
    return lambda: trusted_signers_key(secrets_manager_with(secret), "x", key_pair_id="APKA")


ERRORS: dict[str, Callable[[], object]] = {
    "a bare private key as ring": lambda: KeyRing.from_json(KEY.private_key),
    "the same in bytes": lambda: KeyRing.from_json(KEY.private_key.encode("utf-16")),
    "a truncated ring": lambda: KeyRing.from_json(SECRETS["a truncated ring"]),
    "a key as algorithm": lambda: KeyRing.from_json(changed(algorithm=KEY.private_key)),
    "a key as public key": lambda: KeyRing.from_json(changed(public_key=KEY.private_key)),
    "a truncated key": lambda: load(KEY.private_key[:-200]),
    "a key in the wrong encoding": lambda: load(KEY.private_key.encode("utf-16")),
    "a key with a stray character": lambda: load(KEY.private_key.replace("A", "!")),
    "keys of two pairs": lambda: signer(
        dataclasses.replace(KEY, public_key=OTHER_PUBLIC_KEY), hash_algorithm="SHA256"
    ),
    "a key as public key of a signer": lambda: signer(
        dataclasses.replace(KEY, public_key=KEY.private_key), hash_algorithm="SHA256"
    ),
    "an unusable key in a signer": lambda: signer(
        dataclasses.replace(KEY, private_key=KEY.private_key[:-200]), hash_algorithm="SHA256"
    ),
    **{f"an unknown key, {name}": of_an_unknown_key(secret) for name, secret in PASTED.items()},
    **{
        f"a trusted signer's key, {name}": of_no_rsa_key(PASTED[name])
        for name in ("P-256", "without its first and last line", "truncated")
    },
    **{
        f"a key as {variable}, {way}": started_with(variables, **{variable: KEY.private_key})
        for way, variables in WAYS.items()
        for variable in variables
    },
    "a key next to its fingerprint": started_with(
        VARIABLES, KEY_PAIR_IDS=f"{RSAS_ID} {KEY.private_key}"
    ),
    "a key as ID of its fingerprint": started_with(
        VARIABLES, KEY_PAIR_IDS=f"{KEY.fingerprint}={''.join(KEY.private_key.splitlines()[1:-1])}"
    ),
}


@pytest.mark.parametrize("action", ERRORS.values(), ids=ERRORS.keys())
def test_no_error_shows_a_key_in_its_message_repr_fields_or_chained_errors(
    action: Callable[[], object],
) -> None:
    assert found_in(all_shown_by(raised(action)), PRIVATE) == []


def all_shown_by(error: BaseException) -> str:
    """The traceback, and the message, repr and fields of the error and all chained errors."""
    shown = "".join(traceback.format_exception(error))
    return shown + "".join(f"{each} {each!r} {each.args} {vars(each)}" for each in chain(error))


damages = st.lists(
    st.tuples(st.integers(0, 1800), st.integers(0, 40), st.text(max_size=3)), max_size=3
)


@settings(deadline=None, max_examples=40)  # a whole RSA key takes long to load
@given(pem=st.sampled_from([PASTED["RSA"], PASTED["P-256"]]), damages=damages)
def test_no_error_shows_any_part_of_a_damaged_key(
    pem: str, damages: list[tuple[int, int, str]]
) -> None:
    for start, length, instead in damages:
        pem = pem[:start] + instead + pem[start + length :]
    assert found_in(all_shown_by(raised(of_an_unknown_key(pem))), PRIVATE) == []


def test_no_repr_of_a_pasted_key_shows_it() -> None:
    client = secrets_manager_with(PASTED["RSA"])
    ring = supplied_key(client, "x", key_pair_ids={KEY.fingerprint: "K2ABC"})
    assert "K2ABC" in repr(ring)
    assert found_in(repr(ring), PRIVATE) == []


def test_no_repr_of_cached_objects_shows_a_key(wire: Wire) -> None:
    wire.holds(key_ring().to_json())
    handler(event(), None)
    held = (signed_cookies(), KEY, key_ring(), signer(KEY, hash_algorithm="SHA256"))
    assert found_in(repr(held), PRIVATE) == []
