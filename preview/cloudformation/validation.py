"""The template as a whole: nothing in it that is not known, and its Rules hold."""

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
POLICIES = ("Delete", "Retain", "RetainExceptOnCreate")


def check_keys(template: Template) -> None:
    """Looks for what the preview does not know, and for a DependsOn that names nothing.

    Raises:
        NotSupported: there is some.
        Rejected: a DependsOn names nothing.
    """
    resources = template["Resources"]
    unknown = [f"{name} of the template" for name in template.keys() - SECTIONS]
    for name, resource in resources.items():
        unknown += [f"{key} of {name}" for key in resource.keys() - RESOURCE_KEYS]
        unknown += [
            f"{policy} {resource[policy]} of {name}"
            for policy in ("DeletionPolicy", "UpdateReplacePolicy")
            if resource.get(policy, "Delete") not in POLICIES
        ]
        stated = resource.get("DependsOn", [])
        missing = {stated} if isinstance(stated, str) else set(stated)
        if missing := missing - resources.keys():
            raise Rejected(f"Unresolved resource dependencies: {sorted(missing)}, of {name}.")
    if unknown:
        raise NotSupported(f"Not known to the preview: {', '.join(unknown)}.")


def check_rules(template: Template, scope: Scope) -> None:
    """Holds the parameters to the template's Rules.

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
