"""The table of all alarms, from the camera to the viewer, and of what only the dashboard shows.

Missing data counts as good, as a channel that is idle and an API that nobody calls publish none;
the one row for which it is bad reports only together with another alarm. The key's age is written
once a day, and counts until it is written again. Thresholds are ours.
Sources: the pages that tests/aws_metrics.toml names, metric by metric.

The scores of quality (MQCS) are 100 if all is well. AWS documents them for CMAF Ingest output
groups; if a MediaPackage v2 group does not have them, these alarms stay silent (docs/limits.md).
MediaLive's DroppedFrames and SvqTime have no channel among their documented dimensions, so that
another channel of the account would ring: the scores for the same faults, which have one, are used.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from protected_stream.sections.alarms.rows import OWN, Cause, Column, Graph, Row

GOOD_SCORE = 80
"""Of 100."""
FILL_MILLISECONDS = 5_000
SLOW_PACKAGER_MILLISECONDS, SLOW_API_MILLISECONDS = 2_000, 3_000
LONGER = 300
"""Seconds of a period in which few events are not chance."""
STAYS = 4
"""For so many of these periods a failed function rings: the guard looks every three."""
SERVER_ERRORS, CLIENT_ERRORS = {"StatusCode": "5xx"}, {"StatusCode": "4xx"}

COUNTED: Mapping[str, tuple[str, str]] = {
    "ViewersRefused": (
        "signer's log",
        '{ $.message = "*refused*" && $.message = "*status*" }',
    ),
    "KeyUnavailable": (
        "signer's log",
        '{ $.message = "*unavailable*" || $.message = "*key cannot sign*" }',
    ),
    "StoppedByGuard": ("guard's log", '{ $.message = "*stop_after_hours reached*" }'),
    "ShowsStartedLate": (
        "guard's log of shows",
        '{ $.message = "*starting the channel for its show*" }',
    ),
    "ShowsStoppedLate": ("guard's log of shows", '{ $.message = "*the show has ended*" }'),
}
"""Metrics of our own: whose log has the lines, and the filter pattern that finds them.

Source: Amazon CloudWatch Logs User Guide, "Filter pattern syntax for metric filters", JSON; AWS
Lambda Developer Guide, "Using Lambda JSON logs with Python" (the line is in `message`, as text).
"""


def _rows(
    column: Column, namespace: str, cause: Cause | None, rows: Iterable[dict[str, Any]]
) -> tuple[Row, ...]:
    """Rows that have these in common, unless they say otherwise."""
    shared: dict[str, Any] = {"column": column, "namespace": namespace, "cause": cause, "fixed": {}}
    return tuple(Row(**{**shared, **row}) for row in rows)


CAMERA = _rows(
    "Camera",
    "AWS/MediaLive",
    "no picture",
    (
        {
            "name": "InputLost",
            "watches": "pipelines",
            "metric": "FillMsec",
            "statistic": "Maximum",
            "at_least": FILL_MILLISECONDS,
            "bad": 1,
            "of": 1,
            "means": "Viewers of {part} see filler instead of the camera's picture: the input has "
            "failed for five seconds or more.",
            "first": "look whether the encoder is sending, and its network; `protected-stream "
            "status` prints the addresses it must send to.",
        },
        {
            "name": "InputStopped",
            "watches": "pipelines",
            "metric": "InputVideoFrameRate",
            "statistic": "Maximum",
            "below": 1,
            "bad": 2,
            "of": 2,
            "means": "Frames reached {part} before, and none has for two minutes.",
            "first": "restart the encoder, or its connection to MediaLive.",
        },
        {
            "name": "InputBlack",
            "watches": "pipelines",
            "metric": "MqcsBlackFrameDetected",
            "statistic": "Minimum",
            "below": GOOD_SCORE,
            "bad": 2,
            "of": 2,
            "means": "The picture that reaches {part} has been black for two minutes.",
            "first": "look at the camera and the mixer; a black picture may be intended.",
        },
        {
            "name": "InputFrozen",
            "watches": "pipelines",
            "metric": "MqcsFreezeFrameDetected",
            "statistic": "Minimum",
            "below": GOOD_SCORE,
            "bad": 3,
            "of": 3,
            "means": "The picture that reaches {part} has not moved for three minutes.",
            "first": "look at the camera and the mixer; a title card that is shown that long may "
            "be intended.",
        },
        {
            "name": "InputLossSeconds",
            "watches": "pipelines that count loss",
            "metric": "InputLossSeconds",
            "statistic": "Sum",
            "at_least": 10,
            # not before AlarmNothingArrives, which reports an input that never came
            "bad": 5,
            "of": 5,
            "cause": "picture at risk",
            "means": "No packets reached {part} for ten seconds or more of each of the last five "
            "minutes.",
            "first": "look at the network between the encoder and MediaLive.",
        },
        {
            "name": "InputErrors",
            "watches": "pipelines that count errors",
            "metric": "ChannelInputErrorSeconds",
            "statistic": "Sum",
            "at_least": 10,
            "bad": 3,
            "of": 5,
            "cause": "picture at risk",
            "means": "Packets to {part} are lost that cannot be recovered: viewers see blocks.",
            "first": "lower the encoder's bitrate, or use a better network; for SRT, a higher "
            "latency recovers more.",
        },
    ),
)
ENCODER = _rows(
    "Encoder",
    "AWS/MediaLive",
    "picture at risk",
    (
        {
            "name": "Alerts",
            "watches": "pipelines",
            "metric": "ActiveAlerts",
            "statistic": "Maximum",
            "at_least": 1,
            # not before AlarmNothingArrives; EventBridge reports each alert at once
            "bad": 5,
            "of": 5,
            "means": "MediaLive has had an alert on {part} for five minutes.",
            "first": "read it: `protected-stream status` prints the alerts.",
        },
        {
            "name": "WorseThanTwin",
            "watches": "twins",
            "metric": "MinMQCS",
            "statistic": "Minimum",
            "at_least": 100 - GOOD_SCORE,
            "bad": 3,
            "of": 5,
            "against_twin": True,
            "means": "The quality score of {part} is much lower than the other pipeline's. "
            "MediaPackage uses the better one, so viewers see nothing yet, but nothing is left "
            "if that one fails, too.",
            "first": "compare both pipelines on the dashboard, then look at the encoder that "
            "sends to the worse one.",
        },
        {
            "name": "DropsFrames",
            "watches": "pipelines",
            "metric": "MqcsVideoFrameDrops",
            "statistic": "Minimum",
            "below": GOOD_SCORE,
            "bad": 3,
            "of": 5,
            "means": "MediaLive drops frames on {part}.",
            "first": "compare the source's frame rate and resolution with [encoding] of the "
            "stream file; if they agree, stop and start the channel after the show.",
        },
        {
            "name": "TooSlow",
            "watches": "pipelines",
            "metric": "MqcsSvq",
            "statistic": "Minimum",
            "below": GOOD_SCORE,
            "bad": 3,
            "of": 5,
            "means": "MediaLive lowers the quality on {part} to keep up with real time.",
            "first": "watch the picture; if it is bad, use a smaller ladder for the next show.",
        },
        {
            "name": "OutputRefused",
            "watches": "outputs",
            "metric": "Output4xxErrors",
            "statistic": "Sum",
            "at_least": 5,
            "bad": 3,
            "of": 5,
            "cause": "not delivered",
            "means": "MediaPackage refuses what {part} delivers.",
            "first": "`protected-stream diff` says whether the role or the packager was changed by "
            "hand; deploy again.",
        },
        {
            "name": "OutputFailed",
            "watches": "outputs",
            "metric": "Output5xxErrors",
            "statistic": "Sum",
            "at_least": 5,
            "bad": 3,
            "of": 5,
            "cause": "not delivered",
            "means": "MediaPackage fails to take what {part} delivers.",
            "first": "look at AWS Health for MediaPackage in this Region.",
        },
        {
            "name": "Runs",
            "watches": "pipelines",
            "metric": "NetworkOut",
            "statistic": "Average",
            "at_least": 0.1,
            "bad": 5,
            "of": 5,
            "cause": "runs",
            "means": "{part} has sent something for five minutes, so the channel runs. Nothing is "
            "wrong: AlarmNothingArrives reads this.",
            "first": "do nothing.",
        },
    ),
)
PACKAGER = _rows(
    "Packager",
    "AWS/MediaPackage",
    "media",
    (
        {
            "name": "Idle",
            "watches": "packager",
            "metric": "IngressBytes",
            "statistic": "Sum",
            "below": 1,
            "bad": 5,
            "of": 5,
            "missing": "breaching",
            "cause": "nothing arrives",
            "means": "Nothing has reached {part} for five minutes. Nothing is wrong while the "
            "channel is stopped: AlarmNothingArrives reads this.",
            "first": "do nothing.",
        },
        {
            "name": "Errors",
            "watches": "packager",
            "metric": "EgressRequestCount",
            "statistic": "Sum",
            "fixed": SERVER_ERRORS,
            "at_least": 10,
            "bad": 2,
            "of": 3,
            "means": "{part} answers requests for the stream with errors (5xx).",
            "first": "watch the stream; look at AWS Health for MediaPackage in this Region.",
        },
        {
            "name": "Slow",
            "watches": "packager",
            "metric": "EgressResponseTime",
            "statistic": "Average",
            "at_least": SLOW_PACKAGER_MILLISECONDS,
            "bad": 3,
            "of": 5,
            "means": "{part} takes more than two seconds for a request, so that players stall.",
            "first": "watch the stream; look at AWS Health for MediaPackage in this Region.",
        },
    ),
)
CLOUDFRONT = _rows(
    "CloudFront",
    "AWS/CloudFront",
    None,
    (
        {
            "name": "Errors",
            "watches": "distribution",
            "metric": "5xxErrorRate",
            "statistic": "Average",
            "at_least": 5,
            "bad": 3,
            "of": 5,
            "means": "{part} answers five of a hundred requests with errors (5xx).",
            "first": "`protected-stream verify` says which part fails: page, API or media.",
        },
        {
            "name": "Errors",
            "watches": "edge functions",
            "metric": "FunctionExecutionErrors",
            "statistic": "Sum",
            "at_least": 1,
            "bad": 3,
            "of": 5,
            "means": "{part} fails, so that viewers get errors.",
            "first": "deploy the last version of the template that worked.",
        },
    ),
)
API = (
    *_rows(
        "Cookies",
        "AWS/ApiGateway",
        "cookies",
        (
            {
                "name": "Errors",
                "watches": "API",
                "metric": "5XXError",
                "statistic": "Sum",
                "period": LONGER,
                "at_least": 3,
                "bad": 1,
                "of": 1,
                "means": "{part} answers with errors (5xx): viewers get no cookies, and those who "
                "watch lose the stream when theirs expire.",
                "first": "`protected-stream logs cookies` says why.",
            },
            {
                "name": "Slow",
                "watches": "API",
                "metric": "Latency",
                "statistic": "p90",
                "at_least": SLOW_API_MILLISECONDS,
                "bad": 3,
                "of": 5,
                "means": "{part} takes more than three seconds for one of ten requests.",
                "first": "`protected-stream logs cookies`: look for calls of Secrets Manager or "
                "KMS that fail.",
            },
            {
                "name": "NearItsRate",
                "watches": "API",
                "metric": "Count",
                "statistic": "SampleCount",
                "bad": 2,
                "of": 3,
                "cause": None,
                "means": "{part} gets four fifths of the requests that api.requests_per_second "
                "allows; beyond it, viewers are refused for a moment (429).",
                "first": "if the viewers are real, deploy with a higher api.requests_per_second; "
                "if one client sends them, add a web ACL (delivery.web_acl).",
            },
        ),
    ),
    *_rows(
        "Cookies",
        "AWS/Lambda",
        "cookies",
        (
            {
                "name": "Errors",
                "watches": "signer",
                "metric": "Errors",
                "statistic": "Sum",
                "at_least": 1,
                "bad": 2,
                "of": 5,
                "means": "{part} fails: viewers get no cookies.",
                "first": "`protected-stream logs cookies` says why.",
            },
            {
                "name": "Throttles",
                "watches": "signer",
                "metric": "Throttles",
                "statistic": "Sum",
                "at_least": 1,
                "bad": 2,
                "of": 5,
                "means": "Lambda refuses to run {part}, as the account's concurrency is used up.",
                "first": "reserve concurrency for it (functions.reserved_concurrency), or ask for "
                "a higher quota.",
            },
        ),
    ),
    *_rows(
        "Cookies",
        OWN,
        "cookies",
        (
            {
                "name": "KeyUnavailable",
                "watches": "signer's log",
                "metric": "KeyUnavailable",
                "statistic": "Sum",
                "at_least": 1,
                "bad": 2,
                "of": 5,
                "means": "The signing key cannot be read or cannot sign: viewers get no cookies.",
                "first": "`protected-stream logs cookies` says why; a secret or KMS key that was "
                "disabled or deleted by hand must be restored.",
            },
            {
                "name": "ViewersRefused",
                "watches": "signer's log",
                "metric": "ViewersRefused",
                "statistic": "Sum",
                "period": LONGER,
                "at_least": 20,
                "bad": 1,
                "of": 1,
                "cause": None,
                "means": "20 requests for cookies in five minutes were refused, although a user "
                "of the pool made them.",
                "first": "`protected-stream logs cookies` names the field: a group that viewers "
                "are not in, or another app client's token.",
            },
        ),
    ),
)
SIGN_IN = (
    *_rows(
        "Sign-in and keys",
        "AWS/Cognito",
        "cookies",
        (
            {
                "name": "Throttles",
                "watches": "clients",
                "metric": "SignInThrottles",
                "statistic": "Sum",
                "at_least": 1,
                "bad": 1,
                "of": 1,
                "means": "{part} refuses sign-ins, as too many come at once.",
                "first": "tell viewers to try again in a minute; for the next show, ask for a "
                "higher quota of UserAuthentication.",
            },
            {
                "name": "RefreshThrottles",
                "watches": "clients",
                "metric": "TokenRefreshThrottles",
                "statistic": "Sum",
                "at_least": 1,
                "bad": 1,
                "of": 1,
                "means": "{part} refuses to renew sign-ins, as too many come at once; the page "
                "repeats them.",
                "first": "for the next show, ask for a higher quota of UserToken.",
            },
            {
                "name": "Throttles",
                "watches": "identity providers",
                "metric": "FederationThrottles",
                "statistic": "Sum",
                "at_least": 1,
                "bad": 1,
                "of": 1,
                "means": "Cognito refuses sign-ins by {part}, as too many come at once.",
                "first": "tell viewers to try again in a minute; for the next show, ask for a "
                "higher quota of UserFederation.",
            },
        ),
    ),
    *_rows(
        "Sign-in and keys",
        "AWS/Lambda",
        "a function",
        (
            {
                "name": "Failed",
                "watches": "guard",
                "metric": "Errors",
                "statistic": "Sum",
                "period": LONGER,
                "at_least": 1,
                "bad": 1,
                "of": STAYS,
                "means": "The channel guard could not act: a channel that an update stopped may "
                "stay off the air, or one on the air too long may go on running.",
                "first": "`protected-stream status`, and start or stop the channel by hand; "
                "`protected-stream logs channelguard` says why.",
            },
            {
                "name": "Failed",
                "watches": "key function",
                "metric": "Errors",
                "statistic": "Sum",
                "period": LONGER,
                "at_least": 1,
                "bad": 1,
                "of": STAYS,
                "means": "A rotation of the signing key failed. Viewers keep watching with the "
                "present key.",
                "first": "`protected-stream logs signingkey` says why; repair it, then "
                "`protected-stream rotate`.",
            },
            {
                "name": "Failed",
                "watches": "key age function",
                "metric": "Errors",
                "statistic": "Sum",
                "period": LONGER,
                "at_least": 1,
                "bad": 1,
                "of": STAYS,
                # it has no other alarms, and a composite alarm of one would cost five times as much
                "cause": None,
                "means": "The signing key's age could not be read: until it can, nobody hears of a "
                "rotation that never begins.",
                "first": "`protected-stream logs signingkeyage` says why; `protected-stream "
                "status` prints when the key was changed.",
            },
            {
                "name": "Failed",
                "watches": "other functions",
                "metric": "Errors",
                "statistic": "Sum",
                "period": LONGER,
                "at_least": 1,
                "bad": 1,
                "of": STAYS,
                "means": "{part} failed.",
                "first": "`protected-stream logs` says why.",
            },
            {
                "name": "GaveUp",
                "watches": "asynchronous functions",
                "metric": "AsyncEventsDropped",
                "statistic": "Sum",
                "period": LONGER,
                "at_least": 1,
                "bad": 1,
                "of": STAYS,
                "means": "Lambda gave up an event for {part} after its retry.",
                "first": "`protected-stream logs` says why; an update that waits for it fails and "
                "must be deployed again.",
            },
            {
                "name": "Throttled",
                "watches": "asynchronous functions",
                "metric": "Throttles",
                "statistic": "Sum",
                "at_least": 1,
                "bad": 3,
                "of": 5,
                "means": "Lambda refuses to run {part}, as the account's concurrency is used up.",
                "first": "ask for a higher quota, or reserve concurrency "
                "(functions.reserved_concurrency).",
            },
        ),
    ),
    *_rows(
        "Sign-in and keys",
        OWN,
        None,
        (
            {
                "name": "StoppedByGuard",
                "watches": "guard's log",
                "metric": "StoppedByGuard",
                "statistic": "Sum",
                "at_least": 1,
                "bad": 1,
                "of": 1,
                "means": "The channel guard stopped the channel, which had run for "
                "schedule.stop_after_hours.",
                "first": "if the show goes on, `protected-stream start`; for longer shows, deploy "
                "with a larger schedule.stop_after_hours after it.",
            },
            {
                "name": "ShowsStartedLate",
                "watches": "guard's log of shows",
                "metric": "ShowsStartedLate",
                "statistic": "Sum",
                "at_least": 1,
                "bad": 1,
                "of": 1,
                "means": "The channel was not on the air when its show was planned; the channel "
                "guard starts it now.",
                "first": "`protected-stream status` says whether it runs; if it does not, "
                "`protected-stream start`. The queue ShowFailuresUrl says why the start failed.",
            },
            {
                "name": "ShowsStoppedLate",
                "watches": "guard's log of shows",
                "metric": "ShowsStoppedLate",
                "statistic": "Sum",
                "at_least": 1,
                "bad": 1,
                "of": 1,
                "means": "The channel was on the air after the end of its show; the channel guard "
                "stops it now.",
                "first": "`protected-stream status` says whether it is idle; if it is not, "
                "`protected-stream stop`. The queue ShowFailuresUrl says why the stop failed.",
            },
            {
                "name": "KeyTooOld",
                "watches": "rotated key",
                "metric": "SigningKeyAgeDays",
                "statistic": "Maximum",
                "period": LONGER,
                "bad": 1,
                "of": 1,
                "missing": "ignore",
                "means": "The signing key is two days older than signing.rotation_days allows: its "
                "rotation did not begin, or fails. Viewers keep watching with this key.",
                "first": "`protected-stream logs signingkey --since 3d` says whether a rotation "
                "failed; repair it, then `protected-stream rotate`.",
            },
        ),
    ),
)
ROWS: tuple[Row, ...] = (*CAMERA, *ENCODER, *PACKAGER, *CLOUDFRONT, *API, *SIGN_IN)
"""All alarms."""


def _graph(column: Column, namespace: str, watches: str, metric: str, statistic: str) -> Graph:
    return Graph(
        column=column,
        namespace=namespace,
        watches=watches,
        metric=metric,
        statistic=statistic,
        fixed={},
    )


GRAPHS: tuple[Graph, ...] = (
    _graph("Camera", "AWS/MediaLive", "pipelines", "NetworkIn", "Average"),
    # a pipeline that is not locked still works, and 0 may mean that the metric does not apply
    _graph("Encoder", "AWS/MediaLive", "pipelines", "PipelinesLocked", "Minimum"),
    Graph(
        column="Packager",
        namespace="AWS/MediaPackage",
        watches="packager",
        metric="EgressRequestCount",
        statistic="Sum",
        fixed=CLIENT_ERRORS,
    ),
    _graph("CloudFront", "AWS/CloudFront", "distribution", "Requests", "Sum"),
    # it counts every visitor without cookies
    _graph("CloudFront", "AWS/CloudFront", "distribution", "4xxErrorRate", "Average"),
    _graph("CloudFront", "AWS/CloudFront", "distribution", "BytesDownloaded", "Sum"),
    _graph("Cookies", "AWS/ApiGateway", "API", "4XXError", "Sum"),
    _graph("Cookies", "AWS/Lambda", "signer", "Duration", "Maximum"),
    _graph("Sign-in and keys", "AWS/Cognito", "clients", "SignInSuccesses", "Sum"),
)
"""What only the dashboard shows."""
