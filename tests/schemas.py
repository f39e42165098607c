"""CloudFormation's resource schemas, as cfn-lint carries them."""

from typing import Any

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER


def schema_of(resource_type: str) -> dict[str, Any]:
    """The schema of a resource type; empty for custom resources, which have none."""
    if resource_type.startswith("Custom::"):
        return {}
    return dict(PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", resource_type).schema)


def create_only(resource_type: str) -> list[str]:
    """The top-level properties whose change replaces the resource."""
    paths = schema_of(resource_type).get("createOnlyProperties", ())
    return [path.removeprefix("/properties/") for path in paths]


def tag_property(resource_type: str) -> str | None:
    """The property that takes tags; found by its name where the schema does not tell."""
    schema = schema_of(resource_type)
    tagging = schema.get("tagging")
    if not tagging:
        return "Tags" if "Tags" in schema.get("properties", {}) else None
    return str(tagging["tagProperty"]).removeprefix("/properties/") if tagging["taggable"] else None
