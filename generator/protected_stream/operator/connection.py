"""AWS account and Region that a command works in."""

from dataclasses import dataclass, field
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
    _clients: dict[tuple[str, str | None, int | None], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def client(
        self, service: str, region: str | None = None, *, answers_within: int | None = None
    ) -> Any:
        """The client of the service.

        It is kept: boto3 needs a tenth of a second to make one, and some commands look often.

        Args:
            service: boto3's name of it.
            region: by default, the command's.
            answers_within: seconds, for a request that takes long and must not be repeated.
        """
        key = service, region, answers_within
        if key not in self._clients:
            config = Config(retries=RETRIES, connect_timeout=CONNECT_SECONDS)  # type: ignore[arg-type]
            if answers_within:
                once = Config(read_timeout=answers_within, retries={"total_max_attempts": 1})
                config = config.merge(once)
            made = self.session.client(service, region_name=region, config=config)  # type: ignore[call-overload]
            self._clients[key] = made
        return self._clients[key]


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
