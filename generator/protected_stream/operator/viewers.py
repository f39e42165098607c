"""Viewers' accounts in the stack's Cognito user pool: listing, inviting, importing, disabling."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from protected_stream.errors import AwsError, printable
from protected_stream.operator.aws_errors import explained
from protected_stream.operator.clock import Clock
from protected_stream.operator.deployed_stack import DeployedStack

MAILS_A_DAY = 50
"""Of Cognito's own sender. Source: Amazon Cognito Developer Guide, "Quotas in Amazon Cognito",
email messages sent daily per user pool."""
DAY = 86_400
PAUSE_SECONDS = 0.1
"""Between two accounts: a fifth of the 50 requests a second that Cognito allows an account for the
category UserCreation, so that viewers' sign-ups go on. Source: the same page."""
LONGEST_ADDRESS = 128
"""Of a username. Source: Amazon Cognito API Reference, AdminCreateUser."""
ADDRESS = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+\.[^\s@,;<>\"]+")


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """An account in the user pool."""

    username: str
    address: str
    status: str
    """Cognito's, such as CONFIRMED, or FORCE_CHANGE_PASSWORD until the first sign-in."""
    enabled: bool
    created: datetime


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """Somebody to invite."""

    address: str
    group: str | None = None


@dataclass(frozen=True, kw_only=True)
class Pool:
    """The user pool of a stack."""

    stack: DeployedStack
    id: str
    groups: tuple[str, ...]
    """Only members of one of them may watch; none: everybody who can sign in."""
    providers: tuple[str, ...]
    """Identity providers whose viewers need no account here."""

    @property
    def client(self) -> Any:
        """Of Cognito."""
        return self.stack.connection.client("cognito-idp")

    def viewers(self) -> list[Viewer]:
        """Every account.

        Raises:
            AwsError: AWS refuses, or cannot be reached.
        """
        with explained("list the viewers"):
            pages = self.client.get_paginator("list_users").paginate(UserPoolId=self.id)
            return [_viewer(one) for page in pages for one in page["Users"]]

    def sends_by_ses(self) -> bool:
        """Whether Amazon SES sends the mails, and not Cognito's own sender.

        Raises:
            AwsError: AWS refuses, or cannot be reached.
        """
        with explained("read how the user pool sends mail"):
            pool = self.client.describe_user_pool(UserPoolId=self.id)["UserPool"]
        return bool(pool.get("EmailConfiguration", {}).get("EmailSendingAccount") == "DEVELOPER")

    def invite(self, invitation: Invitation, *, message: str | None = None) -> bool:
        """Creates the account; False if it exists, which changes nothing but its group.

        Args:
            invitation: who.
            message: SUPPRESS for no mail, RESEND for another mail to an account that exists.

        Raises:
            AwsError: AWS refuses, or cannot be reached.
        """
        asked = {} if message is None else {"MessageAction": message}
        if message != "RESEND":
            asked["UserAttributes"] = [  # type: ignore[assignment]
                {"Name": "email", "Value": invitation.address},
                {"Name": "email_verified", "Value": "true"},
            ]
        is_new = True
        with explained(f"invite {printable(invitation.address)}"):
            try:
                self.client.admin_create_user(
                    UserPoolId=self.id,
                    Username=invitation.address,
                    DesiredDeliveryMediums=["EMAIL"],
                    **asked,
                )
            except ClientError as error:
                if error.response["Error"]["Code"] != "UsernameExistsException":
                    raise
                is_new = False
        if invitation.group:
            with explained(f"put {printable(invitation.address)} into {invitation.group}"):
                self.client.admin_add_user_to_group(
                    UserPoolId=self.id, Username=invitation.address, GroupName=invitation.group
                )
        return is_new

    def disable(self, address: str) -> None:
        """Disables the account, which revokes its refresh tokens.

        Raises:
            AwsError: AWS refuses, or cannot be reached.
        """
        with explained(f"disable {printable(address)}"):
            self.client.admin_disable_user(UserPoolId=self.id, Username=address)


def pool_of(stack: DeployedStack) -> Pool:
    """The stack's own user pool.

    Raises:
        AwsError: the viewers' accounts are elsewhere, AWS refuses, or cannot be reached.
    """
    pools = [id_ for id_ in stack.of_type("AWS::Cognito::UserPool").values() if id_]
    if not pools or stack.outputs.get("UserPoolId", pools[0]) != pools[0]:
        raise AwsError(
            "The viewers have their accounts in a user pool that is not the stack's (viewers.pool ="
            ' "existing"): only its owner invites, imports and disables them.'
        )
    return Pool(
        stack=stack,
        id=pools[0],
        groups=_names(stack, "AWS::Cognito::UserPoolGroup", "GroupName"),
        providers=_names(stack, "AWS::Cognito::UserPoolIdentityProvider", "ProviderName"),
    )


def _names(stack: DeployedStack, kind: str, key: str) -> tuple[str, ...]:
    return tuple(
        str(resource["Properties"][key])
        for resource in stack.template["Resources"].values()
        if resource["Type"] == kind
    )


def _viewer(user: Any) -> Viewer:
    attributes = {one["Name"]: one.get("Value", "") for one in user.get("Attributes", [])}
    return Viewer(
        username=user["Username"],
        address=attributes.get("email", ""),
        status=user["UserStatus"],
        enabled=user["Enabled"],
        created=user["UserCreateDate"],
    )


def mistakes_in(address: str) -> str:
    """What is wrong with an address; empty if nothing is."""
    if not (ADDRESS.fullmatch(address) and address.isprintable()):
        return f"{printable(address) or 'an empty cell'} is not an e-mail address"
    if len(address) > LONGEST_ADDRESS:
        return f"the address has more than {LONGEST_ADDRESS} characters"
    return ""


def mistake_in_group(group: str | None, groups: Sequence[str]) -> str:
    """What is wrong with the group of an invitation; empty if nothing is."""
    if group is None:
        known = " or ".join(groups)
        return f"only members of {known} may watch: name one" if groups else ""
    if group in groups:
        return ""
    return f"the stream file has no group {printable(group)}"


def read(
    text: str, groups: Sequence[str], *, group: str | None = None
) -> tuple[list[Invitation], list[str]]:
    """The invitations of a CSV file, and its mistakes by line.

    Args:
        text: a line for each viewer: the address, and the group if the second column has one; a
            first line that begins with `email` is a heading.
        groups: of the stream file.
        group: that of lines without one.
    """
    invitations: list[Invitation] = []
    mistakes: list[str] = []
    lines: dict[str, int] = {}
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            is_heading = reader.line_num == 1 and cells[:1] == ["email"]
            if is_heading or not any(cells):
                continue
            line, address = reader.line_num, cells[0]
            own = next(iter(cells[1:2]), "") or group
            earlier = lines.setdefault(address.lower(), line)
            found = [mistakes_in(address), mistake_in_group(own, groups)]
            if len(cells) > 2:
                found.append("it has more than two columns: the address, and the group")
            if earlier != line:
                found.append(f"the address is in line {earlier}, too")
            mistakes += [f"line {line}: {one}" for one in found if one]
            invitations.append(Invitation(address=address, group=own))
    except csv.Error as error:
        mistakes.append(f"line {reader.line_num}: {error}")
    return invitations, mistakes


@dataclass(frozen=True, kw_only=True)
class Imported:
    """How an import ended."""

    invited: int
    there: int
    """Accounts that existed already."""
    left: int
    """Not invited, as Cognito's own sender sends no more mails today."""


def mails_left(pool: Pool, known: Sequence[Viewer], clock: Clock) -> int | None:
    """How many mails Cognito's own sender still sends today; None without such a limit.

    An upper bound: mails for forgotten passwords count, too, and nothing tells how many there were.

    Raises:
        AwsError: AWS refuses, or cannot be reached.
    """
    if pool.sends_by_ses():
        return None
    today = sum(1 for one in known if clock.now() - one.created.timestamp() < DAY)
    return max(MAILS_A_DAY - today, 0)


def bring_in(
    pool: Pool,
    invitations: Sequence[Invitation],
    clock: Clock,
    report: Callable[[int], None],
    *,
    without_mail: bool,
) -> Imported:
    """Invites everybody who has no account, at a pace that Cognito allows.

    Raises:
        AwsError: AWS refuses, or cannot be reached; those who were invited until then stay.
    """
    known = pool.viewers()
    there = {name.lower() for one in known for name in (one.address, one.username)}
    new = [one for one in invitations if one.address.lower() not in there]
    most = None if without_mail else mails_left(pool, known, clock)
    invited = 0
    for one in new[:most]:
        invited += pool.invite(one, message="SUPPRESS" if without_mail else None)
        report(invited)
        clock.sleep(PAUSE_SECONDS)
    return Imported(
        invited=invited,
        there=len(invitations) - len(new),
        left=len(new) - len(new[:most]),
    )


def notes(pool: Pool) -> Iterator[str]:
    """What accounts of this pool are not needed for."""
    if pool.providers:
        yield (
            f"Viewers who sign in with {' or '.join(pool.providers)} need no invitation, and are"
            " other users than those who are invited with the same address."
        )
