"""Controls of AWS Foundational Security Best Practices, and how the template meets them.

Source: AWS Security Hub User Guide, "AWS Foundational Security Best Practices (FSBP) standard" and
the page of each service's controls. MediaLive and MediaPackage have none. Left out are controls of
resource types that no template has, and those about an account or its operation.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from protected_stream.lint.waivers import WAIVERS

Template = Mapping[str, Any]
Met = Literal["always", "hardened", "never"]
MISSING = object()
"""What is at a path that leads nowhere."""
SEGMENT = re.compile(r"(?P<name>[^\[]+)(?P<list>\[((?P<key>\w+)(=(?P<value>\w+))?)?\])?")


@dataclass(frozen=True, kw_only=True)
class Check:
    """What a property must be, in every resource of a type."""

    resource: str
    """The type."""
    path: str
    """Names of properties between slashes; "[]" stands for all entries of a list, "[Id=page]" for
    those with this value, "[Key]" for those with this key."""
    holds: Callable[[Any], bool]
    says: str
    """The same in words."""


@dataclass(frozen=True, kw_only=True)
class Control:
    """One control."""

    id: str
    title: str
    met: Met
    """By every stream, by one with every option of examples/hardened.toml, or by none."""
    checks: tuple[Check, ...]
    waived: str = ""
    """What an attacker gains where it is not met, and why that is accepted."""
    about: str = ""
    """The resource type that it judges, if that is not the type of the first check."""

    @property
    def judges(self) -> str:
        """The resource type that it judges."""
        return self.about or self.checks[0].resource


def check_of(resource: str, path: str, rule: tuple[Callable[[Any], bool], str]) -> Check:
    """A check with one of the rules below."""
    return Check(resource=resource, path=path, holds=rule[0], says=rule[1])


def one_of(*values: Any) -> tuple[Callable[[Any], bool], str]:
    """One of these values."""
    return (lambda found: found in values), " or ".join(f"`{value}`" for value in values)


def is_set(*, to: bool) -> tuple[Callable[[Any], bool], str]:
    """True or false."""
    return (lambda found: found is to), f"`{str(to).lower()}`"


def is_there() -> tuple[Callable[[Any], bool], str]:
    """Any value."""
    return (lambda found: found is not MISSING), "given"


def is_absent() -> tuple[Callable[[Any], bool], str]:
    """No value."""
    return (lambda found: found is MISSING), "not given"


def at_least(least: int) -> tuple[Callable[[Any], bool], str]:
    """A number."""
    return (lambda found: found is not MISSING and found >= least), f"at least {least}"


def at_most(most: int) -> tuple[Callable[[Any], bool], str]:
    """A number."""
    return (lambda found: found is not MISSING and found <= most), f"at most {most}"


def _no_decryption_with_all_keys(statement: Any) -> bool:
    return statement is not MISSING and not (
        "*" in statement["Resource"] and any(one.startswith("kms:") for one in statement["Action"])
    )


def _lets_in_nobody_else(policy: Any) -> bool:
    return policy is MISSING or all(
        statement["Effect"] == "Deny"
        or "Service" in statement["Principal"]
        or all(":root" in str(one) for one in statement["Principal"]["AWS"])
        for statement in policy["Statement"]
    )


def _no_wildcard(statement: Any) -> bool:
    return statement is not MISSING and not any("*" in one for one in statement["Action"])


def _reason(rule: str) -> str:
    return next(one.reason for one in WAIVERS if rule in one.rules)


DISTRIBUTION, STAGE = "AWS::CloudFront::Distribution", "AWS::ApiGateway::Stage"
POOL, BUCKET, BUCKET_POLICY = "AWS::Cognito::UserPool", "AWS::S3::Bucket", "AWS::S3::BucketPolicy"
FUNCTION, PERMISSION = "AWS::Lambda::Function", "AWS::Lambda::Permission"
SECRET, ROTATION = "AWS::SecretsManager::Secret", "AWS::SecretsManager::RotationSchedule"
ROLE, KEY = "AWS::IAM::Role", "AWS::KMS::Key"
NO_PUBLIC_ACCESS = (
    "BlockPublicAcls",
    "BlockPublicPolicy",
    "IgnorePublicAcls",
    "RestrictPublicBuckets",
)
PASSWORD = "Policies/PasswordPolicy"  # noqa: S105 # where the policy is
CERTIFICATE = "DistributionConfig/ViewerCertificate"
STATEMENTS = "Policies[]/PolicyDocument/Statement[Effect=Allow]"
ANY_ORIGIN = "DistributionConfig/Origins[CustomOriginConfig]/CustomOriginConfig"

CONTROLS = (
    Control(
        id="APIGateway.1",
        title="execution logging of REST APIs",
        met="hardened",
        checks=(check_of(STAGE, "MethodSettings[]/LoggingLevel", one_of("ERROR", "INFO")),),
        waived=_reason("CT.APIGATEWAY.PR.1"),
    ),
    Control(
        id="APIGateway.2",
        title="SSL certificate for backend authentication",
        met="never",
        checks=(check_of(STAGE, "ClientCertificateId", is_there()),),
        waived="An attacker gains nothing: the API has no backend over HTTP. API Gateway calls the "
        "function as the permission allows, and answers for the page's settings itself.",
    ),
    Control(
        id="APIGateway.3",
        title="X-Ray tracing of REST API stages",
        met="hardened",
        checks=(check_of(STAGE, "TracingEnabled", is_set(to=True)),),
        waived=_reason("CT.APIGATEWAY.PR.2"),
    ),
    Control(
        id="APIGateway.4",
        title="a web ACL in front of the API",
        about=STAGE,
        met="never",
        checks=(check_of("AWS::WAFv2::WebACLAssociation", "ResourceArn", is_there()),),
        waived="An attacker can send requests to the API's own hostname, past a web ACL of the "
        "distribution: at most api.requests_per_second of them. None gets cookies without a "
        "viewer's token, but they may leave no requests for viewers.",
    ),
    Control(
        id="APIGateway.5",
        title="encryption of the API's cache",
        met="always",
        checks=(check_of(STAGE, "CacheClusterEnabled", is_absent()),),
    ),
    Control(
        id="CloudFront.1",
        title="a default root object",
        met="always",
        checks=(
            check_of(DISTRIBUTION, "DistributionConfig/DefaultRootObject", one_of("index.html")),
        ),
    ),
    Control(
        id="CloudFront.3",
        title="encryption in transit",
        met="always",
        checks=tuple(
            check_of(
                DISTRIBUTION,
                f"DistributionConfig/{behavior}/ViewerProtocolPolicy",
                one_of("https-only", "redirect-to-https"),
            )
            for behavior in ("CacheBehaviors[]", "DefaultCacheBehavior")
        ),
    ),
    Control(
        id="CloudFront.4",
        title="origin failover",
        met="never",
        checks=(check_of(DISTRIBUTION, "DistributionConfig/OriginGroups", is_there()),),
        waived=_reason("CT.CLOUDFRONT.PR.4"),
    ),
    Control(
        id="CloudFront.5",
        title="logging",
        met="never",
        checks=(check_of(DISTRIBUTION, "DistributionConfig/Logging", is_there()),),
        waived=_reason("CT.CLOUDFRONT.PR.5"),
    ),
    Control(
        id="CloudFront.6",
        title="a web ACL",
        met="hardened",
        checks=(check_of(DISTRIBUTION, "DistributionConfig/WebACLId", is_there()),),
        waived=_reason("CKV_AWS_68"),
    ),
    Control(
        id="CloudFront.7",
        title="a certificate of your own",
        met="hardened",
        checks=(check_of(DISTRIBUTION, f"{CERTIFICATE}/AcmCertificateArn", is_there()),),
        waived=_reason("CT.CLOUDFRONT.PR.6"),
    ),
    Control(
        id="CloudFront.8",
        title="HTTPS requests with SNI",
        met="hardened",
        checks=(check_of(DISTRIBUTION, f"{CERTIFICATE}/SslSupportMethod", one_of("sni-only")),),
        waived=_reason("CT.CLOUDFRONT.PR.7"),
    ),
    Control(
        id="CloudFront.9",
        title="encryption on the way to origins",
        met="always",
        checks=(
            check_of(DISTRIBUTION, f"{ANY_ORIGIN}/OriginProtocolPolicy", one_of("https-only")),
        ),
    ),
    Control(
        id="CloudFront.10",
        title="no deprecated protocols to origins",
        met="always",
        checks=(check_of(DISTRIBUTION, f"{ANY_ORIGIN}/OriginSSLProtocols[]", one_of("TLSv1.2")),),
    ),
    Control(
        id="CloudFront.12",
        title="S3 origins that exist",
        met="always",
        checks=(
            check_of(
                DISTRIBUTION,
                "DistributionConfig/Origins[S3OriginConfig]/DomainName/Fn::GetAtt[]",
                one_of("PageBucket", "RegionalDomainName"),
            ),
        ),
    ),
    Control(
        id="CloudFront.13",
        title="origin access control for S3 origins",
        met="always",
        checks=(
            check_of(
                DISTRIBUTION,
                "DistributionConfig/Origins[S3OriginConfig]/OriginAccessControlId",
                is_there(),
            ),
        ),
    ),
    Control(
        id="CloudFront.15",
        title="a recommended TLS security policy",
        met="hardened",
        checks=(
            check_of(
                DISTRIBUTION,
                f"{CERTIFICATE}/MinimumProtocolVersion",
                one_of("TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"),
            ),
        ),
        waived=_reason("CT.CLOUDFRONT.PR.9"),
    ),
    Control(
        id="CloudFront.17",
        title="trusted key groups for signed URLs and cookies",
        met="never",
        checks=tuple(
            check_of(DISTRIBUTION, f"DistributionConfig/{behavior}/TrustedKeyGroups", is_there())
            for behavior in ("CacheBehaviors[]", "DefaultCacheBehavior")
        ),
        waived="An attacker gains nothing: every behavior that serves media has trusted key groups "
        "(with trusted-signer, an account). The control also judges the behaviors of the page and "
        "of the API, which viewers must reach before they have cookies.",
    ),
    Control(
        id="Cognito.3",
        title="a strong password policy",
        met="always",
        checks=(
            check_of(POOL, f"{PASSWORD}/MinimumLength", at_least(8)),
            check_of(POOL, f"{PASSWORD}/TemporaryPasswordValidityDays", at_most(7)),
            *(
                check_of(POOL, f"{PASSWORD}/Require{kind}", is_set(to=True))
                for kind in ("Lowercase", "Uppercase", "Numbers", "Symbols")
            ),
        ),
    ),
    Control(
        id="Cognito.4",
        title="threat protection for custom authentication",
        met="never",
        checks=(
            check_of(
                POOL,
                "UserPoolAddOns/AdvancedSecurityAdditionalFlows/CustomAuthMode",
                one_of("ENFORCED"),
            ),
        ),
        waived="An attacker gains nothing: the app client allows no custom authentication. Threat "
        "protection also needs Cognito's plan Plus.",
    ),
    Control(
        id="Cognito.5",
        title="multi-factor authentication",
        met="hardened",
        checks=(check_of(POOL, "MfaConfiguration", one_of("ON")),),
        waived="An attacker who knows a viewer's password can watch. viewers.mfa asks for a second "
        "factor; it is off because many audiences would not watch with one.",
    ),
    Control(
        id="Cognito.6",
        title="deletion protection of user pools",
        met="always",
        checks=(check_of(POOL, "DeletionProtection", one_of("ACTIVE")),),
    ),
    Control(
        id="IAM.1",
        title="no full administrative privileges",
        met="always",
        checks=(
            Check(
                resource=ROLE, path=STATEMENTS, holds=_no_wildcard, says="without `*` in an action"
            ),
        ),
    ),
    Control(
        id="KMS.2",
        title="no inline policies that allow decryption with all keys",
        met="always",
        checks=(
            Check(
                resource=ROLE,
                path=STATEMENTS,
                holds=_no_decryption_with_all_keys,
                says="without `kms:` actions on `*`",
            ),
        ),
    ),
    Control(
        id="KMS.5",
        title="keys that are not public",
        met="always",
        checks=(
            Check(
                resource=KEY,
                path="KeyPolicy",
                holds=_lets_in_nobody_else,
                says="not given, or with no other principal than the account and AWS's services",
            ),
        ),
    ),
    Control(
        id="Lambda.1",
        title="no public access to functions",
        met="always",
        checks=(
            check_of(
                PERMISSION,
                "Principal",
                one_of(
                    "apigateway.amazonaws.com",
                    "events.amazonaws.com",
                    "secretsmanager.amazonaws.com",
                ),
            ),
            check_of(PERMISSION, "SourceArn", is_there()),
        ),
    ),
    Control(
        id="Lambda.2",
        title="supported runtimes",
        met="always",
        checks=(check_of(FUNCTION, "Runtime", one_of("python3.14")),),
    ),
    Control(
        id="Lambda.5",
        title="functions in a VPC in several Availability Zones",
        met="always",
        checks=(check_of(FUNCTION, "VpcConfig", is_absent()),),
    ),
    Control(
        id="S3.2, S3.3, S3.8",
        title="no public access to buckets",
        met="always",
        checks=tuple(
            check_of(BUCKET, f"PublicAccessBlockConfiguration/{name}", is_set(to=True))
            for name in NO_PUBLIC_ACCESS
        ),
    ),
    Control(
        id="S3.5",
        title="requests with TLS only",
        met="always",
        checks=(
            check_of(
                BUCKET_POLICY,
                "PolicyDocument/Statement[Effect=Deny]/Condition/Bool/aws:SecureTransport",
                ((lambda found: found in (False, "false")), "`false`"),
            ),
        ),
    ),
    Control(
        id="S3.6",
        title="no access by other accounts",
        met="always",
        checks=(
            check_of(
                BUCKET_POLICY,
                "PolicyDocument/Statement[Effect=Allow]/Principal/Service[]",
                one_of("cloudfront.amazonaws.com", "delivery.logs.amazonaws.com"),
            ),
        ),
    ),
    Control(
        id="S3.9",
        title="server access logging of buckets",
        met="never",
        checks=(check_of(BUCKET, "LoggingConfiguration", is_there()),),
        waived=_reason("CT.S3.PR.2"),
    ),
    Control(
        id="S3.12",
        title="no access control lists",
        met="always",
        checks=(
            check_of(
                BUCKET,
                "OwnershipControls/Rules[]/ObjectOwnership",
                one_of("BucketOwnerEnforced"),
            ),
        ),
    ),
    Control(
        id="S3.13",
        title="lifecycle configurations of buckets",
        met="always",
        checks=(check_of(BUCKET, "LifecycleConfiguration/Rules[]/Status", one_of("Enabled")),),
    ),
    Control(
        id="SecretsManager.1",
        title="automatic rotation of secrets",
        about=SECRET,
        met="always",
        checks=(check_of(ROTATION, "SecretId/Ref", one_of("SigningSecret")),),
    ),
    Control(
        id="SecretsManager.4",
        title="rotation within 90 days",
        about=SECRET,
        met="always",
        checks=(check_of(ROTATION, "RotationRules/AutomaticallyAfterDays", at_most(90)),),
    ),
)


def applies(control: Control, template: Template) -> bool:
    """Whether the template has a resource that the control judges."""
    return any(resources_of(control.judges, template))


def is_met(control: Control, template: Template) -> bool:
    """Whether there are resources for every check, and each check holds in all of them."""
    return all(
        resources and all(check.holds(one) for each in resources for one in values_at(each, path))
        for check in control.checks
        for resources, path in [(list(resources_of(check.resource, template)), check.path)]
    )


def resources_of(kind: str, template: Template) -> Iterator[Mapping[str, Any]]:
    """The properties of the template's resources of a type."""
    for resource in template["Resources"].values():
        if resource["Type"] == kind:
            yield resource.get("Properties", {})


def values_at(value: Any, path: str) -> Iterator[Any]:
    """Everything at a path, or MISSING where it leads nowhere."""
    head, _, rest = path.partition("/")
    segment = SEGMENT.fullmatch(head)
    assert segment  # noqa: S101 # paths are written in this module
    found: Any = value.get(segment["name"], MISSING) if isinstance(value, Mapping) else MISSING
    entries = found if segment["list"] and found is not MISSING else [found]
    chosen = [one for one in entries if _is_chosen(one, segment)] or [MISSING]
    for one in chosen:
        if rest and one is not MISSING:
            yield from values_at(one, rest)
        else:
            yield one


def _is_chosen(entry: Any, segment: re.Match[str]) -> bool:
    key, value = segment["key"], segment["value"]
    if not key or entry is MISSING:
        return True
    return key in entry and value in (None, entry[key])
