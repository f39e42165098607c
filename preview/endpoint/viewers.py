"""Cognito viewers whose invitations are mailed: the account's mailbox gets the password.

Source: Amazon Cognito API Reference, "AdminCreateUser".
"""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from preview.account import temporary_password
from preview.endpoint.desk import Desk
from preview.services.aws.aws_error import AwsError


def admin_create_user(desk: Desk, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Creates a viewer, or renews the temporary password; mails it unless that is suppressed."""
    given = {"TemporaryPassword": temporary_password(), **asked}
    try:
        made = desk.account.client("cognito-idp").admin_create_user(**given)
    except ClientError as error:
        found = error.response["Error"]
        raise AwsError(found["Code"], found["Message"]) from None
    attributes = {one["Name"]: one["Value"] for one in made["User"]["Attributes"]}
    if asked.get("MessageAction") != "SUPPRESS" and "email" in attributes:
        desk.account.mailbox[attributes["email"]] = given["TemporaryPassword"]
    return {"User": made["User"]}
