"""The API's only way in: a secret header of the distribution, which AWS WAF checks at the stage.

CloudFront has no origin access control for API Gateway.
"""

from dataclasses import dataclass

from troposphere import AWSHelperFn, AWSObject, Sub, apigateway, cloudfront, secretsmanager, wafv2

from protected_stream.template.metadata import why
from protected_stream.template.web_acl_rules import WebAclRule, header_is, web_acl

HEADER = "x-origin-verify"
CHARACTERS = 64


@dataclass(frozen=True, kw_only=True)
class WayIn:
    """The secret header."""

    secret: secretsmanager.Secret

    @property
    def _value(self) -> AWSHelperFn:
        """CloudFormation reads the secret when it changes the resource, and at no other time.

        Source: AWS CloudFormation User Guide, "Get a secret or secret value from Secrets Manager".
        """
        return Sub("{{resolve:secretsmanager:${Secret}}}", Secret=self.secret.ref())

    @property
    def header(self) -> cloudfront.OriginCustomHeader:
        """What the distribution sends; it replaces a header of that name from the viewer.

        Source: Amazon CloudFront Developer Guide, "Add custom headers to origin requests".
        """
        return cloudfront.OriginCustomHeader(HeaderName=HEADER, HeaderValue=self._value)

    def guards(self, stage: apigateway.Stage) -> tuple[AWSObject, ...]:
        """The web ACL of the stage, which refuses requests without the header.

        Source: API Gateway Developer Guide, "Use AWS WAF to protect your REST APIs".
        """
        acl = web_acl(
            "ApiWebAcl",
            "the API answers the distribution only",
            scope="REGIONAL",
            default=wafv2.DefaultAction(Block=wafv2.BlockAction()),
            rules=(
                WebAclRule(
                    name="FromTheDistribution",
                    statement=header_is(HEADER, self._value),
                    action=wafv2.RuleAction(Allow=wafv2.AllowAction()),
                ),
            ),
        )
        association = wafv2.WebACLAssociation(
            "ApiWebAclAssociation",
            Metadata=why("the stage's own address has no other guard"),
            WebACLArn=acl.get_att("Arn"),
            ResourceArn=Sub(
                "arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${Api}/stages/${Stage}",
                Api=stage.RestApiId,
                Stage=stage.ref(),
            ),
        )
        return (acl, association)


def way_in() -> WayIn:
    """A secret header of the stack's own."""
    return WayIn(
        secret=secretsmanager.Secret(
            "ApiWayInSecret",
            Metadata=why("only the distribution and the API's web ACL know it"),
            GenerateSecretString=secretsmanager.GenerateSecretString(
                PasswordLength=CHARACTERS, ExcludePunctuation=True
            ),
        )
    )
