"""`protected-stream cost` and `plan`: what they print, and what they refuse."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from protected_stream import assemble
from protected_stream.cli.exit_status import CLEAN, NOTHING_WRITTEN
from protected_stream.cli.main import main
from protected_stream.config import load
from protected_stream.reading.hourly_cost import of_a_deployment
from protected_stream.template.emit import document
from tests.conftest import STREAMS, Document

SHOW = ("--hours", "2", "--viewers", "200")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    default: Document,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Runs a command where build/template.json is the default template; status and output."""
    monkeypatch.chdir(tmp_path)
    Path("build").mkdir()
    Path("build/template.json").write_text(json.dumps(default), "utf-8")

    def command(*arguments: str) -> tuple[int, str, str]:
        status = main(list(arguments))
        said = capsys.readouterr()
        return status, said.out, said.err

    return command


def test_it_composes_the_sum_of_lines(run: Run) -> None:
    status, out, _ = run("cost", *SHOW)
    assert status == CLEAN
    show = out.partition("A show")[2].partition("A month")[0].splitlines()
    amounts = [line.split()[-1] for line in show if line and line[-1].isdigit()]
    parts = [float(amount) for amount in amounts[:-1] if "<" not in amount]
    assert sum(parts) == pytest.approx(float(amounts[-1]), abs=0.04)
    for words in ("MediaPackage", "API Gateway", "Cognito", "left out  MediaLive: 1 audio output"):
        assert words in out


def test_json_has_the_same_sums(run: Run) -> None:
    _, text, _ = run("cost", *SHOW)
    status, out, _ = run("cost", *SHOW, "--json")
    found = json.loads(out)
    assert status == CLEAN
    for sums in (found["show"], found["month"]):
        assert sum(line["dollars"] for line in sums["lines"]) == pytest.approx(sums["dollars"])
        assert f"{sums['dollars']:,.2f}" in text
    assert [plan["plan"] for plan in found["plans"]] == ["Free", "Pro", "Business", "Premium"]


def test_prices_of_yours_and_a_plot(run: Run) -> None:
    Path("mine.toml").write_text("cloudfront.data = 0.01", "utf-8")
    status, out, _ = run("cost", *SHOW, "--prices", "mine.toml", "--plot", "out/plans.svg")
    assert status == CLEAN
    assert "1 of them yours" in out
    assert Path("out/plans.svg").read_text("utf-8").startswith("<svg ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("cost", "none.json", *SHOW), "none.json: cannot be read: No such file or directory"),
        (("plan", "none.json"), "none.json: cannot be read: No such file or directory"),
        (("cost", "other.json", *SHOW), "other.json: is not a template that this generator wrote"),
        (("plan", "text.json"), "text.json: is not a template that this generator wrote"),
        (("cost", *SHOW, "--prices", "none.toml"), "none.toml: cannot be read: No such file"),
        (("cost", *SHOW, "--prices", "text.json"), "text.json: it is not TOML"),
        (("cost", *SHOW, "--plot", "text.json/x.svg"), "cannot be written"),
        (("cost", *SHOW, "--shows-per-month", "366"), "366 shows of 2 hours are longer than a mon"),
    ],
)
def test_bad_input_is_refused_in_one_sentence(
    run: Run, arguments: tuple[str, ...], says: str
) -> None:
    Path("other.json").write_text('{"Resources": {}}', "utf-8")
    Path("text.json").write_text("no", "utf-8")
    status, out, err = run(*arguments)
    assert (status, out) == (NOTHING_WRITTEN, "")
    assert says in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("option", "value"), [("--hours", "0"), ("--hours", "nan"), ("--viewers", "-1")]
)
def test_numbers_have_bounds(
    run: Run, option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        run("cost", *SHOW, f"{option}={value}")
    assert end.value.code == NOTHING_WRITTEN
    assert f"argument {option}: must be a" in capsys.readouterr().err


def test_a_stream_on_the_air_already_needs_a_bitrate(run: Run) -> None:
    template = document(assemble(load(STREAMS["existing-s3"])))
    Path("existing.json").write_text(json.dumps(template), "utf-8")
    status, out, err = run("cost", "existing.json", *SHOW)
    assert (status, out) == (NOTHING_WRITTEN, "")
    assert "give it in Mbit/s with --bitrate" in err
    status, out, _ = run("cost", "existing.json", *SHOW, "--bitrate", "4")
    assert status == CLEAN
    assert "data to viewers, the stream" in out


def test_plan_says_what_to_change_and_how_to_subscribe(run: Run) -> None:
    status, out, _ = run("plan")
    assert status == CLEAN
    for words in (
        'delivery.origin_shield = "off"',
        "delivery.web_acl",
        "--plan-tier BUSINESS",
        "--approval-mode MANUAL",
        "this command subscribes nothing",
        "cancel-subscription",
    ):
        assert words in out


def test_a_deployment_says_what_it_costs_and_an_update_what_it_changes(default: Document) -> None:
    one, existing = (
        document(assemble(load(STREAMS[name])))
        for name in ("single-pipeline", "existing-mediapackage-v2")
    )
    assert of_a_deployment(default, None).startswith(
        "It costs at least $0.40 a month, and $3.41 an hour on the air (us-east-1"
    )
    assert "on the air" not in of_a_deployment(existing, None)
    assert of_a_deployment(default, one).startswith(
        "An hour on the air will cost at least $3.41 instead of $2.02 (us-east-1"
    )
    assert of_a_deployment(default, default) == ""
