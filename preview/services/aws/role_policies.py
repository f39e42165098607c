"""IAM role policies: the inline policies, and the trust policy."""

from preview.resource import Resource
from preview.services.aws.policies import Access, Document, granted_by


def documents(role: Resource) -> list[Document]:
    """The role's inline policies. The company's permissions boundary is not known here."""
    return [policy["PolicyDocument"] for policy in role.properties.get("Policies", [])]


def lets_in(role: Resource, service: str) -> bool:
    """Whether an AWS service, such as `lambda.amazonaws.com`, may assume the role."""
    access = Access(action="sts:AssumeRole", resource=role.attributes["Arn"], service=service)
    return granted_by(role.properties["AssumeRolePolicyDocument"], access)
