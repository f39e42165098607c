"""Interleavings: one act on the keys is paused before one of its calls while another runs whole.

Afterward the rest of the rotation runs, if one of the acts is a step of it. The cell of the grid is
then judged: now, 30 minutes later, after repeating what failed, and at a rotation two days later.
"""

import contextlib
import functools
import itertools
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric import rsa

from preview.services.aws.aws_error import AwsError
from preview.services.aws.moto_secrets import begin_rotation, end_rotation, pending_version
from shared.key_ring import NoSigningKey
from signing_key.app import REVOKE, NotDone
from signing_key.key_life import newest
from tests.lambda_src.shared.simulated_time import Clock
from tests.lambda_src.signing_key.aws_account import simulated_account
from tests.lambda_src.signing_key.cloudformation import (
    STEPS,
    TOKEN,
    Event,
    ResponseUrl,
    Stack,
    response_url,
    trusted_response_url,
)

GOOD, HEALED = "good", "failed loudly, healed by a repeat"
SILENT, STUCK = "silently bad", "stuck"
"""What a cell can be; the last two are faults."""

PAUSED = (*STEPS, "revoke", "update")
MEANWHILE = (*PAUSED, "rotation", "update back")
"""The acts; one that is both is the same event, delivered twice."""

HALF_AN_HOUR, DAY = 1800, 86_400
_ROTATION, _REST = "rotation", "the other steps"
_WHOLE = {_ROTATION: STEPS, _REST: STEPS[1:]}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One interleaving."""

    paused: str
    meanwhile: Sequence[tuple[int, str]]
    """Before which of its calls, from 1, the first act is paused, and what runs then."""

    def __str__(self) -> str:
        runs = (f"{act} before call {number}" for number, act in self.meanwhile)
        return f"{self.paused} with {' and '.join(runs)}"


@dataclass(kw_only=True)
class _Trial:
    """A stack, and what has been said about the acts on its keys."""

    stack: Stack
    events: dict[str, Event] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    before: frozenset[str] = frozenset()
    """The IDs of the keys before the acts; none is trusted after a revocation."""

    def act(self, name: str) -> bool:
        """Whether the act succeeds."""
        try:
            succeeded = self._act(name)
        except NotDone:
            succeeded = False
        (self.done if succeeded else self.failed).append(name)
        return succeeded

    def _act(self, name: str) -> bool:
        if name in STEPS:
            self.stack.step(name)
        elif name in _WHOLE:
            for step in _WHOLE[name]:
                self.stack.step(step)
        elif name == "revoke":
            self.stack.run_for_a_person(REVOKE)
        else:
            return [answer["Status"] for answer in self.stack.run(self.events[name])] == ["SUCCESS"]
        return True

    @property
    def group(self) -> Sequence[str]:
        return self.stack.account.group(self.stack.name).items

    def is_good(self) -> bool:
        """Whether every edge trusts the signer, and what was said to be done is."""
        ring = self.stack.ring
        try:
            signer = ring.signer_at(int(self.stack.clock.now)).key_pair_id
        except NoSigningKey:
            return False
        exists = signer in self.stack.account.cloudfront.public_keys
        if not exists or signer not in self.group:
            return False
        if "revoke" in self.done and self.before & {*ring.key_pair_ids, *self.group}:
            return False
        wants_rsa = "update" in self.done and "update back" not in (*self.done, *self.failed)
        return not wants_rsa or newest(ring.keys).algorithm == "rsa-2048"

    def stays_good(self) -> bool:
        """The same now and when the newest key signs."""
        now = self.is_good()
        self.stack.clock.sleep(HALF_AN_HOUR)
        return now and self.is_good()

    def repeat(self) -> bool:
        """Whether everything that failed succeeds when it is repeated."""
        again, self.failed = self.failed, []
        for name in dict.fromkeys(_ROTATION if one in (*STEPS, *_WHOLE) else one for one in again):
            if name == _ROTATION:
                self.rotate_again()
            elif name == "revoke":
                self.act(name)
            else:
                # a failed update is repeated, or CloudFormation goes back
                self.act(name)
        return not self.failed

    def rotate_again(self) -> None:
        """RotateSecret; if it is refused, Secrets Manager reattempts the earlier rotation."""
        token = f"00000000-0000-4000-8000-{int(self.stack.clock.now):012}"
        try:
            begin_rotation(self.stack.secret_arn, token)
        except AwsError:
            pending = pending_version(self.stack.secret_arn)
            assert pending
            with contextlib.suppress(NotDone):
                for step in STEPS:
                    self.stack.step(step, pending)
                end_rotation(self.stack.secret_arn, pending)
                return
            self.stack.clock.sleep(1)
            try:
                token = f"00000000-0000-4000-8000-{int(self.stack.clock.now):012}"
                begin_rotation(self.stack.secret_arn, token)
            except AwsError:
                self.failed.append(_ROTATION)
                return
        try:
            for step in STEPS:
                self.stack.step(step, token)
            end_rotation(self.stack.secret_arn, token)
        except NotDone as error:
            # nothing has to be repeated as long as the newest key does not sign yet
            if "does not sign yet" not in str(error):
                self.failed.append(_ROTATION)


def grid(paused: Sequence[str] = PAUSED) -> Iterator[Cell]:
    """All cells of these acts: another act runs whole, or a rotation in two parts."""
    for one in paused:
        numbers = range(1, _calls(one) + 1)
        for other in MEANWHILE:
            for number in numbers:
                yield Cell(paused=one, meanwhile=((number, other),))
        if one not in STEPS:
            for first, second in itertools.combinations(numbers, 2):
                yield Cell(paused=one, meanwhile=((first, STEPS[0]), (second, _REST)))


def sample(cells: Sequence[Cell], count: int, seed: str) -> list[Cell]:
    """Some cells, the same in every run."""
    return Random(seed).sample(cells, count)  # noqa: S311 - the same in every run


def judged(cells: Sequence[Cell]) -> Counter[str]:
    """How many cells came out how; prints those that are faults."""
    counts: Counter[str] = Counter()
    with response_url() as url, trusted_response_url():
        for cell in cells:
            outcome = _judge(cell, url)
            counts[outcome] += 1
            if outcome in (SILENT, STUCK):
                print(f"{outcome}: {cell}")
    return counts


def _calls(act: str) -> int:
    """How many calls the act makes when nothing comes between."""
    with _trial(None, Cell(paused=act, meanwhile=())) as trial:
        trial.stack.account.record()
        trial.act(act)
        return len(trial.stack.account.actions)


@contextlib.contextmanager
def _trial(url: ResponseUrl | None, cell: Cell) -> Iterator[_Trial]:
    """A stack a month after its creation, with the steps done that precede the acts."""
    with contextlib.ExitStack() as opened:
        if url is None:
            opened.enter_context(trusted_response_url())
            url = opened.enter_context(response_url())
        opened.enter_context(
            patch.dict(os.environ, {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"})
        )
        keys = itertools.cycle(_rsa_keys())
        opened.enter_context(patch.object(rsa, "generate_private_key", lambda **_: next(keys)))
        clock = Clock()
        account = opened.enter_context(simulated_account(clock))
        trial = _Trial(stack=Stack(account=account, clock=clock, url=url))
        group_id = trial.stack.create()
        clock.sleep(30 * DAY)
        _prepare(trial, group_id, cell)
        yield trial
        url.forget()


@functools.cache
def _rsa_keys() -> Sequence[rsa.RSAPrivateKey]:
    """More than one trial needs; generating them takes longer than everything else."""
    return [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(12)]


def _prepare(trial: _Trial, group_id: str, cell: Cell) -> None:
    stack = trial.stack
    for name, algorithm in (("update", "rsa-2048"), ("update back", "ecdsa-p256")):
        stack.algorithm = algorithm
        trial.events[name] = stack.event("Update", group_id)
    acts = (cell.paused, *(act for _, act in cell.meanwhile))
    if {*STEPS, _ROTATION} & {*acts}:
        begin_rotation(stack.secret_arn, TOKEN)
    step = _step(cell)
    for earlier in STEPS[: STEPS.index(step)] if step else ():
        stack.step(earlier)
    trial.before = frozenset(stack.account.cloudfront.public_keys)


def _step(cell: Cell) -> str | None:
    """The step of the rotation that has been reached, if one is among the acts."""
    acts = (cell.paused, *(act for _, act in cell.meanwhile))
    return next((act for act in acts if act in STEPS), None)


def _judge(cell: Cell, url: ResponseUrl) -> str:
    with _trial(url, cell) as trial:
        account = trial.stack.account
        account.record()
        for number, name in cell.meanwhile:
            account.meanwhile[number] = functools.partial(trial.act, name)
        succeeded = trial.act(cell.paused)
        _forget_unheard(trial, cell)
        # what did not come between because the first act was done earlier
        late, account.meanwhile = account.meanwhile, {}
        for act in late.values():
            act()
        step = _step(cell)
        is_whole = any(name in _WHOLE for _, name in cell.meanwhile)
        if step and not is_whole and (succeeded or cell.paused not in STEPS):
            for later in STEPS[STEPS.index(step) + 1 :]:
                if not trial.act(later):
                    break
        return _outcome(trial)


def _forget_unheard(trial: _Trial, cell: Cell) -> None:
    """If an event is delivered twice, the caller has the answer of the run that ended first."""
    for _, name in cell.meanwhile:
        if name == cell.paused or (cell.paused in STEPS and name in _WHOLE):
            for said in (trial.failed, trial.done):
                if said and said[-1] == cell.paused:
                    said.pop()


def _outcome(trial: _Trial) -> str:
    has_failed = bool(trial.failed)
    if not trial.stays_good() and not has_failed:
        return SILENT
    if has_failed and not (trial.repeat() and trial.stays_good()):
        return STUCK
    trial.stack.clock.sleep(2 * DAY)
    trial.rotate_again()
    if trial.failed or not trial.stays_good():
        return STUCK
    return HEALED if has_failed else GOOD
