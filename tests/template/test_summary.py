"""Summary of the template that was just written."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from protected_stream.reading.summary import summary
from protected_stream.reading.written import Written
from tests.conftest import Document


@pytest.fixture
def lines(default: Document) -> list[str]:
    """The summary of the default template, for one Region."""
    written = Written(document=default, size=35_807, folder=Path("build"), region="eu-west-1")
    return [line.strip() for line in summary(written).splitlines()]


def said(document: Document) -> str:
    """The summary of a template for any Region."""
    return summary(Written(document=document, size=1, folder=Path("build"), region="any"))


def told(lines: list[str], subject: str) -> str:
    """What the summary says about a subject."""
    (line,) = (line for line in lines if line.startswith(f"{subject} "))
    return line.removeprefix(subject).strip()


def test_it_shows_resources_and_size(lines: list[str], default: Document) -> None:
    assert told(lines, "resources") == f"{len(default['Resources'])} in 35,807 of 1,000,000 bytes"


def test_it_shows_the_parameters(lines: list[str]) -> None:
    assert told(lines, "asks for") == (
        "InputCidr, StreamKey, StopChannelToUpdate (or its default), "
        "StartChannel (or its default), "
        "ViewerEmail (or its default), ArtifactBucket, "
        "ArtifactPrefix (or its default)"
    )


@pytest.mark.parametrize(
    ("hours", "told_so"), [(12, "until stopped, 12 hours at most"), (0, "until stopped")]
)
def test_it_shows_when_a_forgotten_channel_stops(
    template_of: Callable[..., Document], hours: int, told_so: str
) -> None:
    document = template_of(schedule={"stop_after_hours": hours})
    written = Written(document=document, size=1, folder=Path("build"), region="any")
    assert told([line.strip() for line in summary(written).splitlines()], "on air") == told_so


@pytest.mark.parametrize(
    ("seconds", "needs"),
    [
        (900, []),
        (
            901,
            [
                'needs       MediaPackage\'s "Maximum live manifest length" must be raised from 15 '
                "to 16 minutes first (Service Quotas)"
            ],
        ),
    ],
)
def test_it_shows_which_quota_a_long_window_needs(
    template_of: Callable[..., Document], seconds: int, needs: list[str]
) -> None:
    summed = said(template_of(packaging={"dvr_window_seconds": seconds}))
    assert [line.strip() for line in summed.splitlines() if "  needs " in line] == needs


def test_it_shows_which_quotas_are_used(lines: list[str]) -> None:
    """The custom resource's function creates a key group and, rotating, up to five public keys."""
    assert told(lines, "uses") == (
        "1 of 5 MediaLive channels, 1 of 3 MediaPackage channel groups, "
        "2 of 20 CloudFront cache policies, 1 of 10 CloudFront key groups, "
        "5 of 10 CloudFront public keys when rotating"
    )


def test_during_a_key_change_both_keys_count(
    template_of: Callable[..., Document],
) -> None:
    for generations, keys in (([1], 2), ([2, 1], 3)):
        document = template_of(signing={"mode": "kms", "generations": generations})
        written = Written(document=document, size=1, folder=Path("build"), region="any")
        lines = [line.strip() for line in summary(written).splitlines()]
        assert f"{keys} of 10 CloudFront public keys when rotating" in told(lines, "uses")


def test_it_shows_the_cost_with_the_date_of_the_prices(lines: list[str]) -> None:
    assert told(lines, "costs") == (
        "at least $0.40 a month idle plus MediaLive's charge for an idle channel and input, likely "
        "the larger part; $3.41 an hour on air and $0.16 more for each viewer-hour "
        "(us-east-1, prices of 2026-09-18; those of eu-west-1 differ); not included, as no "
        "published price is known here (docs/cost.md): 1 audio output"
    )


@pytest.mark.parametrize("region", ["any", "us-east-1"])
def test_prices_are_not_said_to_differ_where_no_other_region_is_known(
    default: Document, region: str
) -> None:
    written = Written(document=default, size=1, folder=Path("build"), region=region)
    costs = told([line.strip() for line in summary(written).splitlines()], "costs")
    assert "(us-east-1, prices of 2026-09-18); " in costs


def test_it_names_what_has_no_published_price(template_of: Callable[..., Document]) -> None:
    costs = said(template_of(encoding={"ladder": "HD-720p", "frame_rate": 59.94}))
    assert (
        "; not included, as no published price is known here (docs/cost.md): 1 AVC HD output of up "
        "to 60 fps and 10 Mbit/s, 4 AVC SD outputs of up to 60 fps and 10 Mbit/s, 1 audio output\n"
        in costs
    )


def test_an_idle_input_that_pulls_is_free(template_of: Callable[..., Document]) -> None:
    """MediaLive User Guide, "Pricing in MediaLive"."""
    pulling = said(template_of(ingest={"type": "url-pull"}))
    assert "MediaLive's charge for an idle channel, likely" in pulling
    pushing = said(template_of(ingest={"type": "rtp-push"}))
    assert "MediaLive's charge for an idle channel and input, likely" in pushing


def test_it_ends_with_the_lines_to_copy(lines: list[str]) -> None:
    assert lines[-9:] == [
        "cp -i build/parameters.json parameters-live.json",
        "Keep that copy for updates, and add any new parameters. Then, each time:",
        'aws s3 cp build/lambda/ s3://ArtifactBucket/ --recursive --exclude "*" --include "*.zip" '
        "--region eu-west-1",
        "aws cloudformation deploy --template-file build/template.json --stack-name live "
        "--parameter-overrides file://parameters-live.json --capabilities CAPABILITY_IAM "
        "--no-fail-on-empty-changeset --s3-bucket ArtifactBucket --region eu-west-1",
        "then print the outputs, and upload the page to the bucket in the output PageBucketName:",
        "aws cloudformation describe-stacks --stack-name live "
        '--query "Stacks[0].Outputs[].[OutputKey,OutputValue]" --output table --region eu-west-1',
        "make site",
        "aws s3 sync build/site/ s3://PageBucketName/ --delete --cache-control max-age=60 "
        "--region eu-west-1",
        "aws s3 cp build/404.html s3://PageBucketName/ --cache-control no-store --region eu-west-1",
    ]


@pytest.mark.parametrize(
    ("folder", "in_checkout", "wanted"),
    [
        (
            "build",
            True,
            (
                ".venv/bin/protected-stream parameters",
                "make site",
                ".venv/bin/protected-stream deploy --create-bucket",
            ),
        ),
        (
            "my builds",
            False,
            (
                "protected-stream parameters --out 'my builds'",
                "protected-stream page --out 'my builds'",
                "protected-stream deploy --create-bucket --out 'my builds'",
            ),
        ),
    ],
)
def test_the_short_way_comes_before_the_aws_cli_s(
    default: Document, folder: str, in_checkout: bool, wanted: tuple[str, ...]
) -> None:
    written = Written(
        document=default, size=1, folder=Path(folder), region="any", in_checkout=in_checkout
    )
    lines = [line.strip() for line in summary(written).splitlines()]
    begin = lines.index(wanted[0])
    assert tuple(lines[begin : begin + 3]) == wanted
    assert lines[begin + 3].startswith("Or with the AWS CLI")
    assert not any(line.startswith("aws ") for line in lines[:begin])


def test_without_code_in_a_bucket_none_is_created(template_of: Callable[..., Document]) -> None:
    inline = template_of(signing={"mode": "kms"})
    assert "  .venv/bin/protected-stream deploy\n" in said(inline)


def test_the_lines_of_two_streams_have_no_stack_or_parameters_file_in_common(
    template_of: Callable[..., Document],
) -> None:
    """Otherwise, deploying the second would overwrite the first's secrets and update its stack."""
    used = []
    for name in ("live", "radio-2"):
        written = Written(
            document=template_of(name=name), size=1, folder=Path("build") / name, region="any"
        )
        said = summary(written)
        used.append(
            {
                *re.findall(r"parameters-[\w-]+\.json", said),
                *re.findall(r"--stack-name (\S+)", said),
                *re.findall(r"build/[\w-]+", said),
            }
        )
    assert used == [
        {f"parameters-{name}.json", name, f"build/{name}"} for name in ("live", "radio-2")
    ]


def test_the_page_goes_beside_the_template(default: Document) -> None:
    written = Written(document=default, size=1, folder=Path("build/prod"), region="any")
    assert [line.strip() for line in summary(written).splitlines()][-3:] == [
        "make site OUT=build/prod",
        "aws s3 sync build/prod/site/ s3://PageBucketName/ --delete --cache-control max-age=60",
        "aws s3 cp build/prod/404.html s3://PageBucketName/ --cache-control no-store",
    ]


def test_it_shows_what_any_region_leaves_out(default: Document) -> None:
    written = Written(document=default, size=1, folder=Path("build"), region="any")
    assert "CloudFront access logs" in summary(written)
    elsewhere = Written(document=default, size=1, folder=Path("build"), region="eu-west-1")
    assert "left out" not in summary(elsewhere)


def test_no_signing_mode_is_said_to_pass_what_every_mode_fails(
    template_of: Callable[..., Document],
) -> None:
    """Security Hub's CloudFront.17: the page's and the API's behaviors require no signature."""
    document = template_of(signing={"mode": "trusted-signer"})
    written = Written(document=document, size=1, folder=Path("build"), region="any")
    assert "root user" in summary(written)
    assert "CloudFront.17" not in summary(written)


@pytest.mark.parametrize(
    ("logs", "wanted"),
    [({}, False), ({"access_logs": True}, True), ({"execution_logs": "errors"}, True)],
)
def test_it_shows_what_the_api_s_logs_need(
    template_of: Callable[..., Document], logs: dict[str, bool], *, wanted: bool
) -> None:
    """Without API Gateway's logging role, the stage fails, and so does the stack."""
    document = template_of(api=logs)
    written = Written(document=document, size=1, folder=Path("build"), region="any")
    assert ("needs       API Gateway's logging role" in summary(written)) is wanted


def test_without_a_checkout_the_command_writes_the_page(default: Document) -> None:
    written = Written(document=default, size=1, folder=Path("out"), region="any", in_checkout=False)
    assert "  protected-stream page --out out" in summary(written).splitlines()
    named = replace(written, stream_file=Path("my stream.toml"))
    assert "  protected-stream page 'my stream.toml' --out out" in summary(named).splitlines()


def test_origin_shield_is_said_to_be_charged(
    default: Document, template_of: Callable[..., Document]
) -> None:
    without = template_of(delivery={"origin_shield": "off"})
    assert "  charged     Origin Shield, for each request" in said(default)
    assert "Origin Shield" not in said(without)


def test_thumbnails_come_with_a_warning(
    default: Document, template_of: Callable[..., Document]
) -> None:
    pictures = template_of(encoding={"thumbnails": True})
    warning = "  warning     for thumbnails, the channel's role may write to any S3 bucket"
    assert warning in said(pictures)
    assert warning not in said(default)


def test_resources_of_an_extension_may_have_fewer_properties(default: Document) -> None:
    of_an_extension = {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"ManagedPolicyArns": []}},
        "Key": {"Type": "AWS::KMS::Key", "Properties": {}},
        "Other": {
            "Type": "AWS::CloudFront::Distribution",
            "Properties": {"DistributionConfig": {}},
        },
    }
    more = {**default, "Resources": {**default["Resources"], **of_an_extension}}
    assert "Origin Shield" in said(more)


def test_a_copy_without_secrets_needs_no_warning(default: Document) -> None:
    parameters = {name: {"Type": "String"} for name in default["Parameters"]}
    written = Written(
        document={**default, "Parameters": parameters}, size=1, folder=Path("out"), region="any"
    )
    assert "keep it secret" not in summary(written)
