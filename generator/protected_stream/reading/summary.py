"""What a person wants to know of a template that has just been written."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from protected_stream.page.bundle import upload
from protected_stream.reading.cost import PRICES_IN, PRICES_OF, cost
from protected_stream.version import VERSION


@dataclass(frozen=True)
class Quota:
    """Something of which an account has only so many."""

    name: str
    limit: int
    uses: Mapping[str, int]
    """How many a resource of each type uses at most."""
    beside: Mapping[str, int] = field(default_factory=dict)
    """How many more are there while one takes the place of another, by type."""


# Default quotas; an account's own may differ.
# Sources: AWS Elemental MediaLive, AWS Elemental MediaPackage v2 and Amazon CloudFront guides,
# "Quotas"
QUOTAS = (
    Quota("MediaLive channels", 5, {"AWS::MediaLive::Channel": 1}),
    Quota("MediaPackage channel groups", 3, {"AWS::MediaPackageV2::ChannelGroup": 1}),
    Quota(
        "CloudFront key groups", 10, {"AWS::CloudFront::KeyGroup": 1, "Custom::SigningKeyPair": 1}
    ),
    Quota(
        "CloudFront public keys when rotating",
        10,
        {"AWS::CloudFront::PublicKey": 1, "Custom::SigningKeyPair": 5},
        {"AWS::CloudFront::PublicKey": 1},
    ),
)
# Bytes of a template in the request itself, and of one in a bucket.
# Source: AWS CloudFormation User Guide, "Quotas", template body
REQUEST_LIMIT = 51_200
BUCKET_LIMIT = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Written:
    """What has been written, and where."""

    document: Mapping[str, Any]
    size: int
    """Bytes of the JSON file."""
    folder: Path
    region: str
    """The Region that the template is made for, or "any"."""


def summary(written: Written) -> str:
    """The summary, a few lines that end with those to copy."""
    return "\n".join(
        (
            f"{written.folder}/template.json and .yaml, written by generator {VERSION}",
            f"  resources   {_resources(written)}",
            f"  asks for    {', '.join(_asked(written.document))}",
            f"  uses        {_quotas(written.document)}",
            f"  costs       {_costs(written.document)}",
            f"  on air      {_on_air(written.document)}",
            *([f"  left out    {LEFT_OUT}"] if written.region == "any" else []),
            *([f"  needs       {LOGGING_ROLE}"] if _has_access_logs(written.document) else []),
            *([f"  warning     {ROOT_USER}"] if _trusts_accounts(written.document) else []),
            *(f"  deletion    {line}" for line in _waits(written.document)),
            "To deploy for the first time, fill in a copy of the parameters "
            f"(it holds {_secrets(written.document)}: keep it to yourself):",
            f"  {_copy_parameters(written)}",
            "Keep that copy for updates, and add what they newly ask for. Then, each time:",
            *(f"  {line}" for line in _commands(written)),
            "and the page, to the bucket that the output PageBucketName names:",
            *(f"  {line}" for line in _page_commands(written)),
        )
    )


LEFT_OUT = 'what only some Regions have (CloudFront access logs), as region is "any"'


# Without it the stage fails: "CloudWatch Logs role ARN must be set in account settings".
# Source: API Gateway Developer Guide, "Set up CloudWatch logging for REST APIs"
LOGGING_ROLE = (
    "API Gateway's logging role, set once for an account and Region "
    "(aws apigateway get-account shows cloudwatchRoleArn)"
)


def _has_access_logs(document: Mapping[str, Any]) -> bool:
    return any(
        "DestinationArn" in resource.get("Properties", {}).get("AccessLogSetting", {})
        for resource in document["Resources"].values()
        if resource["Type"] == "AWS::ApiGateway::Stage"
    )


# Source: AWS Security Hub User Guide, control CloudFront.17
ROOT_USER = (
    "only the account's root user can make and delete the key pair, and Security Hub's control "
    'CloudFront.17 fails; signing.mode = "supplied" needs neither'
)


def _trusts_accounts(document: Mapping[str, Any]) -> bool:
    return any(
        "TrustedSigners" in behavior
        for resource in document["Resources"].values()
        if resource["Type"] == "AWS::CloudFront::Distribution"
        for behavior in resource["Properties"]["DistributionConfig"]["CacheBehaviors"]
    )


def _waits(document: Mapping[str, Any]) -> tuple[str, ...]:
    """What is not gone when it is deleted."""
    days = {
        resource["Properties"]["PendingWindowInDays"]
        for resource in document["Resources"].values()
        if resource["Type"] == "AWS::KMS::Key"
    }
    return tuple(
        f"KMS deletes a key {count} days after its stack or its generation is gone"
        for count in sorted(days)
    )


def _secrets(document: Mapping[str, Any]) -> str:
    parameters = document["Parameters"].items()
    return " and ".join(name for name, parameter in parameters if parameter.get("NoEcho"))


def _resources(written: Written) -> str:
    count = len(written.document["Resources"])
    limit = BUCKET_LIMIT if _needs_bucket(written) else REQUEST_LIMIT
    return f"{count} in {written.size:,} of {limit:,} bytes"


def _needs_bucket(written: Written) -> bool:
    """Whether a bucket is needed: for the functions' code, or for a template that is too large."""
    return _has_zip_files(written) or written.size > REQUEST_LIMIT


def _has_zip_files(written: Written) -> bool:
    return "ArtifactBucket" in written.document["Parameters"]


def _asked(document: Mapping[str, Any]) -> list[str]:
    return [
        name if "Default" not in parameter else f"{name} (or its default)"
        for name, parameter in document["Parameters"].items()
    ]


def _quotas(document: Mapping[str, Any]) -> str:
    types = [resource["Type"] for resource in document["Resources"].values()]
    used = [(quota, _used(quota, types)) for quota in QUOTAS]
    return ", ".join(f"{count} of {quota.limit} {quota.name}" for quota, count in used if count)


def _used(quota: Quota, types: Sequence[str]) -> int:
    always = sum(types.count(kind) * number for kind, number in quota.uses.items())
    return always + sum(number for kind, number in quota.beside.items() if kind in types)


def _costs(document: Mapping[str, Any]) -> str:
    sums = cost(document)
    return (
        f"at least ${sums.idle_month:.2f} a month idle besides MediaLive's charge for an idle "
        f"channel and input, ${sums.on_air_hour:.2f} an hour on air and ${sums.viewer_hour:.2f} "
        f"more for each viewer ({PRICES_IN}, prices of {PRICES_OF})"
    )


def _on_air(document: Mapping[str, Any]) -> str:
    """When the bill of a forgotten channel ends."""
    (guard,) = (
        variables
        for resource in document["Resources"].values()
        if resource["Type"] == "AWS::Lambda::Function"
        and "STOP_AFTER_SECONDS"
        in (variables := resource["Properties"]["Environment"]["Variables"])
    )
    hours = int(guard["STOP_AFTER_SECONDS"]) // 3600
    return f"until stopped, {hours} hours at most" if hours else "until stopped"


def _copy_parameters(written: Written) -> str:
    return f"cp {shlex.quote(str(written.folder))}/parameters.json parameters.json"


def _commands(written: Written) -> tuple[str, ...]:
    folder, where = shlex.quote(str(written.folder)), _where(written)
    copy_code = (
        f'aws s3 cp {folder}/lambda/ s3://YOUR-BUCKET/ --recursive --exclude "*" --include "*.zip"'
        f"{where}"
    )
    by_bucket = " --s3-bucket YOUR-BUCKET" if _needs_bucket(written) else ""
    return (
        *([copy_code] if _has_zip_files(written) else []),
        f"aws cloudformation deploy --template-file {folder}/template.json --stack-name live "
        f"--parameter-overrides file://parameters.json --capabilities CAPABILITY_IAM{by_bucket}"
        f"{where}",
    )


def _page_commands(written: Written) -> tuple[str, ...]:
    elsewhere = written.folder != Path("build")
    out = f" OUT={shlex.quote(str(written.folder))}" if elsewhere else ""
    return (f"make site{out}", upload(written.folder, _where(written)))


def _where(written: Written) -> str:
    return "" if written.region == "any" else f" --region {written.region}"
