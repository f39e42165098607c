"""What breaks, which alarms ring because of it, and what is heard when."""

import contextlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from preview.account import Account
from preview.cli.sample_parameters import SAMPLE_VALUES
from preview.cloudformation.stack import Stack
from preview.resource import Resource
from preview.services.alarms import ALARM, COMPOSITE
from preview.services.media_metrics import NEVER_ARRIVED, PIPELINES
from tests.conftest import CHECKOUT
from tests.preview.operator import ENCODER, PARAMETERS, copy_code, deployed, start_channel
from tests.preview.violation import Violation

DOCUMENTED = tomllib.loads((CHECKOUT / "tests" / "aws_metrics.toml").read_text("utf-8"))["metric"]
MINUTE = 60
LASTS, CALM = 12, 12
"""Minutes of a fault, and after it: longer than an alarm on a channel looks back and waits."""
LONG = 32
"""Minutes: longer than an alarm on a function looks back."""
HEARD = "ALARM: "
NO_PICTURE, AT_RISK, NOTHING = "AlarmNoPicture", "AlarmPictureAtRisk", "AlarmNothingArrives"
MEDIA, COOKIES = "AlarmMediaFail", "AlarmNoCookies"
NOON = datetime(2027, 2, 1, 12, tzinfo=UTC)
"""When the tests begin."""
MONTHS_LATER = datetime(2027, 5, 1, 12)  # noqa: DTZ001 - as in a stream file
NEVER_STOPS = {"stop_after_hours": 720}
VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "STANDARD": {
        "ingest": {"type": "rtp-push"},
        "viewers": {
            "identity_providers": [
                {"name": "Company", "type": "oidc", "issuer": "https://id.example.com"}
            ]
        },
        "schedule": {
            **NEVER_STOPS,
            "time_zone": "UTC",
            "shows": [
                {
                    "name": "show",
                    "start": MONTHS_LATER,
                    "end": MONTHS_LATER + timedelta(hours=1),
                }
            ],
        },
    },
    "SINGLE_PIPELINE": {
        "region": "us-east-1",
        "ingest": {"type": "rtp-push"},
        "schedule": NEVER_STOPS,
        "encoding": {"channel_class": "SINGLE_PIPELINE"},
        "signing": {"mode": "kms"},
        "delivery": {"domains": ["live.example.com"]},
    },
}


@dataclass(frozen=True, kw_only=True)
class OnAir:
    """A stack whose channel runs, with an encoder that sends."""

    account: Account
    stack: Stack
    pipelines: int

    def in_alarm(self) -> set[str]:
        """The logical IDs of the alarms in the state ALARM."""
        states = self.account.alarms.states
        return {one.logical_id for one in self.alarms() if states.get(one.ref) == "ALARM"}

    def alarms(self) -> list[Resource]:
        """All alarms of the stack."""
        of_type = self.account.resources.of_type
        return [*of_type(ALARM), *of_type(COMPOSITE)]

    def heard(self) -> list[str]:
        """The alarms that were reported since the last call."""
        sent = self.account.notifications.sent
        found = [one.text.split(":")[1].strip() for one in sent if one.text.startswith(HEARD)]
        sent.clear()
        return found


@contextlib.contextmanager
def on_air(template: Mapping[str, Any], built: Path) -> Iterator[OnAir]:
    """Deploys a template, starts its channel, and sends to it.

    Args:
        template: what is deployed.
        built: the folder with the functions' code.
    """
    with Account() as account:
        account.clock.skip(NOON.timestamp() - account.clock.now())
        copy_code(account, built)
        parameters = {**SAMPLE_VALUES, **PARAMETERS}
        stack = deployed(
            account,
            template,
            {name: parameters[name] for name in template["Parameters"] if name in parameters},
        )
        start_channel(account, stack.outputs["ChannelId"])
        for input_ in account.resources.of_type("AWS::MediaLive::Input"):
            for url in input_.attributes["DestinationUrls"]:
                account.media.send(url, ENCODER)
        account.events.pass_time(CALM * MINUTE)
        (channel,) = account.resources.of_type("AWS::MediaLive::Channel")
        yield OnAir(
            account=account, stack=stack, pipelines=PIPELINES[channel.properties["ChannelClass"]]
        )


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What rings because of a fault of MediaLive or MediaPackage, and is heard when."""

    rows: tuple[str, ...] = ()
    """The alarms of each pipeline that has it."""
    twin: bool = False
    """Whether it makes one of two pipelines worse than the other."""
    packager: tuple[str, ...] = ()
    """The alarms of the packager, if every pipeline has it."""
    of_one: tuple[str, int] | None
    """What is heard, if one of two pipelines has it, and after how many minutes."""
    of_all: tuple[str, int] | None
    """The same if every pipeline has it."""


LOST = (
    "InputLost",
    "InputStopped",
    "InputBlack",
    "InputFrozen",
    "InputLossSeconds",
    "Alerts",
    "DropsFrames",
)
# what is at risk waits two minutes for what is worse
EXPECTED: Mapping[str, Expected] = {
    "the input is lost": Expected(
        rows=LOST, twin=True, of_one=(AT_RISK, 3), of_all=(NO_PICTURE, 1)
    ),
    # of all, it is how a channel starts: see below
    NEVER_ARRIVED: Expected(rows=("InputLossSeconds", "Alerts"), of_one=(AT_RISK, 7), of_all=None),
    "frames stop": Expected(rows=("InputStopped",), of_one=(AT_RISK, 4), of_all=(NO_PICTURE, 2)),
    "black": Expected(rows=("InputBlack",), twin=True, of_one=(AT_RISK, 4), of_all=(NO_PICTURE, 2)),
    "frozen": Expected(
        rows=("InputFrozen",), twin=True, of_one=(AT_RISK, 5), of_all=(NO_PICTURE, 3)
    ),
    "packets are late": Expected(
        rows=("InputLossSeconds",), of_one=(AT_RISK, 7), of_all=(AT_RISK, 7)
    ),
    "packets are lost": Expected(rows=("InputErrors",), of_one=(AT_RISK, 5), of_all=(AT_RISK, 5)),
    "an alert": Expected(rows=("Alerts",), of_one=(AT_RISK, 7), of_all=(AT_RISK, 7)),
    # a score that is low for both pipelines has a cause that another alarm reports
    "a low score": Expected(twin=True, of_one=(AT_RISK, 5), of_all=None),
    "frames are dropped": Expected(
        rows=("DropsFrames",), twin=True, of_one=(AT_RISK, 5), of_all=(AT_RISK, 5)
    ),
    "too slow": Expected(rows=("TooSlow",), twin=True, of_one=(AT_RISK, 5), of_all=(AT_RISK, 5)),
    "deliveries are refused": Expected(
        rows=("OutputRefused", "Alerts"),
        packager=("Idle",),
        of_one=(AT_RISK, 5),
        of_all=(NOTHING, 5),
    ),
    "deliveries fail": Expected(
        rows=("OutputFailed", "Alerts"),
        packager=("Idle",),
        of_one=(AT_RISK, 5),
        of_all=(NOTHING, 5),
    ),
    # MediaPackage's last bytes count for seven minutes
    "nothing is delivered": Expected(packager=("Idle",), of_one=None, of_all=(NOTHING, 9)),
    "the packager answers with errors": Expected(
        packager=("Errors",), of_one=None, of_all=(MEDIA, 2)
    ),
    "the packager is slow": Expected(packager=("Slow",), of_one=None, of_all=(MEDIA, 3)),
}


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A metric that a test records each minute, and what it makes ring."""

    alarm: str
    """Its logical ID; the test is for the stacks that have it."""
    metric: tuple[str, str]
    """Namespace and name."""
    part: str = ""
    """The logical ID of a function, if the metric is of one."""
    value: float = 1
    samples: int = 1
    """Values in each minute."""
    heard: tuple[str, int]
    """The report, and after how many minutes it comes."""


def _of_function(title: str, *, report: str, signs: bool = False) -> Iterator[Recorded]:
    """A Lambda function: one that fails once, or one that signs cookies and fails again."""
    rows: tuple[tuple[str, str, int], ...]
    if signs:
        rows = (("Errors", "Errors", 2), ("Throttles", "Throttles", 2))
    else:
        rows = (
            ("Failed", "Errors", 1),
            ("GaveUp", "AsyncEventsDropped", 1),
            ("Throttled", "Throttles", 3),
        )
    for row, name, minutes in rows:
        yield Recorded(
            alarm=f"Alarm{title}{row}",
            metric=("AWS/Lambda", name),
            part=title,
            heard=(report, minutes),
        )


OWN = "own"
DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "5xxErrorRate": ("DistributionId", "Region"),
    "FunctionExecutionErrors": ("FunctionName", "Region"),
    "5XXError": ("ApiName", "Stage"),
    "Latency": ("ApiName", "Stage"),
    "Count": ("ApiName", "Stage"),
    "Errors": ("FunctionName",),
    "Throttles": ("FunctionName",),
    "AsyncEventsDropped": ("FunctionName",),
    "SignInThrottles": ("UserPool", "UserPoolClient"),
    "TokenRefreshThrottles": ("UserPool", "UserPoolClient"),
    "FederationThrottles": ("UserPool", "UserPoolClient", "IdentityProvider"),
}
RECORDED = (
    Recorded(
        alarm="AlarmCloudFrontErrors",
        metric=("AWS/CloudFront", "5xxErrorRate"),
        value=6,
        heard=("AlarmCloudFrontErrors", 3),
    ),
    *(
        Recorded(
            alarm=f"Alarm{title}Errors",
            metric=("AWS/CloudFront", "FunctionExecutionErrors"),
            part=title,
            heard=(f"Alarm{title}Errors", 3),
        )
        for title in ("PageFunction", "MediaAndApiFunction")
    ),
    Recorded(
        alarm="AlarmApiErrors",
        metric=("AWS/ApiGateway", "5XXError"),
        samples=3,
        heard=(COOKIES, 1),
    ),
    Recorded(
        alarm="AlarmApiSlow",
        metric=("AWS/ApiGateway", "Latency"),
        value=4_000,
        heard=(COOKIES, 3),
    ),
    Recorded(
        alarm="AlarmApiNearItsRate",
        metric=("AWS/ApiGateway", "Count"),
        samples=9_600,
        heard=("AlarmApiNearItsRate", 2),
    ),
    *_of_function("CookiesFunction", report=COOKIES, signs=True),
    *_of_function("CookiesByKmsFunction", report=COOKIES, signs=True),
    *_of_function("ChannelGuardFunction", report="AlarmChannelGuardFunction"),
    *_of_function("SigningKeyFunction", report="AlarmSigningKeyFunction"),
    *_of_function("PublicKeyFunction", report="AlarmPublicKeyFunction"),
    Recorded(
        alarm="AlarmSigningKeyAgeFunctionFailed",
        metric=("AWS/Lambda", "Errors"),
        part="SigningKeyAgeFunction",
        heard=("AlarmSigningKeyAgeFunctionFailed", 1),
    ),
    Recorded(
        alarm="AlarmSignInThrottles",
        metric=("AWS/Cognito", "SignInThrottles"),
        heard=(COOKIES, 1),
    ),
    Recorded(
        alarm="AlarmSignInRefreshThrottles",
        metric=("AWS/Cognito", "TokenRefreshThrottles"),
        heard=(COOKIES, 1),
    ),
    Recorded(
        alarm="AlarmCompanyIdentityProviderThrottles",
        metric=("AWS/Cognito", "FederationThrottles"),
        heard=(COOKIES, 1),
    ),
    Recorded(alarm="AlarmKeyUnavailable", metric=(OWN, "KeyUnavailable"), heard=(COOKIES, 2)),
    Recorded(
        alarm="AlarmViewersRefused",
        metric=(OWN, "ViewersRefused"),
        samples=20,
        heard=("AlarmViewersRefused", 1),
    ),
    *(
        Recorded(alarm=f"Alarm{name}", metric=(OWN, name), heard=(f"Alarm{name}", 1))
        for name in ("StoppedByGuard", "ShowsStartedLate", "ShowsStoppedLate")
    ),
)


def documented(namespace: str, name: str, dimensions: frozenset[str]) -> list[Any]:
    """The metrics with this name and these dimensions in what AWS documents."""
    return [
        one
        for one in DOCUMENTED
        if (one["namespace"], one["name"]) == (namespace, name)
        and dimensions in map(frozenset, one["dimensions"])
    ]


def watch(on_air: OnAir, minutes: int) -> tuple[set[str], list[tuple[str, int]]]:
    """Which alarms ring in these minutes and did not before, and what is heard after how many."""
    before, rung, heard = on_air.in_alarm(), set[str](), []
    for minute in range(1, minutes + 1):
        on_air.account.events.pass_time(MINUTE)
        rung |= on_air.in_alarm() - before
        heard += [(title, minute) for title in on_air.heard()]
    return rung, heard


CASES: Sequence[tuple[str, str]] = [
    (name, which)
    for name, expected in EXPECTED.items()
    for which in ("first", "last", "all")
    if (name, which) != (NEVER_ARRIVED, "all")
    and (which == "all" or not name.startswith("the packager"))
]
"""Faults of the channel, and which of its pipelines have them."""


def try_fault(on_air: OnAir, name: str, which: str) -> None:
    """Something breaks, lasts, and is repaired; nothing happens if it takes two pipelines.

    Raises:
        Violation: something else rings or is heard than should be.
    """
    everywhere = range(on_air.pipelines)
    bad = {"first": everywhere[:1], "last": everywhere[-1:], "all": everywhere}[which]
    if which != "all" and bad == everywhere:
        return
    expected, faults = EXPECTED[name], on_air.account.media_metrics.faults
    faults.update(dict.fromkeys(bad, name))
    rung, heard = watch(on_air, LASTS)
    faults.clear()
    _, later = watch(on_air, CALM)
    report = expected.of_all if which == "all" else expected.of_one
    _expect(heard, [report] if report else [])
    _expect(later, [])
    rows = [*expected.rows, *(["WorseThanTwin"] if expected.twin and which != "all" else [])]
    packager = expected.packager if which == "all" else ()
    _expect(
        {one for one in rung if re.match("Alarm(Pipeline|Packager)", one)},
        {
            *(f"AlarmPipeline{number}{row}" for number in bad for row in rows),
            *(f"AlarmPackager{row}" for row in packager),
        },
    )
    _expect(on_air.account.alarms.ringing(), [])


def _expect(found: object, expected: object) -> None:
    if found != expected:
        raise Violation(f"{found}, and not {expected}")


def _dimensions(on_air: OnAir, one: Recorded) -> Mapping[str, str]:
    """The metric's documented dimensions, with the values of the stack."""
    resources = on_air.account.resources
    of = {each.logical_id: each for each in resources.all()}
    part = of.get(one.part)
    values = {
        "DistributionId": of["Distribution"].ref,
        "Region": "Global",
        "ApiName": resources.of_type("AWS::ApiGateway::RestApi")[0].properties["Name"],
        "Stage": resources.of_type("AWS::ApiGateway::Stage")[0].ref,
        "UserPool": of["UserPool"].ref,
        "UserPoolClient": of["PageClient"].ref,
        "IdentityProvider": "Company",
        "FunctionName": part.properties.get("Name", part.ref) if part else "",
    }
    namespace, name = one.metric
    if namespace == OWN:
        return {}
    names = DIMENSIONS[name]
    _expect(len(documented(namespace, name, frozenset(names))), 1)
    return {each: values[each] for each in names}


def try_metric(on_air: OnAir, one: Recorded) -> None:
    """A metric says that something is broken; nothing happens if the stack has no alarm on it.

    Raises:
        Violation: something else rings or is heard than should be.
    """
    if one.alarm not in {each.logical_id for each in on_air.alarms()}:
        return
    (namespace, name), dimensions = one.metric, _dimensions(on_air, one)
    if namespace == OWN:
        namespace = f"ProtectedStream/{on_air.account.stack.name}"
    heard, rung = [], set[str]()
    for minute in range(1, one.heard[1] + 1):
        for _ in range(one.samples):
            on_air.account.alarms.record(namespace, name, one.value, dimensions)
        now, titles = watch(on_air, 1)
        rung |= now
        heard += [(title, minute) for title, _ in titles]
    _expect(heard, [one.heard])
    _expect(rung, {one.alarm, one.heard[0]})
    _, later = watch(on_air, LONG)
    _expect(later, [])
    _expect(on_air.account.alarms.ringing(), [])
