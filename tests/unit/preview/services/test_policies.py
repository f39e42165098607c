"""IAM policies grant what AWS's documentation says, and unsupported elements are rejected."""

from typing import Any

import pytest

from preview.errors import NotSupported
from preview.services.aws.policies import Access, arn_matches, granted, granted_by, unused

SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:keys-AbCdEf"
READ = Access(action="secretsmanager:GetSecretValue", resource=SECRET)
DISTRIBUTION = "arn:aws:cloudfront::123456789012:distribution/E1"
CLOUDFRONT = "cloudfront.amazonaws.com"


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(**words: Any) -> dict[str, Any]:
    """A statement that allows reading the secret, with changed elements."""
    stated = {"Effect": "Allow", "Action": READ.action, "Resource": SECRET, **words}
    return {name: value for name, value in stated.items() if value is not None}


def under(condition: dict[str, Any], **context: str) -> bool:
    """Whether the condition holds for a request; `_` in the keys stands for `:`."""
    there = {name.replace("_", ":"): value for name, value in context.items()}
    access = Access(action=READ.action, resource=SECRET, context=there)
    return granted([policy(allow(Condition=condition))], access)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({}, True),
        ({"Effect": "Deny"}, False),
        ({"Action": ["s3:GetObject", "secretsmanager:GetSecretValue"]}, True),
        ({"Action": "SecretsManager:getsecretvalue"}, True),
        ({"Action": "secretsmanager:Get*"}, True),
        ({"Action": "secretsmanager:GetSecretValu?"}, True),
        ({"Action": "secretsmanager:GetSecretValue?"}, False),
        ({"Action": "secretsmanager:PutSecretValue"}, False),
        ({"Action": "secretsmanager.GetSecretValue"}, False),
        ({"Action": None, "NotAction": "s3:*"}, True),
        ({"Action": None, "NotAction": ["s3:*", "secretsmanager:*"]}, False),
        ({"Resource": "*"}, True),
        ({"Resource": SECRET.lower()}, False),
        ({"Resource": ["arn:aws:s3:::other", SECRET]}, True),
        ({"Resource": SECRET[:-6] + "??????"}, True),
        ({"Resource": SECRET[:-6] + "?????"}, False),
        ({"Resource": "arn:aws:secretsmanager:*"}, True),
        ({"Resource": None, "NotResource": SECRET}, False),
        ({"Resource": None, "NotResource": "arn:aws:s3:::other"}, True),
    ],
)
def test_actions_are_case_insensitive_and_resources_case_sensitive(
    words: dict[str, Any], expected: bool
) -> None:
    assert granted([policy(allow(**words))], READ) is expected


def test_nothing_is_granted_without_a_policy() -> None:
    assert granted([], READ) is False
    assert granted([policy()], READ) is False


def test_one_statement_needs_no_list() -> None:
    assert granted([{"Version": "2012-10-17", "Statement": allow()}], READ) is True


def test_an_explicit_deny_overrides_in_any_order() -> None:
    deny = policy({"Effect": "Deny", "Action": "*", "Resource": "*"})
    for documents in ([deny, policy(allow())], [policy(allow()), deny]):
        assert granted(documents, READ) is False
    elsewhere = policy({"Effect": "Deny", "Action": "s3:*", "Resource": "*"})
    assert granted([elsewhere, policy(allow())], READ) is True


@pytest.mark.parametrize(
    ("operator", "wanted", "fits", "fits_not"),
    [
        ("StringEquals", "v", "v", "V"),
        ("StringEquals", ["u", "v"], "v", "w"),
        ("StringEquals", "v*", "v*", "vw"),
        ("StringLike", "v*", "vw", "wv"),
        ("ArnEquals", "arn:aws:s3:::b*", "arn:aws:s3:::bucket", "arn:aws:s3:::other"),
        ("ArnLike", "arn:aws:s3:::b*", "arn:aws:s3:::b:c", "arn:aws:s3::1:b"),
        ("ArnLike", "arn:*:s3:::b", "arn:aws-cn:s3:::b", "arn:aws:x:s3:::b"),
        ("Bool", False, "false", "true"),
        ("IpAddress", "203.0.113.0/24", "203.0.113.7", "203.0.114.7"),
        ("IpAddress", ["203.0.113.7", "2001:db8::/32"], "2001:db8::1", "203.0.113.8"),
    ],
)
def test_a_condition_holds_only_for_values_that_match(
    operator: str, wanted: Any, fits: str, fits_not: str
) -> None:
    condition = {operator: {"aws:Key": wanted}}
    assert under(condition, aws_Key=fits) is True
    assert under(condition, aws_Key=fits_not) is False
    assert under(condition) is False
    assert under({f"{operator}IfExists": {"aws:Key": wanted}}) is True
    assert under({f"{operator}IfExists": {"aws:Key": wanted}}, aws_Key=fits_not) is False


@pytest.mark.parametrize(
    ("operator", "wanted", "fits"),
    [
        ("StringNotEquals", ["u", "v"], "v"),
        ("StringNotLike", "v*", "vw"),
        ("ArnNotEquals", DISTRIBUTION, DISTRIBUTION),
        ("ArnNotLike", "arn:aws:*::*:*/E1", DISTRIBUTION),
        ("NotIpAddress", "203.0.113.0/24", "203.0.113.7"),
    ],
)
def test_a_negated_condition_holds_for_other_values_and_for_a_missing_key(
    operator: str, wanted: Any, fits: str
) -> None:
    condition = {operator: {"aws:Key": wanted}}
    assert under(condition, aws_Key=fits) is False
    assert under(condition) is True
    assert under({f"{operator}IfExists": {"aws:Key": wanted}}) is True


@pytest.mark.parametrize(("wanted", "missing", "there"), [("true", True, False), (False, False, 1)])
def test_null_checks_whether_a_key_is_missing(wanted: Any, missing: bool, there: bool) -> None:
    assert under({"Null": {"aws:Key": wanted}}) is missing
    assert under({"Null": {"aws:Key": wanted}}, aws_Key="v") is bool(there)


def test_all_conditions_must_hold_and_keys_are_case_insensitive() -> None:
    condition = {"StringEquals": {"AWS:a": "1", "aws:B": "2"}, "Bool": {"aws:c": "true"}}
    assert under(condition, aws_a="1", aws_b="2", aws_C="true") is True
    for missing in ("aws_a", "aws_b", "aws_C"):
        context = {"aws_a": "1", "aws_b": "2", "aws_C": "true", missing: "other"}
        assert under(condition, **context) is False


def bucket_policy(principal: Any, condition: Any = None) -> dict[str, Any]:
    return policy(allow(Action="s3:GetObject", Principal=principal, Condition=condition))


def asks(service: str | None = CLOUDFRONT, distribution: str = DISTRIBUTION) -> Access:
    context = {"aws:SourceArn": distribution}
    return Access(action="s3:GetObject", resource=SECRET, service=service, context=context)


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ("*", True),
        ({"AWS": "*"}, True),
        ({"Service": CLOUDFRONT}, True),
        ({"Service": ["s3.amazonaws.com", CLOUDFRONT]}, True),
        ({"Service": "s3.amazonaws.com"}, False),
        ({"AWS": "arn:aws:iam::123456789012:root"}, False),
    ],
)
def test_a_resource_policy_grants_access_to_its_principals(principal: Any, expected: bool) -> None:
    assert granted_by(bucket_policy(principal), asks()) is expected


def test_a_resource_policy_can_allow_a_single_distribution() -> None:
    only = {"StringEquals": {"aws:SourceArn": DISTRIBUTION}}
    document = bucket_policy({"Service": CLOUDFRONT}, only)
    assert granted_by(document, asks()) is True
    assert granted_by(document, asks(distribution=f"{DISTRIBUTION}2")) is False
    assert granted_by(document, asks(service=None)) is False


def test_a_trust_policy_has_no_resource() -> None:
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    document = policy({**trust, "Principal": {"Service": "lambda.amazonaws.com"}})
    for service, expected in (("lambda.amazonaws.com", True), ("medialive.amazonaws.com", False)):
        access = Access(action="sts:AssumeRole", resource="role", service=service)
        assert granted_by(document, access) is expected
    with pytest.raises(NotSupported):
        granted_by(bucket_policy("*"), access)


@pytest.mark.parametrize(
    "document",
    [
        {"Statement": [allow()]},
        {"Version": "2008-10-17", "Statement": [allow()]},
        {"Version": "2012-10-17"},
        {**policy(allow()), "Statements": []},
        policy(allow(Effect="allow")),
        policy(allow(Effect=None)),
        policy(allow(Action=None)),
        policy(allow(NotAction="s3:*")),
        policy(allow(Resource=None)),
        policy(allow(NotResource="*")),
        policy(allow(Actions="s3:*")),
        policy(allow(Principal="*")),
        policy(allow(Resource="arn:aws:s3:::${aws:username}")),
        policy(allow(Condition={"StringEqual": {"aws:Key": "v"}})),
        policy(allow(Condition={"NotStringEquals": {"aws:Key": "v"}})),
        policy(allow(Condition={"NullIfExists": {"aws:Key": "true"}})),
        policy(allow(Condition={"ForAllValues:StringEquals": {"aws:Key": "v"}})),
        policy(allow(Condition={"NumericEquals": {"aws:Key": 1}})),
    ],
)
def test_unsupported_elements_are_rejected_even_if_they_do_not_apply(
    document: dict[str, Any],
) -> None:
    with pytest.raises(NotSupported):
        granted([document], Access(action="s3:GetObject", resource="*"))


@pytest.mark.parametrize("principal", [None, "everyone", {"Federated": "x"}, {"Servce": "x"}])
def test_an_unsupported_principal_is_rejected(principal: Any) -> None:
    with pytest.raises(NotSupported):
        granted_by(bucket_policy(principal), asks())


def test_unused_actions_and_resources_are_found() -> None:
    document = policy(
        allow(Action=["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"]),
        allow(Action="logs:*", Resource=["arn:log", "arn:other"]),
        {"Effect": "Deny", "Action": "s3:*", "Resource": "*"},
    )
    accesses = [READ, Access(action="logs:PutLogEvents", resource="arn:log")]
    assert unused([document], accesses) == ["secretsmanager:PutSecretValue", "arn:other"]


def test_the_source_arn_of_a_lambda_permission_uses_string_like() -> None:
    api = "arn:aws:execute-api:us-east-1:123456789012:api/stage/GET/cookies"
    assert arn_matches("arn:*/GET/cookies", api) is True
    assert arn_matches(api.replace("stage", "*"), api) is True
    assert arn_matches(api.replace("GET", "POST"), api) is False
