"""`protected-stream viewers`: accounts of the viewers in the deployed stack's user pool."""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

from protected_stream.cli import on_stack
from protected_stream.cli.console import print_json, print_table, progress
from protected_stream.cli.exit_status import CLEAN, FINDINGS, refuse, say
from protected_stream.files import read_regular_file
from protected_stream.operator.clock import goes_on
from protected_stream.operator.deployed_stack import found
from protected_stream.operator.viewers import (
    MAILS_A_DAY,
    Imported,
    Invitation,
    Pool,
    bring_in,
    mails_left,
    mistake_in_group,
    mistakes_in,
    notes,
    pool_of,
    read,
)

LARGEST_FILE = 10_000_000  # bytes; some 300,000 addresses
RESEND = "To send a viewer an invitation with a new password: viewers invite ADDRESS --resend"
TOMORROW = (
    f"Cognito's own sender sends about {MAILS_A_DAY} mails a day. Run this again tomorrow, which"
    " skips those who are there, set viewers.email_from, or add --no-mail."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="list|invite|disable|import")
    on_stack.add_arguments(kinds.add_parser("list", help="print every account"))
    invite = kinds.add_parser("invite", help="create an account, and mail its password")
    invite.add_argument("address")
    invite.add_argument("--resend", action="store_true", help="mail another password")
    disable = kinds.add_parser("disable", help="let an account sign in no longer")
    disable.add_argument("address")
    many = kinds.add_parser("import", help="invite everybody in a CSV file who has no account")
    many.add_argument("file", type=Path, help="a line for each: the address, and a group if any")
    for kind in (invite, many):
        kind.add_argument("--group", help="that may watch, if the stream file names groups")
        kind.add_argument("--no-mail", action="store_true", help="send no invitation")
    for kind in (invite, disable, many):
        on_stack.add_arguments(kind)


def run(asked: argparse.Namespace) -> int:
    """Does what was asked; returns the exit status."""
    return on_stack.run(asked, _run)


def _run(target: on_stack.Target) -> int:
    pool = pool_of(found(target.connection, target.name))
    for note in notes(pool):
        say(f"note: {note}")
    return KINDS[target.asked.kind](target, pool)


def _list(target: on_stack.Target, pool: Pool) -> int:
    viewers = pool.viewers()
    if target.asked.json:
        print_json([{**asdict(one), "created": one.created.isoformat()} for one in viewers])
        return CLEAN
    print_table(
        ("address", "status", "created", "username"),
        (
            (
                one.address,
                one.status if one.enabled else "DISABLED",
                f"{one.created:%Y-%m-%d}",
                one.username,
            )
            for one in viewers
        ),
    )
    return CLEAN


def _invite(target: on_stack.Target, pool: Pool) -> int:
    asked = target.asked
    if asked.resend and asked.no_mail:
        return refuse("--resend sends a mail: leave out --no-mail.")
    wrong = mistakes_in(asked.address)
    if not (asked.resend and asked.group is None):
        wrong = wrong or mistake_in_group(asked.group, pool.groups)
    if wrong:
        return refuse(f"{wrong[0].upper()}{wrong[1:]}.")
    if not asked.no_mail and mails_left(pool, pool.viewers(), target.clock) == 0:
        say(f"No more invitations today. {TOMORROW}")
        return FINDINGS
    invitation = Invitation(address=asked.address, group=asked.group)
    message = "RESEND" if asked.resend else "SUPPRESS" if asked.no_mail else None
    is_new = pool.invite(invitation, message=message)
    if asked.json:
        print_json({"address": asked.address, "invited": is_new})
    elif asked.resend:
        print(f"{asked.address} gets another mail.")
    else:
        print(f"{asked.address} {'is invited' if is_new else 'has an account already'}.")
    if asked.no_mail:
        say(f"Nobody knows the password. {RESEND}")
    return CLEAN


def _disable(target: on_stack.Target, pool: Pool) -> int:
    pool.disable(target.asked.address)
    if target.asked.json:
        print_json({"address": target.asked.address, "disabled": True})
    else:
        print(
            f"{target.asked.address} can no longer sign in. Cookies that this viewer has stay valid"
            " until they expire (docs/limits.md)."
        )
    return CLEAN


def _import(target: on_stack.Target, pool: Pool) -> int:
    asked = target.asked
    try:
        text = read_regular_file(LARGEST_FILE, asked.file).decode("utf-8-sig")
    except OSError as error:
        return refuse(f"{asked.file}: cannot be read: {error.strerror or error}")
    except ValueError:
        return refuse(f"{asked.file}: is not a text file in UTF-8: save it as CSV UTF-8.")
    invitations, mistakes = read(text, pool.groups, group=asked.group)
    if mistakes:
        return refuse(*(f"{asked.file}: {one}" for one in mistakes), "Nobody was invited.")
    later = "Those who were invited stay. Run this again: it skips them."
    with progress() as show, goes_on(later):

        def report(invited: int) -> None:
            # without a terminal, a line each would be too many
            if invited % 10 == 0:
                show(f"{invited} of at most {len(invitations)} invited")

        done = bring_in(pool, invitations, target.clock, report, without_mail=asked.no_mail)
    return _end(target, done)


def _end(target: on_stack.Target, done: Imported) -> int:
    if target.asked.json:
        print_json(asdict(done))
    else:
        print(f"{done.invited} invited, {done.there} had an account already, {done.left} left.")
    if done.left:
        say(TOMORROW)
    if target.asked.no_mail and done.invited:
        say(f"Nobody knows the passwords. {RESEND}")
    return FINDINGS if done.left else CLEAN


KINDS: Mapping[str, Callable[[on_stack.Target, Pool], int]] = {
    "list": _list,
    "invite": _invite,
    "disable": _disable,
    "import": _import,
}
