"""The operator reads what failed and why, without the SDK's sentence."""

import pytest
from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from preview.services.aws.sdk_error import meaning, without_sentence


def error(code: str, message: str) -> ClientError:
    """An error as boto3 raises it."""
    answer = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"MaxAttemptsReached": True, "RetryAttempts": 0},
    }
    return ClientError(answer, "AdminCreateUser")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raised", "text"),
    [
        (error("Throttling", "Rate exceeded"), "AdminCreateUser: Throttling: Rate exceeded"),
        (
            error("UserNotFoundException", "me@example.com"),
            "The user pool has no account with that email address (UserNotFoundException).",
        ),
        (
            ParamValidationError(report="Unknown parameter"),
            "Parameter validation failed:\nUnknown parameter",
        ),
    ],
)
def test_the_meaning_has_the_error_code(raised: ClientError | BotoCoreError, text: str) -> None:
    assert meaning(raised) == text


def test_a_text_with_the_sdks_sentence_keeps_what_it_says() -> None:
    said = f"Refused: {error('AccessDenied', 'not yours')}"
    assert "An error occurred" in said
    assert without_sentence(said) == "Refused: AdminCreateUser: AccessDenied: not yours"
    assert without_sentence("Nothing was changed.") == "Nothing was changed."
