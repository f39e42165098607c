"""IAM role policies: the inline policies, and the trust policy."""

from collections.abc import Mapping
from types import MappingProxyType

from preview.resource import Resource
from preview.services.aws.policies import Access, Document, granted_by


def documents(role: Resource) -> list[Document]:
    """The role's inline policies. The company's permissions boundary is not known here."""
    return [policy["PolicyDocument"] for policy in role.properties.get("Policies", [])]


def lets_in(
    role: Resource,
    service: str,
    *actions: str,
    context: Mapping[str, str] = MappingProxyType({}),
) -> bool:
    """Whether an AWS service may assume the role.

    Args:
        role: the role.
        service: the service's principal, such as `lambda.amazonaws.com`.
        actions: what it does besides `sts:AssumeRole`, such as `sts:TagSession`.
        context: the condition keys of its request.
    """
    return all(
        granted_by(
            role.properties["AssumeRolePolicyDocument"],
            Access(
                action=action, resource=role.attributes["Arn"], service=service, context=context
            ),
        )
        for action in ("sts:AssumeRole", *actions)
    )


def source_of(resource: Resource) -> Mapping[str, str]:
    """The condition keys of a request that a service makes for a resource.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    arn = resource.attributes["Arn"]
    return {"aws:SourceArn": arn, "aws:SourceAccount": arn.split(":")[4]}
