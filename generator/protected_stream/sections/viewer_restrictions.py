"""Who may reach the distribution at all: countries, and a web ACL."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator
from troposphere import AWSHelperFn, AWSObject, Parameter, Ref, Select, Split, cloudfront, wafv2

from protected_stream.sections.cookies_api.rest_api import STAGE
from protected_stream.template.options import TOML_LIST, Options, each_once, is_unset
from protected_stream.template.section import LabelledParameter
from protected_stream.template.validation_errors import shown
from protected_stream.template.web_acl_rules import (
    any_of,
    aws_group,
    none_of,
    path_begins,
    path_plainly_begins,
    rate_rule,
    web_acl,
)

API_REQUESTS, PAGE_REQUESTS = 1_000, 5_000
AWS_GROUPS = (
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesCommonRuleSet",
)
CODE = "[A-Z]{2}"
"""A country. Source: ISO 3166-1, alpha-2."""


def _code(text: str) -> str:
    if not re.fullmatch(CODE, text):
        raise ValueError(
            f'must be a country code of two capital letters (ISO 3166-1), such as "DE"; got '
            f"{shown(text)}"
        )
    return text


Countries = Annotated[
    tuple[
        Annotated[str, AfterValidator(_code), Field(json_schema_extra={"pattern": f"^{CODE}$"})],
        ...,
    ],
    TOML_LIST,
    each_once("country"),
]


class ViewerRestrictionOptions(Options):
    """From where viewers may come."""

    allowed_countries: Countries = Field(
        default=(),
        exclude_if=is_unset,
        description="viewers in these countries only (ISO 3166-1, such as DE); CloudFront answers "
        "others with 403, for the page, too",
    )
    denied_countries: Countries = Field(
        default=(),
        exclude_if=is_unset,
        description="no viewers in these countries",
    )
    web_acl: Literal["none", "supplied", "managed"] = Field(
        default="none",
        exclude_if=lambda choice: choice == "none",
        description="AWS WAF in front of the distribution; supplied: a web ACL of yours (scope "
        "CLOUDFRONT), whose ARN is asked for when deploying; managed: one of the stack, which "
        "limits each client's rate and has AWS's managed rules; only in us-east-1",
    )
    api_requests_per_client: int = Field(
        default=API_REQUESTS,
        ge=10,
        le=2_000_000_000,
        exclude_if=lambda requests: requests == API_REQUESTS,
        description="requests for the API from one IP address in five minutes, with the managed "
        "web ACL; viewers behind one address share them",
    )
    page_requests_per_client: int = Field(
        default=PAGE_REQUESTS,
        ge=10,
        le=2_000_000_000,
        exclude_if=lambda requests: requests == PAGE_REQUESTS,
        description="the same for the page",
    )

    @model_validator(mode="after")
    def _one_list_of_countries(self) -> "ViewerRestrictionOptions":
        if self.allowed_countries and self.denied_countries:
            raise ValueError(
                "allowed_countries and denied_countries cannot be given together: CloudFront takes "
                "one list"
            )
        return self

    @model_validator(mode="after")
    def _rates_need_the_managed_web_acl(self) -> "ViewerRestrictionOptions":
        for name, usual in (
            ("api_requests_per_client", API_REQUESTS),
            ("page_requests_per_client", PAGE_REQUESTS),
        ):
            if self.web_acl != "managed" and getattr(self, name) != usual:
                raise ValueError(
                    f'{name} is a limit of the managed web ACL: set web_acl = "managed", or leave '
                    "it out"
                )
        return self


@dataclass(frozen=True, kw_only=True)
class ViewerRestrictions:
    """What the distribution has for them."""

    settings: dict[str, Any]
    """Properties of the DistributionConfig; none without restrictions."""
    parameters: tuple[LabelledParameter, ...] = ()
    resources: tuple[AWSObject, ...] = ()


def viewer_restrictions(
    options: ViewerRestrictionOptions, media_path: str | AWSHelperFn
) -> ViewerRestrictions:
    """The restrictions. CloudFront serves viewers whose country it does not know.

    Args:
        options: the restrictions.
        media_path: the path pattern of the media, which ends in "*".

    Source: Amazon CloudFront Developer Guide, "Restrict the geographic distribution of your
    content"; AWS WAF Developer Guide, "Resources that you can protect with AWS WAF".
    """
    acl = WEB_ACLS[options.web_acl](options, media_path)
    countries = {
        **_countries("whitelist", options.allowed_countries),
        **_countries("blacklist", options.denied_countries),
    }
    return replace(acl, settings={**countries, **acl.settings})


def _countries(kind: str, codes: tuple[str, ...]) -> dict[str, Any]:
    if not codes:
        return {}
    restriction = cloudfront.GeoRestriction(RestrictionType=kind, Locations=list(codes))
    return {"Restrictions": cloudfront.Restrictions(GeoRestriction=restriction)}


def _no_web_acl(*_: object) -> ViewerRestrictions:
    return ViewerRestrictions(settings={})


def _managed(
    options: ViewerRestrictionOptions, media_path: str | AWSHelperFn
) -> ViewerRestrictions:
    """Each client has a rate of its own, so that one cannot use up what all of them share.

    Media are left to their signatures: players request them all the time.
    """
    api, media = path_begins(f"/{STAGE}/"), path_plainly_begins(_folder(media_path))
    acl = web_acl(
        "DistributionWebAcl",
        "one client cannot use up the API's rate or the bill for the page",
        scope="CLOUDFRONT",
        default=wafv2.DefaultAction(Allow=wafv2.AllowAction()),
        rules=(
            rate_rule("ApiRate", options.api_requests_per_client, api),
            rate_rule("PageRate", options.page_requests_per_client, none_of(any_of(api, media))),
            *(aws_group(name, none_of(media)) for name in AWS_GROUPS),
        ),
    )
    return ViewerRestrictions(settings={"WebACLId": acl.get_att("Arn")}, resources=(acl,))


def _folder(pattern: str | AWSHelperFn) -> str | AWSHelperFn:
    """The path pattern without the "*" at its end."""
    if isinstance(pattern, str):
        return pattern.removesuffix("*")
    return Select(0, Split("*", pattern))


def _supplied(*_: object) -> ViewerRestrictions:
    arn = _arn()
    return ViewerRestrictions(
        settings={"WebACLId": Ref(arn)}, parameters=(LabelledParameter("Web ACL", arn),)
    )


WEB_ACLS: Mapping[
    str, Callable[[ViewerRestrictionOptions, str | AWSHelperFn], ViewerRestrictions]
] = {
    "none": _no_web_acl,
    "supplied": _supplied,
    "managed": _managed,
}


def _arn() -> Parameter:
    """CloudFront takes a web ACL of any account's us-east-1, whatever the stack's Region."""
    return Parameter(
        "WebAclArn",
        Type="String",
        AllowedPattern=r"^arn:aws:wafv2:us-east-1:[0-9]{12}:global/webacl/[\w-]+/[0-9a-f-]{36}$",
        ConstraintDescription="must be the ARN of a web ACL with the scope CLOUDFRONT, which "
        "begins with arn:aws:wafv2:us-east-1",
        Description="ARN of the web ACL (AWS WAF, scope CLOUDFRONT) in front of the distribution.",
    )
