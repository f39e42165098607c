"""Managed signing key pair: created in the account."""

from collections.abc import Callable

import pytest

from protected_stream.sections.signing import ManagedOptions
from signing_key.key_life import LONGEST_COOKIE_SECONDS, RUN_SECONDS
from tests.conftest import Document, of_type
from tests.lambda_src.signing_key.test_permissions import ACTIONS
from tests.resolve import Stack


def variables(template: Document, title: str) -> Document:
    """The environment variables of a function."""
    return dict(Stack(template=template).properties(title)["Environment"]["Variables"])


def granted(template: Document, role: str) -> dict[str, list[object]]:
    """The resources that a role has permissions on, by action."""
    (policy,) = template["Resources"][role]["Properties"]["Policies"]
    return {
        action: statement["Resource"]
        for statement in policy["PolicyDocument"]["Statement"]
        for action in statement["Action"]
    }


def test_cloudformation_never_sees_or_overwrites_a_created_key(default: Document) -> None:
    (secret,) = of_type(default, "AWS::SecretsManager::Secret").values()
    assert not {"SecretString", "GenerateSecretString", "Name"} & secret.keys()


def test_the_key_group_comes_from_the_custom_resource(default: Document) -> None:
    (distribution,) = of_type(default, "AWS::CloudFront::Distribution").values()
    groups = [
        item["TrustedKeyGroups"]
        for item in distribution["DistributionConfig"]["CacheBehaviors"]
        if "TrustedKeyGroups" in item
    ]
    assert groups == [[{"Fn::GetAtt": ["SigningKeyPair", "KeyGroupId"]}]] * 3
    assert of_type(default, "AWS::CloudFront::KeyGroup") == {}


def test_the_key_function_has_only_the_permissions_it_uses(default: Document) -> None:
    """The calls that the function makes in its tests, and writing its own log."""
    actions = granted(default, "SigningKeyFunctionRole").keys()
    assert actions == {*ACTIONS, "logs:CreateLogStream", "logs:PutLogEvents"}


def test_keys_are_trusted_as_long_as_the_longest_possible_cookie() -> None:
    longest = {
        name: next(
            bound.le for bound in ManagedOptions.model_fields[name].metadata if hasattr(bound, "le")
        )
        for name in ("cookie_minutes", "step_minutes")
    }
    assert sum(longest.values()) * 60 == LONGEST_COOKIE_SECONDS


def test_a_new_key_waits_for_the_longest_run_of_the_function(default: Document) -> None:
    functions = of_type(default, "AWS::Lambda::Function")
    assert functions["SigningKeyFunction"]["Timeout"] == RUN_SECONDS


def test_secrets_manager_rotates_this_secret_once_the_key_exists(default: Document) -> None:
    rotation = default["Resources"]["SigningKeyRotation"]
    assert rotation["DependsOn"] == ["SigningKeyPair", "SigningKeyInvokePermission"]
    assert rotation["Properties"]["RotationRules"] == {"AutomaticallyAfterDays": 30}
    permission = default["Resources"]["SigningKeyInvokePermission"]["Properties"]
    assert permission["SourceArn"] == {"Ref": "SigningSecret"}
    assert permission["SourceAccount"] == {"Ref": "AWS::AccountId"}


def test_the_signer_may_only_read_the_secret(default: Document) -> None:
    assert granted(default, "CookiesFunctionRole") == {
        "secretsmanager:GetSecretValue": [{"Ref": "SigningSecret"}],
        "logs:CreateLogStream": [{"Fn::GetAtt": ["CookiesFunctionLog", "Arn"]}],
        "logs:PutLogEvents": [{"Fn::GetAtt": ["CookiesFunctionLog", "Arn"]}],
    }


@pytest.mark.parametrize("algorithm", ["rsa-2048", "ecdsa-p256"])
def test_the_custom_resource_has_the_algorithm(
    template_of: Callable[..., Document], algorithm: str
) -> None:
    template = template_of(signing={"algorithm": algorithm})
    (pair,) = of_type(template, "Custom::SigningKeyPair").values()
    assert pair["Algorithm"] == algorithm


@pytest.mark.parametrize(("option", "name"), [("sha-256", "SHA256"), ("sha-1", "SHA1")])
def test_the_signer_has_the_hash(
    template_of: Callable[..., Document], option: str, name: str
) -> None:
    template = template_of(signing={"hash": option})
    assert variables(template, "CookiesFunction")["HASH_ALGORITHM"] == name


def test_times_are_in_seconds(template_of: Callable[..., Document]) -> None:
    template = template_of(signing={"cookie_minutes": 90, "step_minutes": 10})
    signer = variables(template, "CookiesFunction")
    assert (signer["COOKIE_SECONDS"], signer["STEP_SECONDS"]) == ("5400", "600")


def test_a_silent_function_does_not_hold_the_stack_for_an_hour(default: Document) -> None:
    """Long enough for a run that times out, and for Lambda's retry."""
    (pair,) = of_type(default, "Custom::SigningKeyPair").values()
    (function,) = (
        properties
        for title, properties in of_type(default, "AWS::Lambda::Function").items()
        if title == "SigningKeyFunction"
    )
    retry = of_type(default, "AWS::Lambda::EventInvokeConfig")["SigningKeyFunctionRetry"]
    assert retry["MaximumRetryAttempts"] == 1
    assert 2 * function["Timeout"] + 60 < pair["ServiceTimeout"] < 3600
    assert default["Resources"]["SigningKeyPair"]["DependsOn"] == ["SigningKeyFunctionRetry"]


def test_the_log_and_the_role_outlive_the_custom_resource(default: Document) -> None:
    """CloudFormation deletes resources in reverse order of references."""
    assert default["Resources"]["SigningKeyPair"]["Properties"]["ServiceToken"] == {
        "Fn::GetAtt": ["SigningKeyFunction", "Arn"]
    }
    function = default["Resources"]["SigningKeyFunction"]["Properties"]
    assert function["Role"] == {"Fn::GetAtt": ["SigningKeyFunctionRole", "Arn"]}
    assert function["LoggingConfig"]["LogGroup"] == {"Ref": "SigningKeyFunctionLog"}
