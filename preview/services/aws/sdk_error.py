"""Errors of the AWS SDK, without the sentence that the SDK puts around them."""

import re
from collections.abc import Mapping

from botocore.exceptions import BotoCoreError, ClientError

SENTENCE = re.compile(
    r"An error occurred \((?P<code>[\w.]+)\) when calling the (?P<action>\w+) operation"
    r"(?: \(reached max retries: \d+\))?: "
)
MEANINGS: Mapping[str, str] = {
    "UsernameExistsException": "The user pool already has an account with that email address",
    "UserNotFoundException": "The user pool has no account with that email address",
}
"""What an error code means, where moto's message does not say it."""


def without_sentence(text: str) -> str:
    """The text of an error, with only the action and the error code of the SDK's sentence in it."""
    return SENTENCE.sub(r"\g<action>: \g<code>: ", text)


def meaning(error: ClientError | BotoCoreError) -> str:
    """What failed and why, with the error code that the service's documentation explains."""
    if not isinstance(error, ClientError):
        return str(error)
    code = error.response["Error"].get("Code", "")
    if code in MEANINGS:
        return f"{MEANINGS[code]} ({code})."
    return f"{error.operation_name}: {code}: {error.response['Error'].get('Message', '')}"
