"""API Gateway REST APIs of the account, each as in its stage's deployment."""

import functools
from collections.abc import Mapping
from typing import Any

from moto.cognitoidp.models import CognitoIdpUserPool, cognitoidp_backends
from werkzeug.wrappers import Request, Response

from preview.account import Account
from preview.resource import Resource
from preview.services.api.api import Api
from preview.services.web_acl import Asked

API_GATEWAY = "apigateway.amazonaws.com"


def is_rest_api(account: Account, host: str) -> bool:
    """Whether API Gateway in the account's Region has that host name."""
    place = f".execute-api.{account.stack.region}.{account.stack.url_suffix}"
    return host.endswith(place)


def api_answer(account: Account, host: str, request: Request) -> Response:
    """The response of the API with that host name; the path begins with the stage's name."""
    stage_name = request.path.split("/")[1]
    if _is_blocked(account, host, stage_name, request):
        return _forbidden()
    for stage in account.resources.of_type("AWS::ApiGateway::Stage"):
        if host.startswith(f"{stage.properties['RestApiId']}.") and stage.ref == stage_name:
            response = api(account, stage).answer(request)
            account.count_api(stage, response.status_code)
            return response
    return _forbidden()


def _is_blocked(account: Account, host: str, stage: str, request: Request) -> bool:
    """Whether a web ACL of the stage blocks the request.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html
    """
    api_id = host.partition(".")[0]
    arn = (
        f"arn:{account.stack.partition}:apigateway:{account.stack.region}::/restapis/{api_id}"
        f"/stages/{stage}"
    )
    asked = Asked(
        path=request.path, headers=dict(request.headers), address=request.remote_addr or ""
    )
    return any(
        account.web_acls[one.properties["WebACLArn"]].refusal(asked) is not None
        for one in account.resources.of_type("AWS::WAFv2::WebACLAssociation")
        if one.properties["ResourceArn"] == arn
    )


def _forbidden() -> Response:
    return Response('{"message":"Forbidden"}', status=403, content_type="application/json")


def api(account: Account, stage: Resource) -> Api:
    """The API as in the stage's deployment.

    Raises:
        Rejected: an integration does not name a function.
        NotSupported: the preview does not support a part of the API.
    """
    rest_api = account.resources.one("AWS::ApiGateway::RestApi", stage.properties["RestApiId"])
    deployment = account.resources.one(
        "AWS::ApiGateway::Deployment", stage.properties["DeploymentId"]
    )
    return Api(
        api=rest_api,
        resources=[*account.deployed[deployment.ref], deployment, stage],
        invoke=lambda arn, source_arn, event: account.invoke(
            arn, event, service=API_GATEWAY, source_arn=source_arn
        ),
        jwks=functools.partial(jwks, account),
        clock=account.clock.now,
        throttle=account.throttle,
        stack=account.stack,
    )


def jwks(account: Account, pool_arn: str) -> Mapping[str, Any]:
    """The JSON Web Key Set of a user pool."""
    key = moto_pool(account, pool_arn.rpartition("/")[2]).json_web_key
    return {"keys": [key.as_dict(private=False)]}


def moto_pool(account: Account, pool_id: str) -> CognitoIdpUserPool:
    """Moto's object for a user pool."""
    backend = cognitoidp_backends[account.stack.account_id][account.stack.region]
    return backend.user_pools[pool_id]
