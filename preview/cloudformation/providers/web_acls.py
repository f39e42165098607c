"""AWS WAF web ACLs, and the API stages that they protect."""

from preview.account import Account
from preview.cloudformation.providers.provider import Provider
from preview.errors import Rejected
from preview.resource import Resource
from preview.services.aws.dynamic_references import resolved
from preview.services.web_acl import WebAcl

SCOPES = {"CLOUDFRONT": "global", "REGIONAL": "regional"}
REGION_OF_DISTRIBUTIONS = "us-east-1"


def _create(account: Account, acl: Resource) -> None:
    """Web ACLs of distributions are in us-east-1 only.

    https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html

    Raises:
        Rejected: the stack is in another Region.
        NotSupported: the preview does not support a rule.
    """
    scope = acl.properties["Scope"]
    if scope == "CLOUDFRONT" and account.stack.region != REGION_OF_DISTRIBUTIONS:
        raise Rejected(
            f"{acl.logical_id}: WAFInvalidParameterException: The scope is not valid., field: "
            "SCOPE_VALUE, parameter: CLOUDFRONT"
        )
    name = acl.properties.get("Name", acl.logical_id)
    kind, identity = SCOPES[scope], acl.attributes["Id"]
    place = f"{account.stack.region}:{account.stack.account_id}"
    arn = f"arn:{account.stack.partition}:wafv2:{place}:{kind}/webacl/{name}/{identity}"
    acl.ref = f"{name}|{identity}|{scope}"
    acl.attributes = {**acl.attributes, "Arn": arn}
    _put(account, acl)


def _put(account: Account, acl: Resource) -> None:
    properties = resolved(acl.properties, account.secret_text)
    account.web_acls[acl.attributes["Arn"]] = WebAcl(properties, account.clock.now)


def _delete(account: Account, acl: Resource) -> None:
    del account.web_acls[acl.attributes["Arn"]]


WEB_ACL = Provider(
    create=_create, update=lambda account, _, new: _put(account, new), delete=_delete
)
