"""What each step of the rehearsal does."""

from contextlib import suppress
from ipaddress import IPv4Network

from protected_stream.errors import AwsError
from protected_stream.operator.channel import ON_AIR, Channel
from protected_stream.operator.clock import goes_on, moment
from protected_stream.operator.deletion import (
    PAUSE_SECONDS,
    TRIES,
    PlansUnknown,
    delete,
    empty_buckets,
    in_sentences,
    may_be_released,
    refuse_if_subscribed,
    remaining,
)
from protected_stream.operator.deployed_stack import DeployedStack
from protected_stream.reading.parameters import declared
from protected_stream.rehearsal.notes import Bad, Notes, NotTried
from protected_stream.rehearsal.stage import CHANNEL, Stage

DATE, CIDR = "StopChannelToUpdate", "InputCidr"
ENCODER = "EncoderAddress"
"""The beginning of the outputs' names."""
FIRST_VALUES = {"StartChannel": "No", DATE: "No"}
"""Of a new stack, whatever the parameters file says."""
QUIET_SECONDS, WATCH_SECONDS, LOOK_SECONDS = 120, 60, 15
"""How long MediaLive may complain after a start, how long the channel is watched after a change,
and how often it is looked at."""
RESTART_SECONDS = 1200
"""The guard looks every 15 minutes, and then a start takes a minute or two."""
ALREADY_THERE = "the stack is there already, from an earlier rehearsal"


def check_template(stage: Stage, notes: Notes) -> None:
    """A change set that is not executed."""
    if stage.stack() is not None:
        raise NotTried(ALREADY_THERE)
    changes = stage.change_set(_first_values(stage), executes=False)
    notes.add(f"The change set is created, with {len(changes)} resources, and deleted.")


def create(stage: Stage, notes: Notes) -> None:
    """The stack, with its page."""
    if stage.stack() is not None:
        stage.upload_page()
        raise NotTried(ALREADY_THERE)
    stage.change_set(_first_values(stage))
    notes.add("CREATE_COMPLETE")
    stage.upload_page()
    address = stage.outputs().get("WatchAddress", "the page")
    notes.look(f"Sign in at {address} and look: does the page say that the stream is not on air?")


def _first_values(stage: Stage) -> dict[str, str]:
    names = stage.build.template["Parameters"]
    return {name: text for name, text in FIRST_VALUES.items() if name in names}


def go_on_air(stage: Stage, notes: Notes) -> None:
    """Starts the channel, waits until nothing is missing, and has the page looked at."""
    outputs = stage.outputs()
    addresses = [text for name, text in outputs.items() if name.startswith(ENCODER)]
    if addresses:
        notes.operator.waits_for(f"Start pushing to {' and '.join(sorted(addresses))}.")
    _start(stage, notes)
    channel = _started(stage)
    notes.add(f"The channel is {channel.state()}.")
    _wait_for_quiet(stage, channel)
    notes.look(f"Does the page play ({outputs.get('WatchAddress', '')})?")
    if "DashManifest" in outputs:
        notes.look("Does the page play DASH, with /#dash at the end of its address?")
    state = channel.state()
    if state not in ON_AIR:
        raise Bad(f"The channel has not started for good: it is {state}.")
    if alerts := channel.alerts():
        raise Bad(f"MediaLive alerts: {'; '.join(alerts)}")


def _start(stage: Stage, notes: Notes) -> None:
    """Starts it; if it falls back, notes what MediaLive has complained about."""
    try:
        stage.start()
    except AwsError:
        if stage.started:
            with suppress(AwsError):
                for alert in stage.started.alerts(with_cleared=True):
                    notes.add(f"MediaLive alerted: {alert}")
        raise


def _wait_for_quiet(stage: Stage, channel: Channel) -> None:
    """A channel complains at first, until the encoder reaches it."""
    for _ in range(QUIET_SECONDS // LOOK_SECONDS):
        alerts = channel.alerts()
        if not alerts:
            return
        stage.report(f"MediaLive alerts: {'; '.join(alerts)}")
        stage.clock.sleep(LOOK_SECONDS)


def _started(stage: Stage) -> Channel:
    if stage.started is None:
        raise AwsError("The stack has no channel.")
    return stage.started


def change_date(stage: Stage, notes: Notes) -> None:
    """Nothing but the date; if that goes wrong, back to No."""
    today = f"{moment(stage.clock.now()):%Y-%m-%d}"
    try:
        _change_on_air(stage, notes, DATE, today)
    except (AwsError, Bad):
        _back_to_no(stage, notes)
        raise


def _back_to_no(stage: Stage, notes: Notes) -> None:
    """What the operator would do; it has no other effect if it is refused."""
    try:
        values = _as_deployed(stage)
        if values.get(DATE) != "No" and not stage.obstacle():
            stage.change_set({**values, DATE: "No"})
            notes.add(f"{DATE} is No again.")
    except AwsError as error:
        notes.add(f"{DATE} could not be changed back to No: {error}")


def change_cidr(stage: Stage, notes: Notes) -> None:
    """Nothing but the addresses that may send."""
    stack = stage.stack()
    if stack is None or CIDR not in stack.parameters:
        raise NotTried(f"the template has no parameter {CIDR}")
    present = stack.parameters[CIDR]
    other = notes.operator.other_cidr(present)
    if not other:
        raise NotTried("no other addresses were named that include the encoder's")
    _change_on_air(stage, notes, CIDR, other)


def objection_to(stage: Stage, present: str, other: str) -> str:
    """Why the encoder's address may not be in the other range, or CloudFormation refuses it."""
    for one in declared(stage.build.template):
        if one.name == CIDR and (objection := one.objection(other)):
            return objection
    now, then = IPv4Network(present, strict=False), IPv4Network(other, strict=False)
    if now == then:
        return f"{other} is the present range."
    if not now.overlaps(then):
        return f"{other} has no address of the present range, {present}."
    return ""


def _change_on_air(stage: Stage, notes: Notes, name: str, value: str) -> None:
    """Changes one parameter, and watches the channel meanwhile and afterwards.

    Raises:
        Bad: the channel did not stay on the air.
        AwsError: the update failed, AWS refuses, or cannot be reached.
        NotTried: nothing would change.
    """
    channel = _started(stage)
    states: list[str] = []

    def report(line: str) -> None:
        stage.report(line)
        with suppress(AwsError):
            states.append(channel.state())

    try:
        changes = stage.change_set({**_as_deployed(stage), name: value}, report=report)
    except AwsError:
        with suppress(AwsError):
            _note_whether_on_air(stage, channel, notes, states)
        raise
    if not changes:
        raise NotTried(f"{name} has this value already, so that nothing changes")
    notes.add(f"Updated. The change set listed {', '.join(one.name for one in changes)}.")
    states += _watched(stage, channel)
    if not _note_whether_on_air(stage, channel, notes, states):
        raise Bad("The update took the channel off the air.")
    notes.look("Does the page play on, without an interruption?")


def _note_whether_on_air(stage: Stage, channel: Channel, notes: Notes, states: list[str]) -> bool:
    """Notes the states that the channel was in, and waits until it is on the air again."""
    off = dict.fromkeys(state for state in states if state not in ON_AIR)
    if off:
        notes.add(f"The channel did not stay on the air: it was {', '.join(off)}.")
        _wait_for_restart(stage, channel)
    elif states:
        notes.add("The channel stayed on the air.")
    return not off


def _as_deployed(stage: Stage) -> dict[str, str]:
    """The values that earlier steps have changed."""
    stack = stage.stack()
    changed = (*FIRST_VALUES, CIDR)
    values = stack.parameters if stack else {}
    return {name: values[name] for name in changed if name in values}


def _watched(stage: Stage, channel: Channel) -> list[str]:
    states = [channel.state()]
    for _ in range(WATCH_SECONDS // LOOK_SECONDS):
        stage.clock.sleep(LOOK_SECONDS)
        states.append(channel.state())
    return states


def _wait_for_restart(stage: Stage, channel: Channel) -> None:
    """The guard starts a channel again that it has stopped for an update."""
    end = stage.clock.now() + RESTART_SECONDS
    while stage.restart_is_owed() and stage.clock.now() < end:
        stage.report(f"channel {channel.id}: its guard starts it again")
        stage.clock.sleep(LOOK_SECONDS)
    channel.settled(stage.report)


def lose_a_pipeline(stage: Stage, notes: Notes) -> None:
    """One of two encoders stops."""
    count = _started(stage).description().get("PipelinesRunningCount", 0)
    if count != 2:
        raise Bad(f"{count} of 2 pipelines run.")
    answer = notes.look(
        "Push to both addresses, and then stop one push: does the page play on without black frames"
        " or a stall?"
    )
    if answer == "not looked":
        raise NotTried("only eyes can see it, and nobody looked")


def has_one_pipeline(stage: Stage) -> str:
    """Why redundancy cannot be tried; empty if it can."""
    classes = [
        one["Properties"]["ChannelClass"]
        for one in stage.build.template["Resources"].values()
        if one["Type"] == CHANNEL
    ]
    if classes != ["STANDARD"]:
        return "the channel has one pipeline: a stream without channel_class has two"
    return stage.off_the_air()


def delete_on_air(stage: Stage, notes: Notes) -> None:
    """The whole stack, whether or not the channel is on the air."""
    stack = stage.stack()
    if stack is None:
        raise NotTried("there is no stack")
    channel = stage.channel()
    was_on_air = channel is not None and channel.state() in ON_AIR
    try:
        refuse_if_subscribed(stack)
    except PlansUnknown as unknown:
        notes.add(str(unknown))
    stage.kept = remaining(stack)
    with goes_on("The deletion, if it has begun, goes on at AWS."):
        empty_buckets(stack, stage.report)
        tries = _deletions(stage, stack, notes)
    if tries > 1:
        raise Bad(f"The stack was deleted at attempt {tries}.")
    notes.add("The stack is deleted.")
    if not was_on_air:
        raise NotTried("the channel was not on the air; the stack is deleted nevertheless")


def _deletions(stage: Stage, stack: DeployedStack, notes: Notes) -> int:
    """Deletes the stack; returns how many tries it took.

    Raises:
        Bad: it is not deleted.
    """
    for attempt in range(1, TRIES + 1):
        failed = delete(stack, stage.clock, stage.report, tries=1)
        for sentence in in_sentences(failed):
            notes.add(sentence)
        if not failed:
            return attempt
        if not may_be_released(failed):
            break
        stage.clock.sleep(PAUSE_SECONDS)
    raise Bad("The stack is not deleted.")
