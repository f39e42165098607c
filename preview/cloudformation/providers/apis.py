"""API Gateway methods, deployments, and stages: a deployment is a snapshot of the REST API.

https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
"""

from collections.abc import Mapping

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


def _check_method(_: Account, method: Resource) -> None:
    """Checks the settings of a method that have to match one another.

    The texts are API Gateway's: aws/aws-cdk, pull request 30035; awslabs/aws-solutions-constructs,
    issue 1130; amazon-archives/aws-apigateway-importer, issue 121.
    """
    stated = method.properties
    if stated.get("AuthorizationScopes") and (
        stated.get("AuthorizationType", "NONE") != "COGNITO_USER_POOLS"
    ):
        raise Rejected(
            f"{method.logical_id}: Invalid Method authorization type specified. Authorization"
            " Scopes are only valid for COGNITO_USER_POOLS authorization type."
        )
    declared = {
        str(one["StatusCode"]): one.get("ResponseParameters", {})
        for one in stated.get("MethodResponses", ())
    }
    for answer in stated.get("Integration", {}).get("IntegrationResponses", ()):
        for name in answer.get("ResponseParameters", {}):
            known = declared.get(str(answer["StatusCode"]))
            if known is None or name not in known:
                raise Rejected(
                    f"{method.logical_id}: Invalid mapping expression specified: Validation Result:"
                    f" warnings : [], errors : [{_wrong_mapping(name, known)}]"
                )


def _wrong_mapping(name: str, declared: Mapping[str, object] | None) -> str:
    if declared is None:
        return "No method response exists for method."
    return f"Invalid mapping expression parameter specified: {name}"


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


METHOD = Provider(create=_check_method, update=lambda account, _, new: _check_method(account, new))
DEPLOYMENT = Provider(create=_create_deployment)
STAGE = Provider(create=_check_stage, update=lambda account, _, new: _check_stage(account, new))
