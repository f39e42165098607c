"""CloudFormation template validation: supported keys, dependencies, and Rules."""

from collections.abc import Mapping
from typing import Any

from preview.cloudformation.expressions import Scope
from preview.errors import NotSupported, Rejected

Template = Mapping[str, Any]
SECTIONS = {
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
}
RESOURCE_KEYS = {
    "Condition",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "Properties",
    "Type",
    "UpdateReplacePolicy",
}
KEYS = {
    "Parameters": {
        "AllowedPattern",
        "AllowedValues",
        "ConstraintDescription",
        "Default",
        "Description",
        "MaxLength",
        "MaxValue",
        "MinLength",
        "MinValue",
        "NoEcho",
        "Type",
    },
    "Outputs": {"Condition", "Description", "Export", "Value"},
}
"""The keys of every entry, by section."""
POLICIES = ("Delete", "Retain", "RetainExceptOnCreate")


def check_keys(template: Template) -> None:
    """Checks the template's keys, policies, and resources' conditions and dependencies.

    Raises:
        NotSupported: the preview does not support a key or policy.
        Rejected: a resource names a dependency or a condition that does not exist.
    """
    resources = template["Resources"]
    unknown = [f"{name} in the template" for name in template.keys() - SECTIONS]
    unknown += [
        f"{key} of {name}"
        for section, known in KEYS.items()
        for name, entry in template.get(section, {}).items()
        for key in entry.keys() - known
    ]
    for name, resource in resources.items():
        unknown += [f"{key} of {name}" for key in resource.keys() - RESOURCE_KEYS]
        unknown += [
            f"{policy} {resource[policy]} of {name}"
            for policy in ("DeletionPolicy", "UpdateReplacePolicy")
            if resource.get(policy, "Delete") not in POLICIES
        ]
        if resource.get("Condition", "") not in {"", *template.get("Conditions", {})}:
            raise Rejected(f"There is no condition {resource['Condition']}, of {name}.")
        stated = resource.get("DependsOn", [])
        missing = {stated} if isinstance(stated, str) else set(stated)
        if missing := missing - resources.keys():
            raise Rejected(f"Unresolved resource dependencies: {sorted(missing)}, of {name}.")
    if unknown:
        raise NotSupported(f"The preview does not support: {', '.join(unknown)}.")


def check_rules(template: Template, scope: Scope) -> None:
    """Checks the parameters against the template's Rules.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html

    Raises:
        Rejected: an assertion does not hold.
    """
    for name, rule in template.get("Rules", {}).items():
        if "RuleCondition" in rule and not scope.value(rule["RuleCondition"]):
            continue
        for assertion in rule["Assertions"]:
            if not scope.value(assertion["Assert"]):
                raise Rejected(f"{name}: {assertion.get('AssertDescription', 'does not hold')}.")
