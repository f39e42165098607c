"""`protected-stream verify`: tries each promise of the deployed stream, or rehearses it."""

import argparse
import functools
import sys
from collections.abc import Callable
from dataclasses import replace

from protected_stream.cli import on_stack, rehearsal
from protected_stream.cli.console import print_json, print_table
from protected_stream.cli.exit_status import CLEAN, FINDINGS, refuse, say
from protected_stream.errors import AwsError
from protected_stream.operator.deployed_stack import DeployedStack, found
from protected_stream.verify.answers import Unreachable
from protected_stream.verify.deployed import visit_of
from protected_stream.verify.promises import PROMISES, Verdict, verdict
from protected_stream.verify.viewers import as_operator, signed_in, with_viewer
from protected_stream.verify.visit import Viewer, Visit

NO_TERMINAL = "there is no terminal to sign in on: add --as-operator"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    on_stack.add_arguments(parser)
    parser.add_argument(
        "--as-operator",
        action="store_true",
        help="get a viewer's cookies from the function itself, instead of signing in",
    )
    rehearsal.add_arguments(parser)


def run(asked: argparse.Namespace) -> int:
    """Tries them; returns the exit status: 1 if a promise is broken."""
    if asked.rehearsal:
        return rehearsal.run(asked)
    if options := rehearsal.given_without(asked):
        return refuse(f"{', '.join(options)}: only with --rehearsal.")
    return on_stack.run(asked, _verify)


def _verify(target: on_stack.Target) -> int:
    stack = found(target.connection, target.name)
    if "DistributionId" not in stack.outputs:
        raise AwsError(
            f"The stack {stack.name} ({stack.status}) has no distribution to visit: deploy first."
        )
    visit = visit_of(stack)
    _expect_reachable(visit)
    visit = _as_viewer(visit, stack, as_the_operator=target.asked.as_operator)
    results = [_tried(place, visit) for place in range(len(PROMISES))]
    if target.asked.json:
        print_json([_row(one) for one in results])
    else:
        rows = [(one.promise.sentence, one.state, one.why) for one in results]
        print_table(("promise", "result", "why"), rows)
    return FINDINGS if any(one.state == "broken" for one in results) else CLEAN


def _expect_reachable(visit: Visit) -> None:
    """Refuses to call every promise broken because this machine does not get through."""
    address = visit.outputs["WatchAddress"]
    try:
        visit.fetch("GET", address)
    except Unreachable as error:
        raise AwsError(
            f"{address} cannot be reached from this machine ({error}), so nothing was tried. Of the"
            " preview's account, only the browsers that the preview starts reach it."
        ) from error


def _as_viewer(visit: Visit, stack: DeployedStack, *, as_the_operator: bool) -> Visit:
    become: Callable[[Visit], Viewer]
    if as_the_operator:
        name = stack.physical_ids[visit.facts.cookies_function]
        become = functools.partial(as_operator, function=name)
    elif sys.stdin.isatty():
        become = functools.partial(signed_in, ask=_ask)
    else:
        return replace(visit, why_no_viewer=NO_TERMINAL)
    return with_viewer(visit, become)


def _ask(url: str) -> str:
    """The address that the operator pastes, after signing in."""
    say("Open this address in a private window, with the developer tools on their network panel")
    say("and its log preserved, and sign in as a viewer:")
    say(url)
    say("The page removes the code from its address: copy the URL of the request that has ?code=")
    say("from the network panel, and paste it here:")
    try:
        return input()
    except EOFError:
        return ""


def _tried(place: int, visit: Visit) -> Verdict:
    promise = PROMISES[place]
    say(f"{place + 1}/{len(PROMISES)} {promise.sentence}")
    return verdict(promise, visit)


def _row(one: Verdict) -> dict[str, str]:
    return {
        "id": one.promise.id,
        "promise": one.promise.sentence,
        "who": one.promise.who,
        "result": one.state,
        "why": one.why,
    }
