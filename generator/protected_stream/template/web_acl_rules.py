"""AWS WAF rules: what a web ACL of the stream checks, and in which order.

Source: AWS WAF Developer Guide, "Rule statements list" and "Text transformations".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from troposphere import AWSHelperFn, NoValue, wafv2

from protected_stream.template.metadata import why

RATE_SECONDS = 300
"""How far back a rate rule counts."""
TOO_MANY_REQUESTS = 429  # RFC 6585, section 4

Text = str | AWSHelperFn


@dataclass(frozen=True, kw_only=True)
class WebAclRule:
    """A rule; its name is also the name of its metric in CloudWatch."""

    name: str
    statement: wafv2.Statement
    action: wafv2.RuleAction | None = None
    """What to do with a matching request; None for a group, whose rules have their own actions."""


def web_acl(
    title: str,
    reason: str,
    *,
    scope: Literal["CLOUDFRONT", "REGIONAL"],
    default: wafv2.DefaultAction,
    rules: Sequence[WebAclRule],
) -> wafv2.WebACL:
    """A web ACL without a name of its own, whose rules are checked in the order given.

    Args:
        title: the logical ID.
        reason: why it exists.
        scope: of distributions, in us-east-1 only, or of resources in the stack's Region.
        default: what happens to a request that no rule decides about.
        rules: the first that matches decides.
    """
    return wafv2.WebACL(
        title,
        Metadata=why(reason),
        Scope=scope,
        DefaultAction=default,
        Rules=[_rule(one, priority) for priority, one in enumerate(rules)],
        VisibilityConfig=_metric(title),
    )


def _rule(rule: WebAclRule, priority: int) -> wafv2.WebACLRule:
    return wafv2.WebACLRule(
        Name=rule.name,
        Priority=priority,
        Action=rule.action or NoValue,
        OverrideAction=NoValue if rule.action else _actions_of_the_group(),
        Statement=rule.statement,
        VisibilityConfig=_metric(rule.name),
    )


def _actions_of_the_group() -> wafv2.OverrideAction:
    action = wafv2.OverrideAction()
    setattr(action, "None", {})  # the property's name is a keyword of Python
    return action


def _metric(name: str) -> wafv2.VisibilityConfig:
    """Sampled requests would have the viewers' tokens for three hours in the console."""
    return wafv2.VisibilityConfig(
        CloudWatchMetricsEnabled=True, MetricName=name, SampledRequestsEnabled=False
    )


def rate_rule(name: str, requests: int, where: wafv2.Statement) -> WebAclRule:
    """Answers 429 while an IP address sends more requests in five minutes.

    Args:
        name: of the rule.
        requests: how many are let in.
        where: the requests that count.
    """
    return WebAclRule(
        name=name,
        statement=wafv2.Statement(
            RateBasedStatement=wafv2.RateBasedStatement(
                Limit=requests,
                EvaluationWindowSec=RATE_SECONDS,
                AggregateKeyType="IP",
                ScopeDownStatement=where,
            )
        ),
        action=wafv2.RuleAction(
            Block=wafv2.BlockAction(
                CustomResponse=wafv2.CustomResponse(ResponseCode=TOO_MANY_REQUESTS)
            )
        ),
    )


def aws_group(name: str, where: wafv2.Statement) -> WebAclRule:
    """A group of rules that AWS maintains, for some requests only.

    Source: AWS WAF Developer Guide, "AWS Managed Rules rule groups list".
    """
    group = wafv2.ManagedRuleGroupStatement(VendorName="AWS", Name=name, ScopeDownStatement=where)
    return WebAclRule(name=name, statement=wafv2.Statement(ManagedRuleGroupStatement=group))


def path_begins(beginning: Text) -> wafv2.Statement:
    """Requests whose path begins so, also if it is written with percent signs or dots."""
    return _matches({"UriPath": {}}, beginning, "STARTS_WITH", ("URL_DECODE", "NORMALIZE_PATH"))


def path_plainly_begins(beginning: Text) -> wafv2.Statement:
    """Requests whose path begins so as it was sent, and still does without percent signs and dots.

    CloudFront may see another folder in a path that is written differently.
    """
    as_sent = _matches({"UriPath": {}}, beginning, "STARTS_WITH", ("NONE",))
    both = [as_sent, path_begins(beginning)]
    return wafv2.Statement(AndStatement=wafv2.AndStatement(Statements=both))


def any_of(*statements: wafv2.Statement) -> wafv2.Statement:
    """Requests that match at least one of them."""
    return wafv2.Statement(OrStatement=wafv2.OrStatement(Statements=list(statements)))


def header_is(name: str, value: Text) -> wafv2.Statement:
    """Requests with exactly this header."""
    return _matches({"SingleHeader": wafv2.SingleHeader(Name=name)}, value, "EXACTLY", ("NONE",))


def none_of(statement: wafv2.Statement) -> wafv2.Statement:
    """All other requests."""
    return wafv2.Statement(NotStatement=wafv2.NotStatement(Statement=statement))


def _matches(
    field: dict[str, Any], text: Text, constraint: str, transformations: Sequence[str]
) -> wafv2.Statement:
    return wafv2.Statement(
        ByteMatchStatement=wafv2.ByteMatchStatement(
            FieldToMatch=wafv2.FieldToMatch(**field),
            SearchString=text,
            PositionalConstraint=constraint,
            TextTransformations=[
                wafv2.TextTransformation(Priority=priority, Type=one)
                for priority, one in enumerate(transformations)
            ],
        )
    )
