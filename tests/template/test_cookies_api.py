"""API Gateway REST API in front of the signing function."""

import json
import re
from collections.abc import Callable

import pytest

from protected_stream.template.names import digest_of
from tests.conftest import Document, of_type
from tests.resolve import Stack

STAGE_VARIABLE = r"[A-Za-z0-9\-._~:/?#&=,]+"  # API Gateway's CreateStage, variables


def method(template: Document, title: str) -> Document:
    """The properties of a method."""
    return of_type(template, "AWS::ApiGateway::Method")[title]


def test_cookies_are_for_access_tokens_of_the_pool(default: Document) -> None:
    """With scopes, the authorizer accepts access tokens only."""
    get = method(default, "GetCookies")
    assert (get["AuthorizationType"], get["AuthorizationScopes"]) == (
        "COGNITO_USER_POOLS",
        ["openid"],
    )
    (authorizer,) = of_type(default, "AWS::ApiGateway::Authorizer").values()
    assert authorizer["ProviderARNs"] == [{"Fn::GetAtt": ["UserPool", "Arn"]}]


def test_signing_out_works_for_everyone(default: Document) -> None:
    delete = method(default, "DeleteCookies")
    assert delete["AuthorizationType"] == "NONE"
    assert delete["Integration"]["Type"] == "AWS_PROXY"


def test_paths_on_the_distribution_begin_with_the_stage(default: Document) -> None:
    stack = Stack(template=default)
    assert stack.properties("ApiStage")["StageName"] == "api"
    parts = of_type(default, "AWS::ApiGateway::Resource").values()
    assert [part["PathPart"] for part in parts] == ["cookies", "config"]
    (origin,) = (
        item
        for item in stack.properties("Distribution")["DistributionConfig"]["Origins"]
        if item["Id"] == "api"
    )
    assert "OriginPath" not in origin


def test_the_page_gets_its_settings_without_a_function(default: Document) -> None:
    """The stage has the variables that the response template reads."""
    integration = method(default, "GetConfig")["Integration"]
    (answer,) = integration["IntegrationResponses"]
    template = answer["ResponseTemplates"]["application/json"]
    variables = Stack(
        template=default,
        ids={"UserPool": "us-east-1_Abc123", "PageClient": "1h57kf5cpq17m0eml12EXAMPLE"},
    ).properties("ApiStage")["Variables"]
    settings = json.loads(
        re.sub(r"\$stageVariables\.([A-Za-z0-9]+)", lambda match: variables[match[1]], template)
    )
    group = Stack(template=default).properties("PackagerGroup")["ChannelGroupName"]
    assert integration["Type"] == "MOCK"
    assert settings.keys() == {"issuer", "signInHost", "clientId", "hls", "dash"}
    assert settings["issuer"] == "cognito-idp.us-east-1.amazonaws.com/us-east-1_Abc123"
    assert settings["hls"].startswith(f"/out/v1/{group}/")
    for value in variables.values():
        assert re.fullmatch(STAGE_VARIABLE, value)


def test_old_tls_is_not_allowed(default: Document) -> None:
    """A regional REST API allows TLS 1.0 by default."""
    (api,) = of_type(default, "AWS::ApiGateway::RestApi").values()
    assert api["SecurityPolicy"] == "SecurityPolicy_TLS13_1_2_2021_06"
    assert api["EndpointAccessMode"] == "BASIC"


def test_throttling_follows_the_options(template_of: Callable[..., Document]) -> None:
    template = template_of(api={"requests_per_second": 7, "burst": 9})
    (settings,) = template["Resources"]["ApiStage"]["Properties"]["MethodSettings"]
    assert (settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]) == (7, 9)
    assert (settings["HttpMethod"], settings["ResourcePath"]) == ("*", "/*")


def test_only_these_methods_of_this_api_may_call_the_function(default: Document) -> None:
    stack = Stack(template=default, ids={"Api": "a1b2c3"})
    permissions = {
        title: permission
        for title, permission in of_type(default, "AWS::Lambda::Permission").items()
        if permission["FunctionName"] == {"Fn::GetAtt": ["CookiesFunction", "Arn"]}
    }
    assert sorted(stack.properties(title)["SourceArn"] for title in permissions) == [
        "arn:aws:execute-api:us-east-1:123456789012:a1b2c3/api/DELETE/cookies",
        "arn:aws:execute-api:us-east-1:123456789012:a1b2c3/api/GET/cookies",
    ]
    assert {item["Principal"] for item in permissions.values()} == {"apigateway.amazonaws.com"}


def test_a_change_of_the_api_is_a_new_deployment(default: Document) -> None:
    """Its logical ID has a digest of everything that it captures."""
    types = ("RestApi", "Authorizer", "Resource", "Method")
    described = [
        [title, resource["Properties"]]
        for title, resource in default["Resources"].items()
        if resource["Type"] in {f"AWS::ApiGateway::{name}" for name in types}
    ]
    (deployment,) = of_type(default, "AWS::ApiGateway::Deployment")
    assert deployment == f"ApiDeployment{digest_of(described)}"


@pytest.mark.parametrize(
    "tables",
    [
        {"api": {"requests_per_second": 7}},
        {"signing": {"cookie_minutes": 5}},
        {"encoding": {"ladder": "SD-540p"}},
    ],
)
def test_other_changes_do_not_change_the_deployment(
    default: Document, template_of: Callable[..., Document], tables: Document
) -> None:
    assert set(of_type(template_of(**tables), "AWS::ApiGateway::Deployment")) == set(
        of_type(default, "AWS::ApiGateway::Deployment")
    )


def test_a_deployment_is_created_after_its_methods(default: Document) -> None:
    (deployment,) = of_type(default, "AWS::ApiGateway::Deployment")
    assert set(default["Resources"][deployment]["DependsOn"]) == set(
        of_type(default, "AWS::ApiGateway::Method")
    )


def test_access_logs_are_off_by_default(
    default: Document, template_of: Callable[..., Document]
) -> None:
    """They fail in an account without the account-wide logging role."""
    stage = "ApiStage"
    assert default["Resources"][stage]["Properties"].keys().isdisjoint({"AccessLogSetting"})
    logged = template_of(api={"access_logs": True})["Resources"][stage]["Properties"]
    line = json.loads(logged["AccessLogSetting"]["Format"])
    assert "$context.requestId" in line.values()
    assert not any(re.search("claims|identity|authorizer", value) for value in line.values())


def test_the_token_may_come_in_another_header(template_of: Callable[..., Document]) -> None:
    """And the page gets the header's name."""
    template = template_of(api={"token_header": "Auth"})
    (authorizer,) = of_type(template, "AWS::ApiGateway::Authorizer").values()
    assert authorizer["IdentitySource"] == "method.request.header.Auth"
    (stage,) = of_type(template, "AWS::ApiGateway::Stage").values()
    assert stage["Variables"]["tokenHeader"] == "Auth"
    config = of_type(template, "AWS::ApiGateway::Method")["GetConfig"]
    (answer,) = config["Integration"]["IntegrationResponses"]
    assert json.loads(answer["ResponseTemplates"]["application/json"])["tokenHeader"] == (
        "$stageVariables.tokenHeader"
    )


def test_access_logs_name_the_viewer_only_if_asked_for(
    template_of: Callable[..., Document],
) -> None:
    logged = template_of(api={"access_logs": True, "log_viewers": True})
    stage = logged["Resources"]["ApiStage"]["Properties"]
    line = json.loads(stage["AccessLogSetting"]["Format"])
    assert line["authorizer.claims.sub"] == "$context.authorizer.claims.sub"


@pytest.mark.parametrize(("choice", "level"), [("errors", "ERROR"), ("all", "INFO")])
def test_execution_logs_are_in_a_group_of_the_stack_and_without_bodies(
    template_of: Callable[..., Document], choice: str, level: str
) -> None:
    """API Gateway would make a group of that name that keeps its lines forever."""
    template = template_of(api={"execution_logs": choice})
    stage, group = (template["Resources"][name] for name in ("ApiStage", "ApiExecutionLog"))
    (settings,) = stage["Properties"]["MethodSettings"]
    assert (settings["LoggingLevel"], settings["DataTraceEnabled"]) == (level, False)
    assert group["Properties"]["LogGroupName"] == {
        "Fn::Sub": "API-Gateway-Execution-Logs_${Api}/api"
    }
    assert stage["DependsOn"] == ["ApiExecutionLog"]


def test_traces_are_of_the_stage_and_of_the_function_that_signs(
    template_of: Callable[..., Document],
) -> None:
    resources = template_of(api={"tracing": True})["Resources"]
    assert resources["ApiStage"]["Properties"]["TracingEnabled"] is True
    traced = {
        name
        for name, one in resources.items()
        if one["Type"] == "AWS::Lambda::Function" and "TracingConfig" in one["Properties"]
    }
    assert traced == {"CookiesFunction"}
    policies = json.dumps(resources["CookiesFunctionRole"]["Properties"]["Policies"])
    assert "xray:PutTraceSegments" in policies


def test_a_closed_api_takes_only_what_the_distribution_sends(
    template_of: Callable[..., Document],
) -> None:
    resources = template_of(api={"direct_address": "closed"})["Resources"]
    config = resources["Distribution"]["Properties"]["DistributionConfig"]
    headers = {one["Id"]: one.get("OriginCustomHeaders") for one in config["Origins"]}
    secret = {"Fn::Sub": "{{resolve:secretsmanager:${ApiWayInSecret}}}"}
    assert headers == {
        "packager": None,
        "api": [{"HeaderName": "x-origin-verify", "HeaderValue": secret}],
        "page": None,
    }
    acl = resources["ApiWebAcl"]["Properties"]
    assert (acl["Scope"], acl["DefaultAction"]) == ("REGIONAL", {"Block": {}})
    (rule,) = acl["Rules"]
    assert rule["Action"] == {"Allow": {}}
    wanted = rule["Statement"]["ByteMatchStatement"]
    assert wanted["SearchString"] == secret
    assert wanted["FieldToMatch"] == {"SingleHeader": {"Name": "x-origin-verify"}}
    assert wanted["PositionalConstraint"] == "EXACTLY"
