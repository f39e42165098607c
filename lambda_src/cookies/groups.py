"""Cognito groups: only their members get cookies, if the stream names groups.

The KMS function's code has this only if the stream does, as it is inline in the template.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from cookies.responses import Response, refused
from shared.log import note

CLAIM = "cognito:groups"


def for_members(response: Response, event: Mapping[str, Any], groups: Iterable[str]) -> Response:
    """The response to a member of one of the groups; instead of cookies, 403 to everybody else.

    API Gateway passes the list in the access token as text: the names separated by commas, or in
    square brackets, separated by spaces. Names in any other form are none of the groups.
    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html

    Args:
        response: the response to any viewer of the app client.
        event: the API Gateway proxy event.
        groups: names without spaces, commas and brackets.
    """
    if response["statusCode"] != 200:
        return response
    claims = event["requestContext"]["authorizer"]["claims"]
    if set(re.split("[, ]+", claims.get(CLAIM, "").strip("[]"))) & set(groups):
        return response
    note("refused", status=403, field=CLAIM)
    return refused(403, field=CLAIM, message="Your account may not watch this stream.")
