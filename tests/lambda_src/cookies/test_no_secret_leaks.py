"""Nothing secret is written down: not in the log, not in an exception, whatever happens."""

import dataclasses
import json
import logging
import traceback
from collections.abc import Callable

import pytest

from cookies.app import cookie_api, handler
from cookies.key_source import KeysUnavailable
from cookies.signed_cookies import NAMES
from cookies.signer import UnusableKey, signer
from shared.environment import InvalidEnvironment
from shared.key_ring import InvalidKeyRing, KeyRing
from shared.private_key import InvalidPrivateKey, load
from tests.lambda_src.cookies.secrets_manager import Wire
from tests.lambda_src.cookies.stream import (
    ACCESS_CLAIMS,
    SECRET_ARN,
    TOKEN,
    Clock,
    event,
    set_cookies,
)
from tests.lambda_src.shared.key_pairs import key_ring, p256, rsa_2048, secret_pieces, signing_key

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
    "a ring in the making": key_ring(dataclasses.replace(KEY, key_pair_id=None)).to_json(),
    "a bare private key": KEY.private_key,
    "a ring cut short": key_ring().to_json()[:-1],
    "a key cut short": changed(private_key=KEY.private_key[:-200]),
    "a key where its algorithm should be": changed(algorithm=KEY.private_key),
    "a key where its public half should be": changed(public_key=KEY.private_key),
    "a key where its id should be": changed(key_pair_id=KEY.private_key),
    "a key's base64 where its id should be": changed(
        key_pair_id="".join(KEY.private_key.splitlines()[1:-1]), private_key="x"
    ),
    "halves of two pairs": changed(public_key=OTHER_PUBLIC_KEY),
    "the wrong algorithm": changed(algorithm="ecdsa-p256"),
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
@pytest.mark.parametrize("hash_algorithm", ["SHA256", "SHA1"])
def test_the_log_of_every_answer_holds_no_key_cookie_token_or_claim(
    secret: str,
    hash_algorithm: str,
    wire: Wire,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """With the function's log set to DEBUG, as an operator in trouble would."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("HASH_ALGORITHM", hash_algorithm)
    wire.holds(secret)
    cookies: set[str] = set()
    for request in (
        event(),
        event("DELETE"),
        event("POST"),
        event(claims=None),
        event(claims=ACCESS_CLAIMS | {"token_use": "id"}),
        event(claims=ACCESS_CLAIMS | {"client_id": "another"}),
        event(claims=ACCESS_CLAIMS | {"client_id": 7}),
        event() | {"requestContext": TOKEN},
        event() | {"httpMethod": TOKEN},
        TOKEN,
    ):
        response = handler(request, None)
        if response["statusCode"] == 200:
            cookies = {set_cookies(response)[name][0] for name in NAMES[:2]}
    log = everything(caplog)
    assert '"status": 401' in log
    assert found_in(log, PRIVATE | OF_THE_VIEWER | cookies | {SECRET_ARN}) == []


def test_the_log_of_bridging_holds_no_key(
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


def test_these_tests_would_see_the_sdk_write_the_secret_down(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    """The control: botocore, left to itself, writes the answer's body into a DEBUG log."""
    caplog.set_level(logging.DEBUG)
    cookie_api()
    logging.getLogger("botocore").setLevel(logging.NOTSET)
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
    """The error and all it was raised from or during, shown or not."""
    behind = error.__cause__ or error.__context__
    return [error, *(chain(behind) if behind else [])]


ERRORS: dict[str, Callable[[], object]] = {
    "a bare private key as ring": lambda: KeyRing.from_json(KEY.private_key),
    "the same in bytes": lambda: KeyRing.from_json(KEY.private_key.encode("utf-16")),
    "a ring cut short": lambda: KeyRing.from_json(SECRETS["a ring cut short"]),
    "a key as algorithm": lambda: KeyRing.from_json(changed(algorithm=KEY.private_key)),
    "a key as public key": lambda: KeyRing.from_json(changed(public_key=KEY.private_key)),
    "a key cut short": lambda: load(KEY.private_key[:-200]),
    "a key in the wrong code": lambda: load(KEY.private_key.encode("utf-16")),
    "a key with a stray character": lambda: load(KEY.private_key.replace("A", "!")),
    "halves of two pairs": lambda: signer(
        dataclasses.replace(KEY, public_key=OTHER_PUBLIC_KEY), hash_algorithm="SHA256"
    ),
    "a key as public key of a signer": lambda: signer(
        dataclasses.replace(KEY, public_key=KEY.private_key), hash_algorithm="SHA256"
    ),
    "an unusable key in a signer": lambda: signer(
        dataclasses.replace(KEY, private_key=KEY.private_key[:-200]), hash_algorithm="SHA256"
    ),
}


@pytest.mark.parametrize("action", ERRORS.values(), ids=ERRORS.keys())
def test_no_error_shows_a_key_in_its_text_its_repr_its_fields_or_what_is_behind_it(
    action: Callable[[], object],
) -> None:
    error = raised(action)
    shown = "".join(traceback.format_exception(error))
    for each in chain(error):
        shown += f"{each} {each!r} {each.args} {vars(each)}"
    assert found_in(shown, PRIVATE) == []


def test_no_repr_of_what_a_container_holds_shows_a_key(wire: Wire) -> None:
    wire.holds(key_ring().to_json())
    handler(event(), None)
    held = (cookie_api(), KEY, key_ring(), signer(KEY, hash_algorithm="SHA256"))
    assert found_in(repr(held), PRIVATE) == []
