"""`protected-stream plan`: how to subscribe the distribution to a CloudFront flat-rate plan.

It subscribes nothing and calls no AWS service. The template does not subscribe either:
CloudFormation rejects a change of plan by a stack update, leaves a paid plan pending until someone
approves it, and cannot delete a subscribed distribution before the paid month ends.

Source: AWS CloudFormation Template Reference, AWS::PricingPlanManager::Subscription; AWS
PricingPlanManager User Guide, "Getting started with the PricingPlanManager API"
"""

import argparse
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from protected_stream.cli.cost import DEFAULT_TEMPLATE, obstacle_rows
from protected_stream.cli.exit_status import CLEAN, refuse
from protected_stream.cli.table import table
from protected_stream.errors import BuildError
from protected_stream.reading.plans import (
    ALSO_NOT,
    PLANS_OF,
    PREMIUM_LEVELS,
    Fit,
    fits,
    lowest_possible,
)
from protected_stream.reading.template_file import read_template

REGION = "--region us-east-1"
"""The only Region of the PricingPlanManager API."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument("template", nargs="?", type=Path, default=DEFAULT_TEMPLATE)


def run(asked: argparse.Namespace) -> int:
    """Returns 0, or 2 if the template cannot be read."""
    try:
        document = read_template(asked.template)
    except BuildError as error:
        return refuse(str(error))
    for line in _report(asked.template, document):
        print(line)
    return CLEAN


def _report(path: Path, document: Mapping[str, Any]) -> Iterator[str]:
    found = fits(document)
    yield f"{path}: CloudFront's flat-rate plans of {PLANS_OF}"
    yield from table(_rows(found), frozenset({1, 2, 3}))
    yield ""
    yield from table(obstacle_rows(found))
    yield ""
    levels = ", ".join(f"{one.gigabytes // 1000} TB ${one.dollars:,}" for one in PREMIUM_LEVELS)
    yield f"Premium has larger levels: {levels}. `protected-stream cost` compares the dollars."
    yield ""
    for what in ALSO_NOT:
        yield f"Not with {what}."
    yield ""
    best = lowest_possible(document)
    yield from _steps(document, best) if best else ["No option makes a plan fit this template."]


def _rows(found: tuple[Fit, ...]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("plan", "dollars", "M requests", "GB", "this template")]
    for fit in found:
        plan = fit.plan
        rows.append(
            (
                plan.name,
                f"{plan.dollars:,}",
                f"{plan.requests // 1_000_000:,}",
                f"{plan.gigabytes:,}",
                fit.verdict,
            )
        )
    return rows


def _steps(document: Mapping[str, Any], fit: Fit) -> Iterator[str]:
    name = shlex.quote(str(document["Metadata"]["Generator"]["Name"]))
    plan = fit.plan.name
    yield f"To use {plan} (this command subscribes nothing, and neither does the template):"
    steps = [
        *([_changes(fit)] if fit.against else []),
        "Deploy the stack, and find its distribution and the ARN of its web ACL:\n"
        f"aws cloudformation describe-stack-resource --stack-name {name} "
        "--logical-resource-id Distribution\n"
        "aws cloudfront get-distribution --id DistributionId "
        '--query "Distribution.[ARN,DistributionConfig.WebACLId]"',
        "Create the subscription. It waits for approval, and costs nothing until then:\n"
        f"aws pricing-plan-manager create-subscription {REGION} --plan-family CloudFront "
        f"--plan-tier {plan.upper()} --resource-arns DistributionArn WebAclArn "
        "--approval-mode MANUAL",
        "Approve it: the month begins, and is paid for.\n"
        f"aws pricing-plan-manager list-subscriptions {REGION}\n"
        f"aws pricing-plan-manager approve-paid-subscription {REGION} --arn SubscriptionArn "
        "--if-match ETag",
    ]
    for number, step in enumerate(steps, 1):
        first, *lines = step.splitlines()
        yield f"{number}. {first}"
        for line in lines:
            yield f"     {line}"
    yield ""
    yield "While it is subscribed, the distribution keeps its web ACL, and neither an update that"
    yield "removes it nor `aws cloudformation delete-stack` succeeds. To delete the stack, cancel,"
    yield "and wait until the paid month ends:"
    yield (
        f"     aws pricing-plan-manager cancel-subscription {REGION} --arn SubscriptionArn "
        "--if-match ETag"
    )


def _changes(fit: Fit) -> str:
    return "Change the stream file, and write the template again:\n" + "\n".join(
        one.instead for one in fit.against
    )
