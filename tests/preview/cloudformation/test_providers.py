"""Properties that AWS rejects although they match CloudFormation's schema."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from preview.account import Account
from preview.errors import PreviewError
from tests.preview.operator import copy_code, deployed, template_in

Change = Callable[[dict[str, Any]], Any]


def of(name: str, *path: str, **changed: Any) -> Change:
    """A change to a resource's properties, or at a path in them."""

    def change(template: dict[str, Any]) -> None:
        found = template["Resources"][name]["Properties"]
        for key in path:
            found = found[key]
        found.update(changed)

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (of("SigningKeyFunction", Timeout=901), "Timeout must be at most 900"),
        (of("SigningKeyFunction", MemorySize="64"), "MemorySize"),
        (
            of("SigningKeyFunction", "Environment", "Variables", AWS_REGION="x"),
            "Lambda reserves the variables ['AWS_REGION']",
        ),
        (of("SigningKeyFunction", Runtime="python2.7"), "does not support the runtime python2.7"),
        (of("PageClient", AccessTokenValidity=4), "AccessTokenValidity must be from 300"),
        (of("PageClient", RefreshTokenValidity=0), "RefreshTokenValidity"),
        (
            of("PageBucketPolicy", "PolicyDocument", Version="2008-10-17"),
            "must have Version",
        ),
        (
            of("PackagerEndpointPolicy", "Policy", Statement={"Effect": "Allow"}),
            "does not support the policy statement",
        ),
        (of("SigningKeyPair", Algorithm="rsa-1024"), "Create failed"),
        (
            of("SigningKeyPair", ServiceToken="arn:aws:lambda:us-east-1:1:function:x"),
            "not an AWS::Lambda::Function",
        ),
        (of("Distribution", "DistributionConfig", Staging=True), "Staging"),
        (
            of("Distribution", "DistributionConfig", DefaultRootObject="/index.html"),
            "InvalidDefaultRootObject: /index.html must not begin with a slash",
        ),
        (
            of(
                "Distribution",
                "DistributionConfig",
                "DefaultCacheBehavior",
                AllowedMethods=["GET", "HEAD", "POST"],
            ),
            "AllowedMethods ['GET', 'HEAD', 'POST'] are none of the three sets",
        ),
        (of("SegmentCache", "CachePolicyConfig", MaxTTL=60), "MinTTL less than or equal to"),
        (of("SegmentCache", "CachePolicyConfig", MinTTL=86_401), "not 86401, 86400, "),
        (
            of("ManifestCache", "CachePolicyConfig", MinTTL=0, DefaultTTL=0, MaxTTL=0),
            "The parameter EnableAcceptEncodingGzip is invalid for policy with caching disabled",
        ),
        (
            of(
                "PageHeaders",
                "ResponseHeadersPolicyConfig",
                CustomHeadersConfig={
                    "Items": [{"Header": "Connection", "Value": "close", "Override": True}]
                },
            ),
            "a policy cannot add the header Connection",
        ),
        (
            of("PackagerAccess", "OriginAccessControlConfig", Name="x" * 65),
            "Name must have at most 64 characters, not 65",
        ),
        (of("UserPool", MfaConfiguration="ON"), "supports only SOFTWARE_TOKEN_MFA as EnabledMfas"),
        (
            of(
                "SignInDomain",
                Domain="live.example.com",
                CustomDomainConfig={
                    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/"
                    "1a2b3c4d-0000-4000-8000-0123456789ab"
                },
            ),
            "does not support CustomDomainConfig",
        ),
        (
            of("PageClient", CallbackURLs=["http://example.com/"]),
            "http://example.com/ cannot use the HTTP protocol",
        ),
        (
            of("PageClient", LogoutURLs=["https://example.com/#x"]),
            "must be an absolute URI without a fragment",
        ),
        (of("PageClient", CallbackURLs=["/login.html"]), "must be an absolute URI"),
        (
            of("PageClient", AllowedOAuthScopes=["openid", "stream/watch"]),
            "ScopeDoesNotExistException: Invalid scope requested: stream/watch",
        ),
        (
            of("PageClient", RefreshTokenRotation={"Feature": "ENABLED"}),
            "ExplicitAuthFlows do not have ALLOW_REFRESH_TOKEN_AUTH",
        ),
        (
            of("SignInBranding", UseCognitoProvidedValues=False),
            "needs either UseCognitoProvidedValues or Settings",
        ),
        (
            of("SignInBranding", Settings={"categories": {}}),
            "needs either UseCognitoProvidedValues or Settings",
        ),
        (
            of("GetConfig", MethodResponses=[{"StatusCode": "200"}]),
            "Invalid mapping expression parameter specified: method.response.header.",
        ),
        (of("GetConfig", MethodResponses=[]), "No method response exists for method"),
        (
            of("DeleteCookies", AuthorizationScopes=["openid"]),
            "Authorization Scopes are only valid for COGNITO_USER_POOLS",
        ),
        (
            of(
                "PackagerEndpoint",
                HlsManifests=[{"ManifestName": "index", "UrlEncodeChildManifest": False}],
            ),
            "does not support a manifest without UrlEncodeChildManifest",
        ),
        (
            of("SigningKeyRotation", RotationRules={"AutomaticallyAfterDays": 1001}),
            "AutomaticallyAfterDays must be from 1 to 1000, not 1001",
        ),
        (of("SigningKeyRotation", RotationRules={"AutomaticallyAfterDays": 0}), "from 1 to 1000"),
        (
            of(
                "SigningKeyRotation",
                RotationRules={
                    "AutomaticallyAfterDays": 1,
                    "ScheduleExpression": "rate(1 day)",
                },
            ),
            "either AutomaticallyAfterDays or ScheduleExpression, not both",
        ),
        (
            of("SigningKeyRotation", RotationRules={"ScheduleExpression": "cron(0 12 * * ? *)"}),
            "does not support cron(0 12 * * ? *)",
        ),
        (of("EncoderAllowList", WhitelistRules=[{"Cidr": "203.0.113.7/33"}]), "Cidr"),
    ],
)
def test_it_is_rejected(built: Path, change: Change, words: str) -> None:
    template = copy.deepcopy(template_in(built))
    change(template)
    with Account() as account:
        copy_code(account, built)
        with pytest.raises(PreviewError) as refusal:
            deployed(account, template)
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    "change",
    [
        of("PageClient", CallbackURLs=["http://localhost:8000/", "app://watch"]),
        of("PageClient", AllowedOAuthScopes=["openid", "email", "profile"]),
        of("SegmentCache", "CachePolicyConfig", MinTTL=0, DefaultTTL=0, MaxTTL=0),
        of("SigningKeyRotation", RotationRules={"ScheduleExpression": "rate(12 hours)"}),
    ],
)
def test_it_is_accepted(built: Path, change: Change) -> None:
    template = copy.deepcopy(template_in(built))
    change(template)
    with Account() as account:
        copy_code(account, built)
        deployed(account, template)


def test_a_scope_of_a_resource_server_exists(built: Path) -> None:
    template = copy.deepcopy(template_in(built))
    of("PageClient", AllowedOAuthScopes=["stream/watch"])(template)
    template["Resources"]["PageClient"]["DependsOn"] = ["Stream"]
    template["Resources"]["Stream"] = {
        "Type": "AWS::Cognito::UserPoolResourceServer",
        "Properties": {
            "UserPoolId": {"Ref": "UserPool"},
            "Identifier": "stream",
            "Name": "stream",
            "Scopes": [{"ScopeName": "watch", "ScopeDescription": "watch"}],
        },
    }
    with Account() as account:
        copy_code(account, built)
        deployed(account, template)
