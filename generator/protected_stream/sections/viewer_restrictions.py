"""From where viewers may reach the distribution: countries, and a web ACL of the operator's."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator
from troposphere import Parameter, Ref, cloudfront

from protected_stream.template.options import TOML_LIST, Options
from protected_stream.template.section import LabelledParameter
from protected_stream.template.validation_errors import shown

CODE = "[A-Z]{2}"
"""A country. Source: ISO 3166-1, alpha-2."""


def _code(text: str) -> str:
    if not re.fullmatch(CODE, text):
        raise ValueError(
            f'must be a country code of two capital letters (ISO 3166-1), such as "DE"; got '
            f"{shown(text)}"
        )
    return text


def _each_once(codes: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(codes)) < len(codes):
        raise ValueError("must name each country once")
    return codes


Countries = Annotated[
    tuple[
        Annotated[str, AfterValidator(_code), Field(json_schema_extra={"pattern": f"^{CODE}$"})],
        ...,
    ],
    TOML_LIST,
    AfterValidator(_each_once),
]


class ViewerRestrictionOptions(Options):
    """From where viewers may come."""

    allowed_countries: Countries = Field(
        default=(),
        exclude_if=lambda codes: not codes,
        description="viewers in these countries only (ISO 3166-1, such as DE); CloudFront answers "
        "others with 403, for the page, too",
    )
    denied_countries: Countries = Field(
        default=(),
        exclude_if=lambda codes: not codes,
        description="no viewers in these countries",
    )
    web_acl: Literal["none", "supplied"] = Field(
        default="none",
        exclude_if=lambda choice: choice == "none",
        description="supplied: a web ACL of yours (AWS WAF, scope CLOUDFRONT), whose ARN is asked "
        "for when deploying",
    )

    @model_validator(mode="after")
    def _one_list_of_countries(self) -> "ViewerRestrictionOptions":
        if self.allowed_countries and self.denied_countries:
            raise ValueError(
                "allowed_countries and denied_countries cannot be given together: CloudFront takes "
                "one list"
            )
        return self


@dataclass(frozen=True, kw_only=True)
class ViewerRestrictions:
    """What the distribution has for them."""

    settings: dict[str, Any]
    """Properties of the DistributionConfig; none without restrictions."""
    parameters: tuple[LabelledParameter, ...]


def viewer_restrictions(options: ViewerRestrictionOptions) -> ViewerRestrictions:
    """The restrictions. CloudFront serves viewers whose country it does not know.

    Source: Amazon CloudFront Developer Guide, "Restrict the geographic distribution of your
    content"; AWS WAF Developer Guide, "Resources that you can protect with AWS WAF".
    """
    acl = _web_acl() if options.web_acl == "supplied" else None
    settings = {
        **_countries("whitelist", options.allowed_countries),
        **_countries("blacklist", options.denied_countries),
        **({"WebACLId": Ref(acl)} if acl else {}),
    }
    parameters = (LabelledParameter("Web ACL", acl),) if acl else ()
    return ViewerRestrictions(settings=settings, parameters=parameters)


def _countries(kind: str, codes: tuple[str, ...]) -> dict[str, Any]:
    if not codes:
        return {}
    restriction = cloudfront.GeoRestriction(RestrictionType=kind, Locations=list(codes))
    return {"Restrictions": cloudfront.Restrictions(GeoRestriction=restriction)}


def _web_acl() -> Parameter:
    """CloudFront takes a web ACL of any account's us-east-1, whatever the stack's Region."""
    return Parameter(
        "WebAclArn",
        Type="String",
        AllowedPattern=r"^arn:aws:wafv2:us-east-1:[0-9]{12}:global/webacl/[\w-]+/[0-9a-f-]{36}$",
        ConstraintDescription="must be the ARN of a web ACL with the scope CLOUDFRONT, which "
        "begins with arn:aws:wafv2:us-east-1",
        Description="ARN of the web ACL (AWS WAF, scope CLOUDFRONT) in front of the distribution.",
    )
