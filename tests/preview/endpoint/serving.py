"""An AWS account for real clients, on this machine, in one line.

    with aws_endpoint() as (account, url, env):
        subprocess.run([...], env={**os.environ, **env})   # the AWS CLI, or our own commands
        boto3.client("cloudformation", endpoint_url=url, region_name="us-east-1", ...)

`account` is the preview's `Account`: it shows what the client has done (`account.stack_status`,
`account.resources`, `account.media.state(channel_id)`, `account.mailbox`), and passes time
(`account.events.pass_time(60)`). `env` has AWS_ENDPOINT_URL, an access key, the Region, and
settings that keep the operator's own AWS configuration out. The account is empty, except for the
bucket ARTIFACTS, for `--s3-bucket` and the parameter ArtifactBucket. `call.client("s3")` is a
boto3 client like a real one, if the tuple is named `call`.
"""

import contextlib
import os
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import boto3

from preview.account import Account
from preview.cli.deployment import OTHERS
from preview.endpoint.server import Endpoint
from preview.stack_id import StackId
from tests.preview.operator import PARAMETERS

ARTIFACTS = PARAMETERS["ArtifactBucket"]
NOWHERE = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_PAGER": "",
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


class Given(NamedTuple):
    """What a client needs, and the account behind it."""

    account: Account
    url: str
    env: dict[str, str]

    def client(self, service: str) -> Any:
        """A boto3 client that knows nothing of the preview but its URL."""
        return client_of(self.env, service)


def client_of(env: Mapping[str, str], service: str) -> Any:
    """A boto3 client with nothing but these environment variables."""
    session = boto3.Session(
        aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
        region_name=env["AWS_REGION"],
    )
    url = env["AWS_ENDPOINT_URL"]
    return session.client(service, endpoint_url=url)  # type: ignore[call-overload]  # any service's


@contextlib.contextmanager
def aws_endpoint(
    *,
    region: str = "us-east-1",
    seconds_per_look: float = 30,
    longest_look: float = 50,
    called: set[Any] | None = None,
) -> Iterator[Given]:
    """An empty account with an endpoint.

    Args:
        region: the account's Region.
        seconds_per_look: how much of the account's time passes with each DescribeChannel: a
            client that polls a channel's state does not wait in real time.
        longest_look: for how many seconds DescribeStacks waits for the end of an operation, so
            that a client that polls a stack finds it complete; 0: clients see it in progress.
        called: gets the services and actions that are called.
    """
    with (
        Account(StackId(region=region)) as account,
        Endpoint(
            account, OTHERS, seconds_per_look=seconds_per_look, longest_look=longest_look
        ) as endpoint,
    ):
        account.make_bucket(ARTIFACTS)
        if called is not None:
            endpoint.called = called
        yield Given(account, endpoint.url, {**endpoint.environment(), **NOWHERE})
