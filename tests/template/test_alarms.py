"""Alarms, dashboard and notices, compared with what AWS documents of each metric."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from protected_stream import Stream
from protected_stream.sections.alarms.folds import EXTENSION_SECONDS, FOLDS
from protected_stream.sections.alarms.rows import LONGEST_DESCRIPTION, MINUTE, Row
from protected_stream.sections.alarms.table import ROWS
from tests.conftest import CHECKOUT, Document, of_type
from tests.template.signing.streams import public_pem

TemplateOf = Callable[..., Document]
DOCUMENTED = tomllib.loads((CHECKOUT / "tests" / "aws_metrics.toml").read_text("utf-8"))
OWN = "ProtectedStream/${AWS::StackName}"
AGE = "SigningKeyAgeDays"
ALARM, COMPOSITE = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"
VARIANTS: dict[str, dict[str, Any]] = {
    "default": {},
    "single pipeline, rtp, kms": {
        "region": "us-east-1",
        "encoding": {"channel_class": "SINGLE_PIPELINE"},
        "ingest": {"type": "rtp-push"},
        "signing": {"mode": "kms"},
    },
    "other Region, own domain": {
        "region": "eu-west-1",
        "delivery": {"domains": ["live.example.com"], "allowed_sites": ["https://example.com"]},
    },
    "identity provider": {
        "viewers": {
            "identity_providers": [
                {"name": "Company", "type": "oidc", "issuer": "https://id.example.com"}
            ]
        }
    },
    "existing packager": {
        "packaging": {
            "mode": "existing",
            "origin": "https",
            "media_path": "/live/*",
            "hls": "index.m3u8",
        }
    },
}


@pytest.fixture(scope="module", params=VARIANTS)
def alarmed(request: pytest.FixtureRequest, template_of: TemplateOf) -> Document:
    return template_of(**VARIANTS[request.param], alarms={})


@pytest.fixture(scope="module")
def everything(template_of: TemplateOf) -> Document:
    return template_of(alarms={})


def _metrics_of_alarm(stated: Document) -> Iterator[tuple[str, str, frozenset[str]]]:
    metrics = [
        one["MetricStat"]["Metric"] for one in stated.get("Metrics", ()) if "Expression" not in one
    ]
    for one in metrics or [stated]:
        names = frozenset(each["Name"] for each in one.get("Dimensions", ()))
        namespace = one["Namespace"]
        yield (
            namespace if isinstance(namespace, str) else namespace["Fn::Sub"],
            one["MetricName"],
            names,
        )


def _body(template: Document) -> Document:
    (stated,) = of_type(template, "AWS::CloudWatch::Dashboard").values()
    value = stated["DashboardBody"]["Fn::Sub"]
    body: Document = json.loads(value if isinstance(value, str) else value[0])
    return body


def _metrics_of_dashboard(template: Document) -> Iterator[tuple[str, str, frozenset[str]]]:
    for widget in _body(template)["widgets"]:
        for line in widget["properties"].get("metrics", ()):
            namespace, name, *pairs = [one for one in line if isinstance(one, str)] or ("", "")
            if namespace:
                yield namespace, name, frozenset(pairs[::2])


def _documented(namespace: str, name: str, dimensions: frozenset[str]) -> list[Document]:
    return [
        one
        for one in DOCUMENTED["metric"]
        if (one["namespace"], one["name"]) == (namespace, name)
        and dimensions in map(frozenset, one["dimensions"])
    ]


def test_without_the_table_there_are_none(default: Document) -> None:
    assert not re.search("AWS::(CloudWatch|SNS)::|MetricFilter", json.dumps(default))


def test_every_metric_has_the_dimensions_that_aws_documents(alarmed: Document) -> None:
    used = [
        *(one for stated in of_type(alarmed, ALARM).values() for one in _metrics_of_alarm(stated)),
        *_metrics_of_dashboard(alarmed),
    ]
    assert used
    counted = {
        one["MetricTransformations"][0]["MetricName"]
        for one in of_type(alarmed, "AWS::Logs::MetricFilter").values()
    }
    if "SigningKeyAgeFunction" in alarmed["Resources"]:
        counted.add(AGE)
    for namespace, name, dimensions in used:
        if namespace == OWN:
            assert (name in counted, dimensions) == (True, frozenset())
        else:
            (found,) = _documented(namespace, name, dimensions)
            assert found["verified"], name


def test_missing_data_is_decided_as_its_absence_is_documented(alarmed: Document) -> None:
    """No metric is published without a channel, requests or events; only one absence says more."""
    for title, stated in of_type(alarmed, ALARM).items():
        # otherwise AlarmNothingArrives would never ring
        assert (stated["TreatMissingData"] == "breaching") == (title == "AlarmPackagerIdle")
        if stated["TreatMissingData"] == "breaching":
            assert not stated.get("AlarmActions")
            ((namespace, name, dimensions),) = _metrics_of_alarm(stated)
            (found,) = _documented(namespace, name, dimensions)
            assert found["absence"].endswith("no data is given.")
        elif stated.get("MetricName") == AGE:
            # there is a value each day; without more data, the last one counts
            assert (stated["TreatMissingData"], stated["EvaluationPeriods"]) == ("ignore", 1)
        else:
            assert stated["TreatMissingData"] == "notBreaching"


def test_scores_are_bad_when_low(everything: Document) -> None:
    for stated in of_type(everything, ALARM).values():
        if stated.get("MetricName", "").startswith("Mqcs"):
            assert (stated["Statistic"], stated["ComparisonOperator"]) == (
                "Minimum",
                "LessThanThreshold",
            )


def test_each_says_what_it_means_and_what_to_do_first(alarmed: Document) -> None:
    for stated in (*of_type(alarmed, ALARM).values(), *of_type(alarmed, COMPOSITE).values()):
        text = stated["AlarmDescription"]
        assert re.fullmatch(r"[^{}]+ First: [^{}]+\.", text)
        assert len(text) <= LONGEST_DESCRIPTION


def test_every_alarm_is_heard_once(alarmed: Document) -> None:
    """Either it reports itself, or composite alarms do; none is lost, and none reports twice."""
    composites = of_type(alarmed, COMPOSITE)
    silent = {title for title, one in composites.items() if "AlarmActions" not in one}
    suppressors = [
        one["ActionsSuppressor"]["Fn::GetAtt"][0]
        for one in composites.values()
        if "ActionsSuppressor" in one
    ]
    assert silent == set(suppressors) & {"AlarmNoStream"}
    rules = " ".join(
        one["AlarmRule"]["Fn::Sub"] for title, one in composites.items() if title not in silent
    )
    folded = set(re.findall(r"ALARM\(\"\$\{(\w+)\}\"\)", rules))
    alarms = of_type(alarmed, ALARM)
    assert folded <= alarms.keys()
    for title, stated in alarms.items():
        assert (title in folded) != ("AlarmActions" in stated), title
    for stated in composites.values():
        assert stated.get("AlarmActions", [{"Ref": "AlarmTopic"}]) == [{"Ref": "AlarmTopic"}]
        assert len(stated["AlarmRule"]["Fn::Sub"]) < 10_240


def test_what_is_repaired_ends_before_a_suppressed_alarm_reports() -> None:
    """The worse alarm ends at once after a repair; m of n bad minutes leave n - m + 1 later."""
    causes = ("no picture", "not delivered", "picture at risk")
    longest = max(row.of - row.bad + 1 for row in ROWS if row.cause in causes)
    assert longest * MINUTE < EXTENSION_SECONDS


def test_an_alarm_that_needs_a_region_is_folded_into_none(everything: Document) -> None:
    """A rule would name an alarm that is not there."""
    conditional = {
        title: one["Condition"]
        for title, one in everything["Resources"].items()
        if one["Type"] == ALARM and "Condition" in one
    }
    assert set(conditional) == {"AlarmCloudFrontErrors"}
    assert everything["Conditions"]["HasCloudFrontMetrics"] == {
        "Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]
    }


def test_cloudfronts_alarms_are_where_its_metrics_are(template_of: TemplateOf) -> None:
    here = template_of(region="us-east-1", alarms={})
    there = template_of(region="eu-west-1", alarms={})
    assert "Condition" not in here["Resources"]["AlarmCloudFrontErrors"]
    assert "AlarmCloudFrontErrors" not in there["Resources"]
    shown = [one["properties"] for one in _body(there)["widgets"]]
    regions = {one["region"] for one in shown if "CloudFront" in json.dumps(one.get("metrics", ""))}
    assert regions == {"us-east-1"}


def test_both_pipelines_are_watched_and_only_one_if_there_is_one(template_of: TemplateOf) -> None:
    single = template_of(encoding={"channel_class": "SINGLE_PIPELINE"}, alarms={})
    both = template_of(alarms={})
    assert [_pipelines(one) for one in (single, both)] == [{"0"}, {"0", "1"}]
    assert not re.search("WorseThanTwin", json.dumps(single))
    assert ") AND (" in both["Resources"]["AlarmNoPicture"]["Properties"]["AlarmRule"]["Fn::Sub"]


def _pipelines(template: Document) -> set[str]:
    return {*re.findall(r"AlarmPipeline(\d)", json.dumps(template))}


def test_thresholds_are_drawn_from_the_same_table(everything: Document) -> None:
    drawn: dict[str, set[float]] = {}
    for widget in _body(everything)["widgets"]:
        lines = widget["properties"].get("annotations", {}).get("horizontal", ())
        drawn.setdefault(widget["properties"].get("title", ""), set()).update(
            one["value"] for one in lines
        )
    for stated in of_type(everything, ALARM).values():
        name = (
            stated.get("MetricName") or stated["Metrics"][1]["MetricStat"]["Metric"]["MetricName"]
        )
        assert stated["Threshold"] in drawn[name]


def test_the_dashboard_goes_from_the_camera_to_the_viewer(everything: Document) -> None:
    headings = [
        (one["x"], one["properties"]["markdown"])
        for one in _body(everything)["widgets"]
        if one["type"] == "text"
    ]
    assert headings == sorted(headings)
    assert headings[0] == (0, "## Camera")
    places = [(one["x"], one["y"]) for one in _body(everything)["widgets"]]
    assert len(places) == len(set(places))


def test_only_two_services_publish_to_the_topic(everything: Document) -> None:
    (policy,) = of_type(everything, "AWS::SNS::TopicPolicy").values()
    alarms, events = policy["PolicyDocument"]["Statement"]
    assert alarms["Principal"] == {"Service": ["cloudwatch.amazonaws.com"]}
    assert alarms["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert events["Principal"] == {"Service": ["events.amazonaws.com"]}


def test_the_topics_key_is_the_stacks_or_none(template_of: TemplateOf) -> None:
    """CloudWatch cannot publish with the key alias/aws/sns."""
    (plain,) = of_type(template_of(alarms={}), "AWS::SNS::Topic").values()
    assert "KmsMasterKeyId" not in plain
    encrypted = template_of(alarms={}, encryption={"key": "customer-managed"})
    (topic,) = of_type(encrypted, "AWS::SNS::Topic").values()
    assert topic["KmsMasterKeyId"] == {"Fn::GetAtt": ["DataKey", "Arn"]}
    statements = encrypted["Resources"]["DataKey"]["Properties"]["KeyPolicy"]["Statement"]
    (publishers,) = (one for one in statements if one["Sid"] == "Publishers")
    assert publishers["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
    assert "Condition" not in publishers


def test_no_event_is_mailed_as_it_is(alarmed: Document) -> None:
    """Events of functions have the stream key and CloudFormation's response URL."""
    assert "DestinationConfig" not in json.dumps(alarmed)
    for stated in of_type(alarmed, "AWS::Events::Rule").values():
        for target in stated["Targets"]:
            if target["Arn"] == {"Ref": "AlarmTopic"}:
                named = re.findall(r"<(\w+)>", target["InputTransformer"]["InputTemplate"])
                assert set(named) == target["InputTransformer"]["InputPathsMap"].keys()


def test_notices_match_documented_events(everything: Document) -> None:
    documented = {(one["source"], one["detail_type"]) for one in DOCUMENTED["event"]}
    for title, stated in of_type(everything, "AWS::Events::Rule").items():
        if title.startswith("Alarm"):
            pattern = stated["EventPattern"]
            assert (pattern["source"][0], pattern["detail-type"][0]) in documented


KMS: dict[str, Any] = {"mode": "kms"}
SUPPLIED: dict[str, Any] = {"mode": "supplied", "public_keys": [public_pem("rsa-2048")]}
MANAGED: dict[str, Any] = {"mode": "managed", "rotation_days": 7}


@pytest.mark.parametrize(
    ("keys", "most_days"),
    [
        ({"signing": MANAGED}, 9),
        ({"signing": KMS, "former_signing": MANAGED}, 9),
        ({"signing": MANAGED, "former_signing": KMS}, 9),
        ({"signing": KMS}, None),
        ({"signing": SUPPLIED}, None),
        ({"signing": {"mode": "trusted-signer"}}, None),
    ],
)
def test_the_keys_age_is_watched_where_it_rotates(
    template_of: TemplateOf, keys: dict[str, Any], most_days: int | None
) -> None:
    """The metric's name and namespace are those that the function writes."""
    resources = template_of(**keys, alarms={})["Resources"]
    alarm = resources.get("AlarmKeyTooOld", {}).get("Properties", {})
    assert alarm.get("Threshold") == most_days
    assert ("SigningKeyAgeFunction" in resources) == (most_days is not None)
    if most_days is not None:
        function = resources["SigningKeyAgeFunction"]["Properties"]
        assert f"'{alarm['MetricName']}'" in function["Code"]["ZipFile"]
        assert alarm["Namespace"] == function["Environment"]["Variables"]["NAMESPACE"]


def test_a_row_has_one_threshold() -> None:
    for row in ROWS:
        given = [one for one in (row.at_least, row.below) if one is not None]
        assert len(given) == 1 or (row.metric in ("Count", AGE) and not given)
        assert row.bad <= row.of


def test_without_the_dashboard_everything_else_stays(template_of: TemplateOf) -> None:
    whole, without = template_of(alarms={}), template_of(alarms={"dashboard": False})
    assert whole["Resources"].keys() - without["Resources"].keys() == {"StreamDashboard"}


def test_the_table_makes_a_difference_only_if_it_is_there() -> None:
    assert "alarms" not in Stream().model_dump(mode="json", exclude_none=True)


def _rings(row: Row) -> str:
    """When a row rings, in words."""
    level = "its limit" if row.at_least is None else f"{row.at_least:,}"
    compared = f"below {row.below:,}" if row.below is not None else f"{level} or more"
    minutes = row.period // MINUTE
    periods = "minute" if minutes == 1 else f"{minutes} minutes"
    times = f"{row.bad} of {row.of} times " if row.of > 1 else ""
    return f"{row.metric}, {row.statistic} of each {periods}: {times}{compared}"


def table() -> str:
    """The table of docs/alarms.md."""
    heard = {
        "nothing arrives": "`AlarmNothingArrives`",
        "runs": "`AlarmNothingArrives`",
        "no picture": "`AlarmNoPicture`, `AlarmPictureAtRisk`",
        "not delivered": "`AlarmNothingArrives`, `AlarmPictureAtRisk`",
        "picture at risk": "`AlarmPictureAtRisk`",
        "cookies": "`AlarmNoCookies`",
        "media": "`AlarmMediaFail`",
        "a function": "`Alarm` and the function's name",
        None: "itself",
    }
    without = {"breaching": "bad", "notBreaching": "good", "ignore": "as before"}
    head = (
        "| alarm | for each of the | rings | without data | what it means | first | reported by |",
        "|---|---|---|---|---|---|---|",
    )
    lines = [
        f"| {row.name} | {row.watches} | {_rings(row)} | "
        f"{without[row.missing]} | {row.means} | {row.first} | "
        f"{heard[row.cause]} |"
        for row in ROWS
    ]
    composites = [f"| `{one.title}` | {one.means} | {one.first} |" for one in FOLDS]
    first = ("| composite alarm | what it means | first |", "|---|---|---|")
    return "\n".join([*first, *composites, "", *head, *lines]).replace("{part}", "the part")


def test_the_docs_have_the_table() -> None:
    """After a change, print `table()` into it."""
    assert table() in (CHECKOUT / "docs" / "alarms.md").read_text("utf-8")


@pytest.mark.parametrize("name", ["docs/alarms.md"])
def test_the_docs_say_what_the_doubtful_pages_mean_for_the_alarms(name: str) -> None:
    """Metrics that are not used, as their pages contradict others."""
    text = (CHECKOUT / name).read_text("utf-8")
    for metric in ("DroppedFrames", "SvqTime"):
        assert metric in text
        assert metric not in {row.metric for row in ROWS}
