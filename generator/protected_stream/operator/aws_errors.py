"""AWS errors as sentences: what AWS refused or why it could not be reached, and what to do."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's, a base class of its network errors
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

from protected_stream.errors import AwsError, printable

ADVICE: Mapping[str, str] = {
    code: advice
    for codes, advice in (
        (
            (
                *("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "Forbidden"),
                "ForbiddenException",  # MediaLive's
            ),
            "Use credentials with the permissions of docs/deployer-policy.json, or of"
            " docs/operator-policy.json for operating a stream.",
        ),
        (
            ("ExpiredToken", "ExpiredTokenException", "RequestExpired"),
            "The credentials have expired: sign in again (aws sso login, or new temporary keys).",
        ),
        (
            (
                "InvalidClientTokenId",
                "UnrecognizedClientException",
                "SignatureDoesNotMatch",
                "AuthFailure",
                "InvalidAccessKeyId",
            ),
            "AWS does not accept the credentials: check the access key, and this machine's clock.",
        ),
        (
            (
                "Throttling",
                "ThrottlingException",
                "TooManyRequestsException",
                "RequestLimitExceeded",
                "SlowDown",
            ),
            "AWS allows fewer requests than were made: wait a minute and try again.",
        ),
        (
            ("OptInRequired", "SubscriptionRequiredException"),
            "The account is not subscribed to this service; AWS Support can tell why.",
        ),
    )
    for code in codes
}
"""What to do about an error, by its code. Source: AWS General Reference, "Common errors"."""


@contextmanager
def explained(purpose: str) -> Iterator[None]:
    """Turns boto3's exceptions into an AwsError with one sentence for people.

    Args:
        purpose: what is tried, as in "describe the stack live".

    Raises:
        AwsError: AWS refuses, or cannot be reached.
    """
    try:
        yield
    except ClientError as error:
        details = error.response.get("Error", {})
        code = details.get("Code", "an unknown error")
        reason = printable(details.get("Message") or code).rstrip(".")
        advice = ADVICE.get(code, "")
        raise AwsError(
            " ".join(filter(None, (f"AWS refused to {purpose}: {reason} ({code}).", advice)))
        ) from error
    except BotoCoreError as error:
        raise AwsError(f"could not {purpose}: {_obstacle(error)}") from error


def _obstacle(error: BotoCoreError) -> str:
    """Why boto3 made no request, or got no response."""
    match error:
        case NoCredentialsError():
            return "there are no AWS credentials. Run `aws configure` or name a --profile."
        case NoRegionError():
            return "no Region is set. Add --region, or set AWS_REGION."
        case ProfileNotFound():
            return f"{printable(str(error))}. `aws configure list-profiles` lists the profiles."
        case SSOError() | TokenRetrievalError() | UnauthorizedSSOTokenError():
            return "the sign-in session has expired. Run `aws sso login`."
        case ConnectionError() | HTTPClientError():
            return f"AWS cannot be reached ({printable(str(error))}). Check the network connection."
        case _:
            return printable(str(error))
