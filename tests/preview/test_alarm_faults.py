"""Every alarm rings from the fault that it is for, once, and from none that would mislead."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from preview.account import Account
from preview.hosts.routing import route
from preview.services.api.api import Api
from preview.services.media_metrics import FAULTS, HEALTHY
from protected_stream import Stream, assemble, build
from protected_stream.template.emit import document
from tests.preview.alarm_faults import (
    AT_RISK,
    CALM,
    CASES,
    COOKIES,
    EXPECTED,
    LASTS,
    LONG,
    NO_PICTURE,
    NOTHING,
    RECORDED,
    VARIANTS,
    OnAir,
    Recorded,
    documented,
    try_fault,
    try_metric,
    watch,
)
from tests.preview.alarm_faults import on_air as deployed_on_air
from tests.preview.operator import start_channel, stop_channel


@pytest.fixture(scope="module", params=VARIANTS)
def on_air(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OnAir]:
    stream = Stream.model_validate({**VARIANTS[request.param], "alarms": {}})
    folder = tmp_path_factory.mktemp("build")
    build(stream, folder, lambda _: None)
    with deployed_on_air(document(assemble(stream)), folder) as running:
        yield running


def test_the_preview_publishes_what_aws_documents(on_air: OnAir) -> None:
    account = on_air.account
    published = list(account.media_metrics.of(account.clock.now()))
    assert {one.metric for one in published} == HEALTHY.keys() - {"EgressRequestCount"}
    for one in published:
        (found,) = documented(one.namespace, one.metric, frozenset(one.dimensions))
        assert found["unit"] == HEALTHY[one.metric].unit
    for fault in FAULTS.values():
        assert fault.keys() <= HEALTHY.keys()


@pytest.mark.parametrize(("name", "which"), CASES)
def test_a_fault_of_the_channel_is_heard_once(on_air: OnAir, name: str, which: str) -> None:
    try_fault(on_air, name, which)


@pytest.mark.parametrize("one", RECORDED, ids=[one.alarm for one in RECORDED])
def test_what_a_metric_says_is_heard_once(on_air: OnAir, one: Recorded) -> None:
    try_metric(on_air, one)


def _get(account: Account, host: str, path: str) -> int:
    builder = EnvironBuilder(path=path, base_url=f"https://{host}")
    return route(account, Request(builder.get_environ())).status_code


def test_the_preview_counts_what_viewers_get(
    on_air: OnAir, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = on_air.account
    (distribution,) = account.resources.of_type("AWS::CloudFront::Distribution")
    (stage,) = account.resources.of_type("AWS::ApiGateway::Stage")
    api = f"{stage.properties['RestApiId']}.execute-api.us-east-1.amazonaws.com"
    names = distribution.properties["DistributionConfig"].get("Aliases", [])
    host = [*names, distribution.attributes["DomainName"]][0]
    visited = ((host, "/lib/none.js"), (api, f"/{stage.ref}/config"))
    assert max(_get(account, *one) for one in visited) < 500
    assert watch(on_air, 1) == (set(), [])
    monkeypatch.setattr(Api, "answer", lambda *_: Response(status=502))
    edge = account.edges[distribution.ref]
    failing = replace(edge, origin=lambda *_: Response(status=502))
    monkeypatch.setitem(account.edges, distribution.ref, failing)
    heard = []
    for _ in range(4):
        assert {_get(account, *one) for one in visited * 3} == {502}
        heard += [title for title, _ in watch(on_air, 1)[1]]
    assert heard == [COOKIES, "AlarmCloudFrontErrors"]
    assert watch(on_air, LONG)[1] == []


def test_a_channel_that_starts_without_an_encoder_is_heard_once(on_air: OnAir) -> None:
    account, sending = on_air.account, set(on_air.account.media.sending)
    channel = on_air.stack.outputs["ChannelId"]
    stop_channel(account, channel)
    account.media.sending.clear()
    _, stopped = watch(on_air, CALM)
    start_channel(account, channel)
    rung, heard = watch(on_air, LASTS)
    account.media.sending |= sending
    _, later = watch(on_air, CALM)
    assert (stopped, heard, later) == ([], [(NOTHING, 8)], [])
    assert rung >= {f"AlarmPipeline{number}Alerts" for number in range(on_air.pipelines)}


def test_a_picture_that_returns_on_one_pipeline_only_stays_at_risk(on_air: OnAir) -> None:
    """It is heard once what is worse has ended for a while."""
    faults = on_air.account.media_metrics.faults
    faults.update(dict.fromkeys(range(on_air.pipelines), "black"))
    _, lost = watch(on_air, LASTS)
    del faults[0]
    _, later = watch(on_air, LASTS)
    faults.clear()
    _, calm = watch(on_air, CALM)
    assert (lost, calm) == ([(NO_PICTURE, 2)], [])
    assert later == ([(AT_RISK, 5)] if on_air.pipelines > 1 else [])


def test_every_alarm_is_in_the_tables(on_air: OnAir) -> None:
    """Each of their tests compares which alarms ring; the one that does not report is read."""
    pipelines, of = range(on_air.pipelines), EXPECTED.values()
    runs = {f"AlarmPipeline{number}Runs" for number in pipelines}
    assert on_air.in_alarm() == runs
    reports = [one for expected in of for one in (expected.of_one, expected.of_all) if one]
    tried = {
        *runs,
        *(f"AlarmPipeline{number}{row}" for one in of for row in one.rows for number in pipelines),
        *(f"AlarmPipeline{number}WorseThanTwin" for number in pipelines),
        *(f"AlarmPackager{row}" for one in of for row in one.packager),
        *(title for title, _ in (*reports, *(one.heard for one in RECORDED))),
        *(one.alarm for one in RECORDED),
        "AlarmNoStream",
        "AlarmKeyTooOld",  # rings until the next day's value: see test_alarms.py
    }
    assert {one.logical_id for one in on_air.alarms()} <= tried
    assert EXPECTED.keys() == FAULTS.keys()
