"""CloudFormation templates in requests: where they are, their size, what they declare.

Source: CloudFormation API Reference, "CreateChangeSet"; CloudFormation User Guide, "Understand
CloudFormation quotas".
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from botocore.exceptions import ClientError

from preview.account import Account
from preview.services.aws.aws_error import AwsError

MOST_BYTES = 51_200
MOST_BYTES_IN_S3 = 1_000_000
S3_HOST = re.compile(r"(?:(?P<bucket>.+)\.)?s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com")
LOCAL = ("127.0.0.1", "localhost")
IAM = "AWS::IAM::"
NAMES: Mapping[str, str] = {
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
}
"""The properties with which CAPABILITY_IAM does not suffice.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html
"""


def validation_error(message: str) -> AwsError:
    """CloudFormation's error for most mistakes."""
    return AwsError("ValidationError", message)


def body_of(account: Account, parameters: Mapping[str, Any]) -> str | None:
    """The text of the template in a request; None if it has none.

    Raises:
        AwsError: it is too large, or not where the request says.
    """
    body, url = parameters.get("TemplateBody"), parameters.get("TemplateURL")
    if body is not None and len(body.encode()) > MOST_BYTES:
        raise validation_error(
            f"1 validation error detected: Value at 'templateBody' failed to satisfy constraint:"
            f" Member must have length less than or equal to {MOST_BYTES}"
        )
    return _in_s3(account, url) if body is None and url is not None else body


def _in_s3(account: Account, url: str) -> str:
    parts = urlsplit(url)
    match = S3_HOST.fullmatch(parts.hostname or "")
    if not match and parts.hostname not in LOCAL:
        raise validation_error("TemplateURL must be a supported URL.")
    path = unquote(parts.path).removeprefix("/")
    bucket, _, key = (
        (match["bucket"], "", path) if match and match["bucket"] else path.partition("/")
    )
    try:
        body = account.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        raise validation_error(f"S3 error: {code} ({bucket}/{key})") from None
    if len(body) > MOST_BYTES_IN_S3:
        raise validation_error(f"Template may not exceed {MOST_BYTES_IN_S3} bytes in size.")
    return str(body.decode())


def parsed(body: str) -> dict[str, Any]:
    """The template; the preview reads JSON.

    Raises:
        AwsError: it is not JSON, or has no resources.
    """
    try:
        template = json.loads(body)
    except ValueError:
        raise validation_error(
            "Template format error: JSON not well-formed. (The preview reads no YAML.)"
        ) from None
    if not isinstance(template, dict) or not isinstance(template.get("Resources"), dict):
        raise validation_error(
            "Template format error: At least one Resources member must be defined."
        )
    return template


def needed_capabilities(template: Mapping[str, Any]) -> list[str]:
    """The capability that the template's IAM resources need, if any."""
    resources = [one for one in template["Resources"].values() if one["Type"].startswith(IAM)]
    if any(NAMES.get(one["Type"], "") in one.get("Properties", {}) for one in resources):
        return ["CAPABILITY_NAMED_IAM"]
    return ["CAPABILITY_IAM"] if resources else []


def check_capabilities(template: Mapping[str, Any], given: Sequence[str]) -> None:
    """Raises InsufficientCapabilitiesException if a capability is missing."""
    needed = needed_capabilities(template)
    if not {*needed, "CAPABILITY_NAMED_IAM"} & {*given} and needed:
        raise AwsError(
            "InsufficientCapabilitiesException", f"Requires capabilities : [{', '.join(needed)}]"
        )


def summary(template: Mapping[str, Any]) -> dict[str, Any]:
    """What `GetTemplateSummary` answers.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplateSummary.html
    """
    capabilities = needed_capabilities(template)
    types = sorted({one["Type"] for one in template["Resources"].values()})
    reason = "The following resource(s) require capabilities: "
    return {
        "Parameters": list(_declarations(template)),
        "Description": template.get("Description"),
        "Version": template.get("AWSTemplateFormatVersion"),
        "Metadata": json.dumps(template["Metadata"]) if "Metadata" in template else None,
        "Capabilities": capabilities,
        "CapabilitiesReason": (
            f"{reason}[{', '.join(one for one in types if one.startswith(IAM))}]"
            if capabilities
            else None
        ),
        "ResourceTypes": types,
        "DeclaredTransforms": [],
    }


def _declarations(template: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, declared in template.get("Parameters", {}).items():
        hidden = declared.get("NoEcho") in (True, "true")
        default = declared.get("Default")
        yield {
            "ParameterKey": name,
            "ParameterType": declared["Type"],
            "NoEcho": hidden,
            "Description": declared.get("Description"),
            "DefaultValue": None if default is None else "****" if hidden else str(default),
            "ParameterConstraints": (
                {"AllowedValues": [str(one) for one in declared["AllowedValues"]]}
                if "AllowedValues" in declared
                else {}
            ),
        }
