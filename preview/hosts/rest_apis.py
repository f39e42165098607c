"""The REST APIs of the account, each as its stage's deployment holds it."""

import functools
from collections.abc import Mapping
from typing import Any

from moto.cognitoidp.models import CognitoIdpUserPool, cognitoidp_backends
from werkzeug.wrappers import Request, Response

from preview.account import Account
from preview.resource import Resource
from preview.services.api.api import Api

API_GATEWAY = "apigateway.amazonaws.com"


def is_rest_api(account: Account, host: str) -> bool:
    """Whether the host name is one of API Gateway's in the account's Region."""
    place = f".execute-api.{account.stack.region}.{account.stack.url_suffix}"
    return host.endswith(place)


def api_answer(account: Account, host: str, request: Request) -> Response:
    """What the API of that host name answers; the path begins with the stage's name."""
    stage_name = request.path.split("/")[1]
    for stage in account.resources.of_type("AWS::ApiGateway::Stage"):
        if host.startswith(f"{stage.properties['RestApiId']}.") and stage.ref == stage_name:
            return api(account, stage).answer(request)
    return Response('{"message":"Forbidden"}', status=403, content_type="application/json")


def api(account: Account, stage: Resource) -> Api:
    """The API as the stage's deployment holds it.

    Raises:
        Rejected: an integration names no function.
        NotSupported: it has what the preview does not know.
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
        partition=account.stack.partition,
        region=account.stack.region,
        account_id=account.stack.account_id,
    )


def jwks(account: Account, pool_arn: str) -> Mapping[str, Any]:
    """The keys of a user pool, as it publishes them."""
    key = moto_pool(account, pool_arn.rpartition("/")[2]).json_web_key
    return {"keys": [key.as_dict(private=False)]}


def moto_pool(account: Account, pool_id: str) -> CognitoIdpUserPool:
    """Moto's own object of a user pool."""
    backend = cognitoidp_backends[account.stack.account_id][account.stack.region]
    return backend.user_pools[pool_id]
