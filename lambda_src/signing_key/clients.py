"""The SDK's clients of a container, or the reason in words why there are none."""

from collections.abc import Callable
from typing import TypeVar

from botocore.exceptions import BotoCoreError

from shared.errors import Failure
from shared.log import disable_debug

T = TypeVar("T")


def built(build: Callable[[], T]) -> T:
    """What `build` makes with `boto3.client`.

    Raises:
        Failure: The SDK cannot build it, for want of a Region for example.
    """
    disable_debug()
    try:
        return build()
    except BotoCoreError as error:
        raise Failure(
            f"The AWS SDK cannot start in this function ({type(error).__name__}): look at its"
            " environment variables, AWS_REGION first."
        ) from None
