"""Lambda handler for `/api/cookies`: connects the API to the clock and Secrets Manager."""

import functools
import os
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from cookies.answer_with_options import answer_with_options
from cookies.environment import Environment
from cookies.key_source import KeySource, key_ring
from cookies.responses import Response
from cookies.signed_cookies import SignedCookies
from cookies.signer import signer
from cookies.supplied_key import supplied_key, trusted_signers_key
from shared.key_ring import KeyRing
from shared.log import disable_debug

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

# One attempt takes at most 5 s. A second could exceed the function's 10 s timeout, and a function
# that times out loses its cached key ring; the viewer's next request is the better second attempt.
SECRETS_MANAGER = Config(
    connect_timeout=2, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 1}
)


@functools.cache
def signed_cookies() -> SignedCookies:
    """The cookies of this execution environment, set up by its first request.

    Raises:
        InvalidEnvironment: Environment variables are missing or invalid.
    """
    disable_debug()
    environment = Environment.from_variables(os.environ)
    client = boto3.client(
        "secretsmanager", region_name=environment.secret_region, config=SECRETS_MANAGER
    )
    keys = KeySource(
        read=reader(client, environment),
        signer_of=functools.partial(signer, hash_algorithm=environment.hash_algorithm),
        clock=time.time,
    )
    return SignedCookies(environment=environment, current_signer=keys.signer)


def reader(client: "SecretsManagerClient", environment: Environment) -> Callable[[], KeyRing]:
    """How the key is read: as a key ring, unless the environment has an ID for a pasted key."""
    secret_id = environment.secret_id
    if environment.key_pair_ids is not None:
        return functools.partial(
            supplied_key, client, secret_id, key_pair_ids=environment.key_pair_ids
        )
    if environment.key_pair_id is not None:
        return functools.partial(
            trusted_signers_key, client, secret_id, key_pair_id=environment.key_pair_id
        )
    return functools.partial(key_ring, client, secret_id)


def handler(event: Mapping[str, Any], context: object) -> Response:  # noqa: ARG001 - Lambda's two
    """Lambda entry point: takes an API Gateway proxy event, returns a proxy response."""
    return answer_with_options(event, signed_cookies(), int(time.time()), os.environ)
