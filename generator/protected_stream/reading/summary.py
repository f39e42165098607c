"""Summary of the CloudFormation template after it is written."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from protected_stream.reading.commands import (
    copy_parameters,
    deploy,
    deploy_page,
    own_commands,
    print_outputs,
)
from protected_stream.reading.cost import cost
from protected_stream.reading.planned_words import summary_lines
from protected_stream.reading.prices import PRICES_IN, PRICES_OF
from protected_stream.reading.quotas import quotas_to_raise, quotas_used
from protected_stream.reading.written import REQUEST_LIMIT, Written


def summary(written: Written, now: datetime | None = None) -> str:
    """The summary: a few lines, the last of which are commands to copy, the short way first.

    Args:
        written: what a build has written.
        now: when the next shows begin to count, in UTC; by default, the current time.
    """
    planned = summary_lines(written.document, now or datetime.now(UTC))
    return "\n".join(
        (
            f"{written.folder}/template.json and .yaml, written by generator {_version(written)}",
            f"  resources   {_resources(written)}",
            f"  asks for    {', '.join(_asked(written.document))}",
            f"  uses        {quotas_used(written.document)}",
            *(f"  needs       {line}" for line in quotas_to_raise(written.document)),
            *(f"  {label:12}{text}" for label, text in written.notes),
            f"  costs       {_costs(written)}",
            *(f"  on air      {line}" for line in _on_air(written.document)),
            *(f"  {label:12}{text}" for label, text in planned),
            *([f"  left out    {LEFT_OUT}"] if written.region == "any" else []),
            *(f"  sign-in     {line}" for line in _images(written)),
            *([f"  needs       {LOGGING_ROLE}"] if _has_api_logs(written.document) else []),
            *([f"  charged     {WAF}"] if any(_of_type(written.document, WEB_ACL)) else []),
            *([f"  charged     {SHIELD}"] if _has_origin_shield(written.document) else []),
            *([f"  warning     {ROOT_USER}"] if _trusts_accounts(written.document) else []),
            *([f"  warning     {ANY_BUCKET}"] if _has_thumbnails(written.document) else []),
            *(f"  deletion    {line}" for line in _waits(written.document)),
            "To deploy, for the first time and for each change (docs/commands.md):",
            *(f"  {line}" for line in own_commands(written)),
            "Or with the AWS CLI: for the first time, fill in a copy of the parameters"
            f"{_warning(written)}:",
            f"  {copy_parameters(written)}",
            "Keep that copy for updates, and add any new parameters. Then, each time:",
            *(f"  {line}" for line in deploy(written)),
            "then print the outputs, and upload the page to the bucket in the output "
            "PageBucketName:",
            f"  {print_outputs(written)}",
            *(f"  {line}" for line in deploy_page(written)),
        )
    )


LEFT_OUT = 'features that only some Regions have (CloudFront access logs), as region is "any"'


WEB_ACL = "AWS::WAFv2::WebACL"
# Source: AWS WAF pricing, https://aws.amazon.com/waf/pricing/
WAF = "AWS WAF, $0.60 for each million requests that a web ACL checks, playlists and segments too"

# Source: Amazon CloudFront Developer Guide, "Use Amazon CloudFront Origin Shield" (costs) and
# "CloudFront flat-rate pricing plans"
SHIELD = (
    "Origin Shield, for each request that takes the extra hop; CloudFront's flat-rate plans below "
    'Premium do not include it (delivery.origin_shield = "off" leaves it out)'
)


def _has_origin_shield(document: Mapping[str, Any]) -> bool:
    return any(
        "OriginShield" in origin
        for distribution in _of_type(document, "AWS::CloudFront::Distribution")
        for origin in distribution["DistributionConfig"].get("Origins", ())
    )


ANY_BUCKET = "for thumbnails, the channel's role may write to any S3 bucket (encoding.thumbnails)"


def _has_thumbnails(document: Mapping[str, Any]) -> bool:
    return any(
        channel["EncoderSettings"].get("ThumbnailConfiguration") == {"State": "AUTO"}
        for channel in _of_type(document, "AWS::MediaLive::Channel")
    )


def _images(written: Written) -> tuple[str, ...]:
    """What the sign-in page's images take of the template, if it has any."""
    size = sum(
        len(asset.get("Bytes", ""))
        for branding in _of_type(written.document, "AWS::Cognito::ManagedLoginBranding")
        for asset in branding.get("Assets", ())
    )
    if not size:
        return ()
    is_why = not written.has_zip_files and written.needs_bucket
    limit = f", which therefore needs a bucket: it is larger than {REQUEST_LIMIT:,}"
    return (f"logo and favicon are {size:,} bytes of the template{limit if is_why else ''}",)


def _of_type(document: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    """The properties of the template's resources of that type."""
    for resource in document["Resources"].values():
        if resource["Type"] == kind:
            yield resource.get("Properties", {})


# Without it the stage fails: "CloudWatch Logs role ARN must be set in account settings".
# Source: API Gateway Developer Guide, "Set up CloudWatch logging for REST APIs"
LOGGING_ROLE = (
    "API Gateway's logging role, set once per account and Region "
    "(aws apigateway get-account shows cloudwatchRoleArn)"
)


def _has_api_logs(document: Mapping[str, Any]) -> bool:
    return any(
        "DestinationArn" in stage.get("AccessLogSetting", {})
        or any("LoggingLevel" in setting for setting in stage.get("MethodSettings", ()))
        for stage in _of_type(document, "AWS::ApiGateway::Stage")
    )


# Source: Amazon CloudFront Developer Guide, "Specify signers that can create signed URLs and signed
# cookies"
ROOT_USER = (
    "only the account's root user can create and delete the key pair; "
    'signing.mode = "supplied" does not need the root user'
)


def _trusts_accounts(document: Mapping[str, Any]) -> bool:
    return any(
        "TrustedSigners" in behavior
        for distribution in _of_type(document, "AWS::CloudFront::Distribution")
        for behavior in distribution["DistributionConfig"].get("CacheBehaviors", ())
    )


def _waits(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Resources whose deletion takes days."""
    days = {
        key["PendingWindowInDays"]
        for key in _of_type(document, "AWS::KMS::Key")
        if "PendingWindowInDays" in key
    }
    return tuple(
        f"KMS deletes a key {count} days after its stack or its generation is gone"
        for count in sorted(days)
    )


def _warning(written: Written) -> str:
    """The warning to keep the copy secret, if it contains secrets."""
    parameters = written.document["Parameters"].items()
    secrets = " and ".join(name for name, parameter in parameters if parameter.get("NoEcho"))
    return f" (it contains {secrets}: keep it secret)" if secrets else ""


def _version(written: Written) -> str:
    version: str = written.document["Metadata"]["Generator"]["Version"]
    return version


def _resources(written: Written) -> str:
    count = len(written.document["Resources"])
    return f"{count} in {written.size:,} of {written.limit:,} bytes"


def _asked(document: Mapping[str, Any]) -> list[str]:
    return [
        name if "Default" not in parameter else f"{name} (or its default)"
        for name, parameter in document["Parameters"].items()
    ]


def _costs(written: Written) -> str:
    sums = cost(written.document)
    elsewhere = written.region not in ("any", PRICES_IN)
    differ = f"; those of {written.region} differ" if elsewhere else ""
    if not sums.idle_without:
        return (
            f"at least ${sums.idle_month:.2f} a month and ${sums.received_gigabyte} for each "
            f"gigabyte that viewers receive ({PRICES_IN}, prices of {PRICES_OF}{differ}), besides "
            "the origin's"
        )
    idle = " and ".join(sums.idle_without)
    return (
        f"at least ${sums.idle_month:.2f} a month idle plus MediaLive's charge for an idle {idle}, "
        f"likely the larger part; ${sums.on_air_hour:.2f} an hour on air and "
        f"${sums.viewer_hour:.2f} more for each viewer-hour "
        f"({PRICES_IN}, prices of {PRICES_OF}{differ})"
        + (f"; {sums.not_in_on_air_hour}" if sums.not_in_on_air_hour else "")
    )


def _on_air(document: Mapping[str, Any]) -> Iterator[str]:
    """When a forgotten channel stops incurring charges; nothing without a channel."""
    for function in _of_type(document, "AWS::Lambda::Function"):
        variables = function["Environment"]["Variables"]
        if "STOP_AFTER_SECONDS" in variables:
            hours = int(variables["STOP_AFTER_SECONDS"]) // 3600
            yield f"until stopped, {hours} hours at most" if hours else "until stopped"
