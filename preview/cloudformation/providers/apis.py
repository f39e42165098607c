"""API Gateway deployments and stages: a deployment is a snapshot of the REST API.

https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
"""

from preview.account import Account
from preview.cloudformation.providers.provider import Provider
from preview.errors import Rejected
from preview.hosts.rest_apis import api
from preview.resource import Resource

PARTS = (
    "AWS::ApiGateway::Authorizer",
    "AWS::ApiGateway::Method",
    "AWS::ApiGateway::Resource",
)


def _create_deployment(account: Account, deployment: Resource) -> None:
    parts = [
        part
        for kind in PARTS
        for part in account.resources.of_type(kind)
        if part.properties["RestApiId"] == deployment.properties["RestApiId"]
    ]
    if not any(part.type == "AWS::ApiGateway::Method" for part in parts):
        # https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDeployment.html
        raise Rejected(f"{deployment.logical_id}: the REST API doesn't contain any methods.")
    account.deployed[deployment.ref] = parts


def _check_stage(account: Account, stage: Resource) -> None:
    api(account, stage)


DEPLOYMENT = Provider(create=_create_deployment)
STAGE = Provider(create=_check_stage, update=lambda account, _, new: _check_stage(account, new))
