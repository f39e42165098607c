"""Changing the signing mode of a running stream in two deployments: cookies stay valid."""

import contextlib
import functools
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from preview.account import Account
from preview.cloudformation.stack import Stack
from preview.hosts.server import Served
from preview.services.edge.edge import Edge
from protected_stream import Stream, assemble
from protected_stream.building import build
from protected_stream.template.emit import document
from tests.conftest import CHECKOUT, Document
from tests.preview.browser import Browser
from tests.preview.operator import PARAMETERS, copy_code, go_on_air
from tests.preview.rotation_simulation import HOUR, MINUTE, REFUSED
from tests.preview.scenario import certificate
from tests.preview.scenario_steps import EMAIL, PASSWORD
from tests.preview.test_supplied_keys import key_pair
from tests.preview.viewers import Viewer, Viewers

UNTIL_THE_LAST_COOKIE_ENDS = 65 * MINUTE
TABLES: dict[str, dict[str, Any]] = {
    "managed": {"mode": "managed"},
    "supplied": {"mode": "supplied", "public_keys": [key_pair("rsa one")[1]]},
    "kms": {"mode": "kms"},
}

PAIRS = [(old, new) for old in TABLES for new in TABLES if old != new]


class AnyEdge:
    """The current distribution: CloudFormation waits until all edges have the change."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def any(self) -> Edge:
        (edge,) = self._account.edges.values()
        return edge


class Simulation:
    """A stack on air and five viewers; all cookies are tried until they expire."""

    def __init__(self, account: Account, folder: Path, mode: str) -> None:
        self._account, self._folder, self._stack = account, folder, Stack(account=account)
        self.deploy(mode)
        go_on_air(account, self._stack.outputs)
        now = account.clock.now()
        self.viewers = Viewers(
            account=account,
            outputs=self._stack.outputs,
            edges=AnyEdge(account),  # type: ignore[arg-type]  # has only what is used
            viewers=[Viewer(joins_at=now + 3 * MINUTE * number) for number in range(5)],
        )

    def at_each_change(self, act: Callable[[], None]) -> None:
        """Calls `act` whenever CloudFormation has changed a resource."""
        self._stack.say = lambda _: act()

    @contextlib.contextmanager
    def viewer(self) -> Iterator[Browser]:
        """The browser of a viewer who has signed in."""
        with Served(self._account, certificate=certificate()) as served:
            watch_address = self._stack.outputs["WatchAddress"]
            clock = self._account.clock
            browser = Browser(served=served, clock=clock, watch_address=watch_address)
            browser.sign_in(EMAIL, self._account.mailbox[EMAIL], PASSWORD)
            yield browser
            browser.close()

    def deploy(self, mode: str, *, former: str | None = None, late: str = "") -> None:
        stream = _stream(mode, former=former)
        build(stream, self._folder, lambda _: None)
        copy_code(self._account, self._folder)
        template = document(assemble(stream))
        pasted = {"PrivateKeyString": key_pair("rsa one")[0]}
        given = {
            name: value
            for name, value in {**PARAMETERS, **pasted}.items()
            if name in template["Parameters"]
        }
        self._stack.deploy(template, given, late=late)

    def watch(self, seconds: float) -> None:
        for _ in range(int(seconds // (5 * MINUTE))):
            self.viewers.watch(5 * MINUTE, step=5 * MINUTE)
            now = self._account.clock.now()
            good = [one for one in self.viewers.handed_out if one.expires > now]
            refused = [one.key_pair_id for one in good if self.viewers.status(one) == 403]
            assert refused == [], "refused before they expire"


def _stream(mode: str, *, former: str | None = None) -> Stream:
    tables = {"signing": TABLES[mode]} | ({"former_signing": TABLES[former]} if former else {})
    return Stream.model_validate(tables)


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as account:
        yield account


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_a_function_that_stays_keeps_its_code_and_permissions(old: str, new: str) -> None:
    """Its role changes minutes before the function, whose code and settings change separately."""
    before = document(assemble(Stream.model_validate({"signing": TABLES[old]})))["Resources"]
    both = document(assemble(_stream(new, former=old)))["Resources"]
    signers = {"CookiesFunction", "CookiesByKmsFunction"}
    for name in before.keys() & both.keys() & signers:
        function, then = (resources[name]["Properties"] for resources in (before, both))
        assert (function["Code"], function["Handler"]) == (then["Code"], then["Handler"])
        statements = [_statements(resources[f"{name}Role"]) for resources in (before, both)]
        assert all(statement in statements[1] for statement in statements[0])
    other = {("kms" in old, "kms" in new)} <= {(True, False), (False, True)}
    assert other == bool(signers & before.keys() ^ signers & both.keys())


def _statements(role: Document) -> list[Document]:
    (policy,) = role["Properties"]["Policies"]
    found: list[Document] = policy["PolicyDocument"]["Statement"]
    return found


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_cookies_signed_with_the_former_key_stay_valid(
    account: Account, tmp_path: Path, old: str, new: str
) -> None:
    simulation = Simulation(account, tmp_path, old)
    simulation.watch(HOUR)
    simulation.deploy(new, former=old)
    simulation.watch(UNTIL_THE_LAST_COOKIE_ENDS)
    simulation.deploy(new)
    simulation.watch(HOUR)
    assert len({cookies.key_pair_id for cookies in simulation.viewers.handed_out}) == 2
    cloudfront = account.client("cloudfront")
    groups = cloudfront.list_key_groups()["KeyGroupList"]["Items"]
    assert len(groups) == 1


@pytest.mark.parametrize(("old", "new"), [("managed", "kms"), ("kms", "managed")])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_the_api_switches_to_a_function_that_it_may_invoke(
    account: Account, tmp_path: Path, old: str, new: str, method: str
) -> None:
    """Viewers get responses during the whole deployment, even if the permission comes late."""
    simulation = Simulation(account, tmp_path, old)
    with simulation.viewer() as viewer:
        ask = functools.partial(viewer.ask, method, "/api/cookies", headers=viewer.with_token())
        statuses: Counter[int] = Counter()
        simulation.at_each_change(lambda: statuses.update([ask().status_code]))
        simulation.deploy(new, former=old, late=f"{method.capitalize()}CookiesInvokePermission")
    assert statuses.total() > 20
    assert statuses.keys() <= {200, 204}


@pytest.mark.parametrize("former", [None, "managed"], ids=["without the former", "without a wait"])
def test_skipping_it_rejects_viewers(account: Account, tmp_path: Path, former: str | None) -> None:
    simulation = Simulation(account, tmp_path, "managed")
    simulation.watch(HOUR)
    simulation.deploy("kms", former=former)
    if former:
        simulation.deploy("kms")
    with pytest.raises(AssertionError, match=REFUSED):
        simulation.watch(UNTIL_THE_LAST_COOKIE_ENDS)


def test_the_wait_is_the_documented_one() -> None:
    text = (CHECKOUT / "docs" / "keys.md").read_text(encoding="utf-8")
    minutes = UNTIL_THE_LAST_COOKIE_ENDS // MINUTE
    assert f"one step of `[former_signing]`): {minutes} minutes by default |" in text
