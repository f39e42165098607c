"""`protected-stream revoke`: no earlier signing key is trusted any longer."""

import argparse

from protected_stream.cli import on_stack
from protected_stream.cli.console import ask, print_json, progress
from protected_stream.cli.exit_status import CLEAN, FINDINGS
from protected_stream.operator.clock import goes_on
from protected_stream.operator.deployed_stack import found
from protected_stream.operator.key_change import REVOCATION, revoke, steps
from protected_stream.operator.signing_key import mode_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    on_stack.add_arguments(parser, asks=True)


def run(asked: argparse.Namespace) -> int:
    """Revokes them, or says how; returns the exit status."""
    return on_stack.run(asked, _revoke)


def _revoke(target: on_stack.Target) -> int:
    stack = found(target.connection, target.name)
    mode = mode_of(stack)
    if mode != "managed":
        how = steps(stack, REVOCATION, mode)
        if target.asked.json:
            print_json({"mode": mode, "revoked": False, "steps": how})
        else:
            print("\n".join((*how, "docs/keys.md has the reasons.")))
        return FINDINGS
    ask(
        "Every signing key is revoked, and a new one signs at once. Every viewer gets 403 for some"
        " minutes, also during a show. `rotate` changes the key without that, if nobody else has"
        " it.",
        is_answered=target.asked.yes,
    )
    later = (
        "A revocation that has begun goes on at AWS. Run `protected-stream revoke` again if"
        " `protected-stream logs` does not say that it has ended: that does no harm."
    )
    with progress() as report, goes_on(later):
        report("revoking: a new key is created, and the others are no longer trusted")
        said = revoke(stack)
    if target.asked.json:
        print_json({"mode": mode, "revoked": True, "details": said})
    else:
        print(said)
    return CLEAN
