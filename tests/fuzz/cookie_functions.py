"""What must hold for every request to the cookie functions, and every answer of AWS to them.

Only a viewer with the claims of this stream's access token gets cookies, every signature verifies,
no request ends with an exception, and no secret is in a response or in the log.
"""

import base64
import copy
import inspect
import json
import logging
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import botocore.exceptions
from botocore.exceptions import BotoCoreError, ClientError
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from cookies import key_source
from cookies.answer import answer
from cookies_by_kms.kms_signer import KmsSigner
from tests.lambda_src.cookies.stream import ACCESS_CLAIMS, CLIENT_ID, NOW, TOKEN, event, set_cookies
from tests.lambda_src.cookies.test_answer import api
from tests.lambda_src.cookies_by_kms.kms import KEYS, Function
from tests.lambda_src.shared.key_pairs import key_ring, rsa_2048, secret_pieces

SEED = 20_261_129
SECRETS = {*secret_pieces(rsa_2048()), TOKEN, TOKEN[-20:], ACCESS_CLAIMS["username"]}
JSON: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**400, "", " ", "access", CLIENT_ID, "GET", "\0", "\ud800"),
    *([], {}, [{}], {"a": []}, "x" * 10_000, [["GET"]], {"claims": ACCESS_CLAIMS}),
    *("GET ", "get", "PUT", "DELETE", "id", f" {CLIENT_ID}", CLIENT_ID.upper()),
)
CODES = ("ThrottlingException", "AccessDeniedException", "InternalServiceError", "", "x" * 1000)
Response = Any


def check_requests(count: int) -> Counter[int]:
    """Sends this many generated events to the function with a key ring.

    It relies on what API Gateway sends for its two methods: an event whose claims, if it has any,
    are texts. So only those are changed.

    Returns:
        How many were answered with each status.
    """
    return _check_requests(api(), count)


def check_requests_to_kms(count: int) -> Counter[int]:
    """The same for the function with a KMS key."""
    return _check_requests(Function(answer=answer, signer=KmsSigner), count)


def _check_requests(function: Callable[[dict[str, Any]], Response], count: int) -> Counter[int]:
    generator = random.Random(SEED)  # noqa: S311 - the same events in every run
    statuses: Counter[int] = Counter()
    verified: set[str] = set()
    with _log() as log:
        for _ in range(count):
            asked: dict[str, Any] = event(generator.choice(("GET", "GET", "GET", "DELETE")))
            asked["requestContext"]["authorizer"] = _authorizer(generator)
            if generator.random() < 0.1:
                del asked["requestContext"]["authorizer"]
            response = function(asked)
            statuses[_check(response, verified, may_watch=_may_watch(asked))] += 1
    _expect_no_secret("".join(log))
    return statuses


def check_answers_of_secrets_manager(count: int) -> Counter[int]:
    """Answers a signed-in viewer's request while Secrets Manager answers with anything."""
    generator = random.Random(SEED)  # noqa: S311 - the same answers in every run
    statuses: Counter[int] = Counter()
    verified: set[str] = set()
    with _log() as log:
        for secret in _answers(count, generator, _secret):
            client: Any = _Client("get_secret_value", secret)
            function = api(read=partial(key_source.key_ring, client, "a secret"))
            statuses[_check(function(event()), verified, may_watch=None)] += 1
    _expect_no_secret("".join(log))
    return statuses


def check_answers_of_kms(count: int) -> Counter[int]:
    """The same for KMS, whose signature the function cannot verify, as it has no public key."""
    generator = random.Random(SEED)  # noqa: S311 - the same answers in every run
    statuses: Counter[int] = Counter()
    with _log() as log:
        for signed in _answers(count, generator, _no_signature):
            function = Function(answer=answer, signer=KmsSigner)
            function.kms.sign = _Client("sign", signed).sign  # type: ignore[method-assign]
            function.keys("rsa=0")
            response = function()
            _expect_no_secret(json.dumps(response))
            assert response["statusCode"] == 503, signed
            statuses[503] += 1
    _expect_no_secret("".join(log))
    return statuses


class _Client:
    """An AWS client with one operation, which answers or raises this."""

    def __init__(self, operation: str, answer: object) -> None:
        self._answer = answer
        setattr(self, operation, self._operation)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

    def _operation(self, **_: object) -> object:
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


def _answers(
    count: int, generator: random.Random, answer: Callable[[random.Random], object]
) -> Iterator[object]:
    """Errors, no members, and other answers: the SDK returns an object, or raises an error."""
    errors = _errors()
    yield from (*errors, {})
    for _ in range(count - len(errors) - 1):
        yield answer(generator)


def _errors() -> list[Exception]:
    """Every error of the SDK, and what it raises for an answer such as null or a list."""
    kinds = [
        kind
        for _, kind in inspect.getmembers(botocore.exceptions, inspect.isclass)
        if issubclass(kind, BotoCoreError)
    ]
    fields = _AnyField(error="e", endpoint_url="https://example.com", operation_name="x")
    found: list[Exception] = []
    for kind in kinds:
        error = kind.__new__(kind)
        Exception.__init__(error, kind.fmt.format_map(fields) if hasattr(kind, "fmt") else "")
        found.append(error)
    found += [ClientError({"Error": {"Code": code, "Message": TOKEN}}, "x") for code in CODES]
    return [*found, TypeError("x"), ValueError("x"), AttributeError("x"), KeyError("x")]


class _AnyField(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return key


def _secret(generator: random.Random) -> dict[str, Any]:
    """A secret whose value is not a key ring, or one with something else in one place."""
    kind = generator.random()
    if kind < 0.2:
        return {"SecretString": generator.choice(JSON)}
    if kind < 0.3:
        return {"SecretBinary": generator.randbytes(generator.randint(0, 3000))}
    ring = key_ring().to_json()
    if kind < 0.6:
        at = generator.randint(0, len(ring))
        return {"SecretString": ring[:at] + generator.choice(("", "x", "\0")) + ring[at + 1 :]}
    try:
        return {"SecretString": json.dumps(_changed(json.loads(ring), generator))}
    except ValueError:  # a number with too many digits
        return {"SecretString": "1" * 5000}


def _no_signature(generator: random.Random) -> dict[str, Any]:
    """An answer without the bytes of a signature."""
    name = generator.choice(("Signature", "signature", "KeyId"))
    return {name: generator.choice(JSON), "SigningAlgorithm": generator.choice(JSON)}


def _authorizer(generator: random.Random) -> object:
    """What API Gateway adds for a token: claims as texts; or nothing."""
    texts = ("access", "id", CLIENT_ID, "", "x" * 10_000, "\0", f" {CLIENT_ID}", "ACCESS")
    claims: dict[str, object] = dict(ACCESS_CLAIMS)
    for name in generator.sample(sorted(claims), generator.randint(0, 3)):
        if generator.random() < 0.3:
            del claims[name]
        else:
            claims[name] = generator.choice(texts)
    nothing: tuple[object, ...] = (None, {}, {"claims": None}, {"claims": {}})
    return generator.choice(nothing) if generator.random() < 0.2 else {"claims": claims}


def _changed(value: Any, generator: random.Random) -> Any:
    """The value with something else, or nothing, in up to three places."""
    changed = copy.deepcopy(value)
    for _ in range(generator.randint(0, 3)):
        changed = _with_one_change(changed, generator)
    return changed


def _with_one_change(value: Any, generator: random.Random) -> Any:
    if not value or not isinstance(value, dict | list) or generator.random() < 0.1:
        return copy.deepcopy(generator.choice(JSON))
    key = generator.choice(list(value) if isinstance(value, dict) else range(len(value)))
    if generator.random() < 0.2:
        del value[key]
    else:
        value[key] = _with_one_change(value[key], generator)
    return value


def _may_watch(asked: Any) -> bool:
    """Whether an authorizer gave it the claims of an access token of this stream's app client."""
    found = asked
    for name in ("requestContext", "authorizer", "claims"):
        found = found.get(name) if isinstance(found, dict) else None
    return (
        isinstance(found, dict)
        and asked.get("httpMethod") == "GET"
        and (found.get("token_use"), found.get("client_id")) == ("access", CLIENT_ID)
    )


def _check(response: Response, verified: set[str], *, may_watch: bool | None) -> int:
    """The response's status; `may_watch` is None if it depends on AWS's answer.

    Args:
        response: what the function returned.
        verified: the signatures that are known to be valid, which it adds to.
        may_watch: whether the viewer is entitled to cookies.
    """
    text = json.dumps(response)
    _expect_no_secret(text)
    status: int = response["statusCode"]
    assert status in {200, 204, 401, 403, 503}, text
    if may_watch is not None:
        assert (status == 200) == may_watch, text
        assert status != 503, text
    if status == 200:
        _verify({name: value for name, (value, _) in set_cookies(response).items()}, verified)
    elif "multiValueHeaders" in response:
        assert status == 204, text
        assert {value for value, _ in set_cookies(response).values()} == {""}
    return status


def _verify(cookies: Mapping[str, str], verified: set[str]) -> None:
    signature = cookies["CloudFront-Signature"]
    if signature in verified:
        return
    policy, signed = (
        base64.b64decode(cookies[name].translate(str.maketrans("-_~", "+=/")))
        for name in ("CloudFront-Policy", "CloudFront-Signature")
    )
    key = KEYS["rsa"][1] if cookies["CloudFront-Key-Pair-Id"] == "KRSA" else rsa_2048()
    key.public_key().verify(signed, policy, PKCS1v15(), SHA256())  # type: ignore[call-arg, arg-type] # an RSA key
    until = json.loads(policy)["Statement"][0]["Condition"]["DateLessThan"]["AWS:EpochTime"]
    assert NOW < until <= NOW + 3600 + 300
    verified.add(signature)


def _expect_no_secret(text: str) -> None:
    assert not [piece for piece in SECRETS if str(piece) in text]


@contextmanager
def _log() -> Iterator[list[str]]:
    """What the functions log meanwhile, with stack traces."""
    lines: list[str] = []
    formatter = logging.Formatter()

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(formatter.format(record))

    logger, handler = logging.getLogger("stream"), Handler()
    logger.addHandler(handler)
    try:
        yield lines
    finally:
        logger.removeHandler(handler)
