"""AWS account and Region that a command works in."""

from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

from protected_stream.errors import AwsError
from protected_stream.operator.aws_errors import explained

# seconds; boto3 waits a minute, and an operator would think that the command hangs
CONNECT_SECONDS = 10
# "standard" repeats throttled requests and lost connections with growing pauses
RETRIES = {"mode": "standard", "max_attempts": 5}


@dataclass(frozen=True, kw_only=True)
class Connection:
    """Credentials that AWS has accepted."""

    session: boto3.Session
    account: str
    """The account's 12 digits."""
    region: str

    def client(self, service: str, region: str | None = None) -> Any:
        """A client of the service, in the command's Region or another one."""
        config = Config(retries=RETRIES, connect_timeout=CONNECT_SECONDS)  # type: ignore[arg-type]
        return self.session.client(service, region_name=region, config=config)  # type: ignore[call-overload]


def connect(*, profile: str | None = None, region: str | None = None) -> Connection:
    """Finds out whose credentials these are; boto3 looks for them in its usual places.

    https://docs.aws.amazon.com/boto3/latest/guide/credentials.html

    Raises:
        AwsError: there are no credentials or no Region, or AWS does not accept them.
    """
    with explained("use the AWS credentials"):
        session = boto3.Session(profile_name=profile, region_name=region)
        if session.region_name is None:
            raise AwsError("No Region is set. Add --region, or set AWS_REGION.")
        config = Config(retries=RETRIES, connect_timeout=CONNECT_SECONDS)  # type: ignore[arg-type]
        account = session.client("sts", config=config).get_caller_identity()["Account"]
    return Connection(session=session, account=account, region=session.region_name)
