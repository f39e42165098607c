"""A REST API responds as in its stage's deployment; unsupported properties are rejected."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from preview.errors import PreviewError, Rejected
from preview.resource import Resource
from preview.services.api.api import Api
from preview.services.api.authorizer import Authorizer, Unauthorized
from preview.services.api.throttle import Throttle
from preview.services.functions.function import FunctionError
from preview.stack_id import StackId

NOW = 1_790_000_000
POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:cookies"
URI = f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{FUNCTION}/invocations"
KEY = RSAKey.generate_key(2048, {"kid": "of-the-pool"}, auto_kid=False)
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "of-the-pool"}, auto_kid=False)
JWKS = KeySet([KEY]).as_dict(private=False)
CLAIMS = {
    "iss": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_a",
    "token_use": "access",
    "scope": "openid email",
    "cognito:groups": ["a", "b"],
    "exp": NOW + 300,
}


def token(key: RSAKey = KEY, *, alg: str = "RS256", **changed: Any) -> str:
    return jwt.encode({"alg": alg, "kid": "of-the-pool"}, {**CLAIMS, **changed}, key, [alg])


AUTHORIZER = Authorizer(pools=[POOL], jwks=lambda _: JWKS, clock=lambda: NOW)


def test_claims_are_strings_and_times_are_dates() -> None:
    claims = AUTHORIZER.claims(f"Bearer {token()}", ["openid"])
    assert claims["exp"] == "Mon Sep 21 14:18:20 UTC 2026"
    assert claims["cognito:groups"] == "a,b"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (None, "Unauthorized"),
        ("", "Unauthorized"),
        ("Bearer a.b.c", "Unauthorized"),
        (token(OTHER_KEY), "Unauthorized"),
        (token(alg="PS256"), "Unauthorized"),
        (token(iss="https://cognito-idp.us-east-1.amazonaws.com/us-east-1_b"), "Unauthorized"),
        (token(scope="email"), "Unauthorized"),
        (token(token_use="id"), "Unauthorized"),
        (token(exp=NOW), "The incoming token has expired"),
        (token(exp="never"), "The incoming token has expired"),
    ],
)
def test_an_invalid_token_is_rejected(header: str | None, words: str) -> None:
    with pytest.raises(Unauthorized) as refusal:
        AUTHORIZER.claims(header, ["openid"])
    assert str(refusal.value) == words


def test_without_scopes_an_id_token_is_required() -> None:
    assert AUTHORIZER.claims(token(token_use="id"), [])["token_use"] == "id"
    with pytest.raises(Unauthorized):
        AUTHORIZER.claims(token(), [])


def resource(kind: str, ref: str, **properties: Any) -> Resource:
    kind = f"AWS::ApiGateway::{kind}"
    return Resource(logical_id=ref, type=kind, properties=properties, ref=ref)


def method(path: str, verb: str = "GET", **changed: Any) -> Resource:
    stated = {
        "RestApiId": "api",
        "ResourceId": path,
        "HttpMethod": verb,
        "AuthorizationType": "NONE",
        "Integration": {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": URI},
        **changed,
    }
    return resource("Method", f"{verb}{path}", **stated)


MOCK = {
    "Type": "MOCK",
    "RequestTemplates": {"application/json": '{"statusCode": 200}'},
    "IntegrationResponses": [
        {
            "StatusCode": "200",
            "ResponseParameters": {"method.response.header.Cache-Control": "'no-store'"},
            "ResponseTemplates": {"application/json": '{"client": "$stageVariables.client"}'},
        }
    ],
}
Invoked = list[tuple[str, str, Any]]
Make = Callable[..., Api]


@pytest.fixture
def invoked() -> Invoked:
    """The invocations: the function's ARN, the calling method's ARN, the event."""
    return []


@pytest.fixture
def make(invoked: Invoked) -> Make:
    """Creates an API from methods; its function returns the given response."""

    def made(
        *methods: Resource,
        answer: Any = None,
        clock: Callable[[], float] = lambda: NOW,
        **stage: Any,
    ) -> Api:
        def invoke(arn: str, source: str, event: Any) -> Any:
            invoked.append((arn, source, event))
            if isinstance(answer, Exception):
                raise answer
            return answer

        root = resource("RestApi", "api")
        root.attributes = {"RootResourceId": "root"}
        return Api(
            api=root,
            resources=[
                resource("Resource", "cookies", RestApiId="api", ParentId="root",
                         PathPart="cookies"),
                resource("Authorizer", "viewers", RestApiId="api", Type="COGNITO_USER_POOLS",
                         IdentitySource="method.request.header.Authorization", ProviderARNs=[POOL]),
                *methods,
                resource("Stage", "live", RestApiId="api", StageName="live",
                         Variables={"client": "the-client"}, **stage),
            ],
            invoke=invoke,
            jwks=lambda _: JWKS,
            clock=clock,
            throttle=Throttle(clock),
            stack=StackId(),
        )  # fmt: skip

    return made


def ask(api: Api, path: str = "/live/cookies", verb: str = "GET", **headers: str) -> Response:
    builder = EnvironBuilder(path=path, method=verb, headers=[*headers.items()])
    return api.answer(Request(builder.get_environ()))


OK = {"statusCode": 200, "body": "{}", "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]}}


def test_a_function_gets_the_event_and_its_response_is_sent(make: Make, invoked: Invoked) -> None:
    api = make(method("cookies"), answer=OK)
    response = ask(api, "/live/cookies?a=1&a=2", Accept="text/html")
    assert response.headers.getlist("Set-Cookie") == ["a=1", "b=2"]
    ((arn, source, event),) = invoked
    assert arn == FUNCTION
    assert source == "arn:aws:execute-api:us-east-1:123456789012:api/live/GET/cookies"
    assert (event["path"], event["resource"], event["httpMethod"]) == (
        "/cookies",
        "/cookies",
        "GET",
    )
    assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"]}
    assert event["headers"]["Accept"] == "text/html"
    assert event["stageVariables"] == {"client": "the-client"}
    assert "authorizer" not in event["requestContext"]


def test_an_authorized_method_passes_the_claims(make: Make, invoked: Invoked) -> None:
    guarded = {"AuthorizationType": "COGNITO_USER_POOLS", "AuthorizerId": "viewers"}
    api = make(method("cookies", **guarded, AuthorizationScopes=["openid"]), answer=OK)
    refused = ask(api)
    assert (refused.status_code, refused.get_json()) == (401, {"message": "Unauthorized"})
    assert invoked == []
    assert ask(api, Authorization=f"Bearer {token()}").status_code == 200
    assert invoked[0][2]["requestContext"]["authorizer"]["claims"]["token_use"] == "access"


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (FunctionError("boom"), 502),
        (Rejected("no permission"), 500),
        (None, 502),
        ({"body": "no status"}, 502),
        ("text", 502),
        ({"statusCode": "204"}, 204),
        ({"statusCode": 200, "body": "aGk=", "isBase64Encoded": True}, 200),
    ],
)
def test_a_functions_responses_and_failures_have_their_status(
    make: Make, answer: Any, status: int
) -> None:
    response = ask(make(method("cookies"), answer=answer))
    assert response.status_code == status
    assert b"boom" not in response.get_data()


def test_a_mock_response_uses_stage_variables(make: Make, invoked: Invoked) -> None:
    response = ask(make(method("cookies", Integration=MOCK)))
    assert (response.status_code, response.get_json()) == (200, {"client": "the-client"})
    assert response.headers["Cache-Control"] == "no-store"
    assert invoked == []


@pytest.mark.parametrize(("path", "verb"), [("/live/none", "GET"), ("/live/cookies", "PUT")])
def test_an_unknown_path_or_method_gets_api_gateways_error(
    make: Make, path: str, verb: str
) -> None:
    response = ask(make(method("cookies"), answer=OK), path, verb)
    assert response.status_code == 403
    assert response.get_json() == {"message": "Missing Authentication Token"}


def settings(**changed: Any) -> list[dict[str, Any]]:
    """A stage's settings for all methods."""
    limits = {"ThrottlingRateLimit": 2, "ThrottlingBurstLimit": 3}
    return [{"HttpMethod": "*", "ResourcePath": "/*", **limits, **changed}]


def test_requests_beyond_the_rate_and_burst_are_throttled(make: Make, invoked: Invoked) -> None:
    """All clients share a method's bucket; other methods have their own."""
    now = [float(NOW)]
    api = make(
        method("cookies"),
        method("cookies", "DELETE"),
        answer=OK,
        clock=lambda: now[0],
        MethodSettings=settings(),
    )
    seen = [ask(api).status_code for _ in range(4)]
    throttled = ask(api)
    assert seen == [200, 200, 200, 429]
    assert throttled.get_json() == {"message": "Too Many Requests"}
    assert ask(api, verb="DELETE").status_code == 200
    assert len(invoked) == 4
    now[0] += 0.4
    assert ask(api).status_code == 429
    now[0] += 0.1
    assert ask(api).status_code == 200
    now[0] += 3600
    assert [ask(api).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_a_stage_without_limits_has_those_of_the_account(make: Make) -> None:
    api = make(method("cookies"), answer=OK)
    assert {ask(api).status_code for _ in range(500)} == {200}


def test_a_request_without_a_token_is_throttled_like_others(make: Make) -> None:
    guarded = {"AuthorizationType": "COGNITO_USER_POOLS", "AuthorizerId": "viewers"}
    api = make(method("cookies", **guarded), answer=OK, MethodSettings=settings())
    assert [ask(api).status_code for _ in range(4)] == [401, 401, 401, 429]


@pytest.mark.parametrize(
    "changed", [{"HttpMethod": "GET"}, {"ResourcePath": "/cookies"}, {"CachingEnabled": True}]
)
def test_unsupported_method_settings_are_rejected(make: Make, changed: dict[str, Any]) -> None:
    with pytest.raises(PreviewError, match="for all methods"):
        make(method("cookies"), MethodSettings=settings(**changed))


def mock_with(**changed: Any) -> dict[str, Any]:
    answer = json.loads(json.dumps(MOCK["IntegrationResponses"]))[0]
    return {**MOCK, "IntegrationResponses": [{**answer, **changed}]}


@pytest.mark.parametrize(
    "changed",
    [
        {"AuthorizationType": "AWS_IAM"},
        {"RequestValidatorId": "x"},
        {"Integration": {"Type": "HTTP_PROXY", "Uri": "https://elsewhere.example"}},
        {"Integration": {"Type": "AWS_PROXY", "IntegrationHttpMethod": "GET", "Uri": URI}},
        {"Integration": {"Type": "AWS_PROXY", "IntegrationHttpMethod": "POST", "Uri": FUNCTION}},
        {"Integration": mock_with(SelectionPattern="4..")},
        {"Integration": mock_with(ResponseTemplates={"application/json": "$input.body"})},
        {"Integration": mock_with(ResponseTemplates={"application/json": "#if(true)#end"})},
        {"Integration": mock_with(ResponseParameters={"method.response.header.X": "stage.x"})},
    ],
)
def test_an_unsupported_method_is_rejected(make: Make, changed: dict[str, Any]) -> None:
    with pytest.raises(PreviewError):
        make(method("cookies", **changed))
