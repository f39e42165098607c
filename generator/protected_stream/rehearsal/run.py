"""Runs the steps, one after the other, and stops the channel whatever happens."""

from collections.abc import Callable
from dataclasses import replace

from protected_stream.errors import AwsError
from protected_stream.rehearsal.doubts import doubt_in
from protected_stream.rehearsal.evidence import Evidence, Result
from protected_stream.rehearsal.notes import Bad, Notes, NotTried, Operator
from protected_stream.rehearsal.stage import Stage
from protected_stream.rehearsal.steps import STEPS, Step

DECLINED = "you declined"
INTERRUPTED = "the step was interrupted"


class StillRunning(Exception):
    """The channel may be on the air after the rehearsal, which has been reported."""


def rehearse(
    stage: Stage, operator: Operator, evidence: Evidence, done: Callable[[Result], None]
) -> None:
    """Tries every step. However that ends, a channel that it has started is stopped.

    Args:
        stage: the stack.
        operator: is asked.
        evidence: is written after each step.
        done: is given what each step showed.

    Raises:
        StillRunning: the channel could not be stopped.
        OSError: the evidence cannot be written.
    """
    try:
        for number, step in enumerate(STEPS, 1):
            stage.report(f"{number}/{len(STEPS)} {step.title}")
            done(_result(step, stage, operator, evidence))
    finally:
        if stage.started:
            stage.report("making sure that the channel is off the air")
        _go_off_the_air(stage, evidence)


def _go_off_the_air(stage: Stage, evidence: Evidence) -> None:
    """Stops the channel, and writes down how it was left; only a second Ctrl-C prevents that.

    Raises:
        StillRunning: it may be on the air.
        KeyboardInterrupt: it is not, and Ctrl-C was pressed once meanwhile.
    """
    interrupt: KeyboardInterrupt | None = None
    try:
        try:
            left = stage.stop()
        except KeyboardInterrupt as first:
            interrupt = first
            stage.report("The channel is stopped first; Ctrl-C again leaves it as it is.")
            left = stage.stop()
    except BaseException as error:
        why = str(error) if isinstance(error, AwsError) else f"Interrupted ({error!r})."
        stage.report(f"{why} {how_to_stop(stage)}")
        evidence.end("The channel may be on the air.")
        raise StillRunning from error
    evidence.end(left)
    if interrupt:
        raise interrupt


def how_to_stop(stage: Stage) -> str:
    """What the operator must do if the channel could not be stopped."""
    where = f"--channel-id {stage.started.id} " if stage.started else ""
    return (
        "The channel may be on the air, and cost money: stop it with `aws medialive stop-channel"
        f" {where}--region {stage.connection.region}`."
    )


def _result(step: Step, stage: Stage, operator: Operator, evidence: Evidence) -> Result:
    """Tries a step, and writes its result into the evidence, even if it is interrupted."""
    notes = Notes(operator=operator, report=stage.report)
    begin = stage.clock.now()
    result = Result(step=step.id, title=step.title, state="not tried", reason=INTERRUPTED)
    try:
        if step.after and evidence.result(step.after).state == "bad":
            result = replace(result, reason=f"step {step.after} was bad")
        else:
            result = _tried(step, stage, notes, result)
    except BaseException as error:
        result = replace(result, reason=f"{INTERRUPTED}: {str(error) or type(error).__name__}")
        raise
    finally:
        evidence.add(
            replace(
                result,
                messages=tuple(notes.messages),
                looks=tuple(notes.looks),
                seconds=round(stage.clock.now() - begin),
            )
        )
    return evidence.result(step.id)


def _tried(step: Step, stage: Stage, notes: Notes, result: Result) -> Result:
    """The result, as far as a step tells it."""
    try:
        _try(step, stage, notes)
    except NotTried as why_not:
        return replace(result, reason=str(why_not))
    except (AwsError, Bad) as fault:
        notes.add(str(fault))
        doubt = doubt_in(step.doubts, notes.messages)
        return replace(result, state="bad", reason="", doubt=doubt.id if doubt else "")
    return replace(result, state="good", reason="")


def _try(step: Step, stage: Stage, notes: Notes) -> None:
    """Does it, if the operator agrees to its cost.

    Raises:
        NotTried: something prevents it, or the operator declines.
        Bad: AWS, or what the operator sees, is not as was assumed.
        AwsError: AWS refuses, or cannot be reached.
    """
    if why := step.obstacle(stage):
        raise NotTried(why)
    cost = step.cost(stage.build.template)
    if cost and not notes.operator.agrees(f"{step.title}? {cost}"):
        raise NotTried(DECLINED)
    step.act(stage, notes)
    if notes.unseen:
        raise Bad(f"The answer was no: {' '.join(notes.unseen)}")
