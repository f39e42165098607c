"""CloudFormation stack: creates, updates, and deletes it with CloudFormation's order and errors.

A failed update is rolled back. Not modeled: the wire protocol, change sets, and the rollback of a
failed creation, which leaves the resources created until then. `kill_after` stops an operation on
purpose, so that a test can delete the stack in that state.

Source: CloudFormation User Guide, "Update behaviors of stack resources".
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from preview.account import Account
from preview.cloudformation.dependencies import dependencies, ordered
from preview.cloudformation.expressions import Scope
from preview.cloudformation.parameters import parameter_values
from preview.cloudformation.physical_ids import identify
from preview.cloudformation.providers import provider_of
from preview.cloudformation.redaction import redacted
from preview.cloudformation.references import dangling
from preview.cloudformation.rollback import restore
from preview.cloudformation.schemas import violations
from preview.cloudformation.update_behavior import kept_by_aws, needs_replacement, unique_name
from preview.cloudformation.validation import check_keys, check_rules
from preview.errors import PreviewError, Rejected
from preview.resource import Resource
from preview.services.aws.dynamic_references import check_dynamic_references

Template = Mapping[str, Any]


class Killed(Exception):
    """The operation was stopped after `kill_after` resources."""


@dataclass(kw_only=True)
class Stack:
    """The stack in an account."""

    account: Account
    say: Callable[[str], None] = lambda _: None
    """Prints a line for each resource event."""
    outputs: dict[str, str] = field(default_factory=dict)
    _complete: bool = False
    """Whether it was created; a stack whose creation was killed counts as never created."""
    _failed: Resource | None = None
    """The resource that failed in the last update, with its new properties."""
    _made: Counter[str] = field(default_factory=Counter)
    _left: int | None = None

    def deploy(
        self,
        template: Template,
        parameters: Mapping[str, str],
        *,
        late: str = "",
        kill_after: int | None = None,
    ) -> None:
        """Creates the stack, or updates it.

        Args:
            template: the generated template.
            parameters: strings, by name.
            late: the logical ID that is created as late as its dependents allow.
            kill_after: the number of resources to create, update, or delete before it is killed.

        Raises:
            Rejected: CloudFormation or a service would reject this.
            NotSupported: the preview does not support this.
            Killed: `kill_after` resources are done.
        """
        check_keys(template)
        declared = template.get("Parameters", {})
        names = parameter_values(declared, parameters)
        not_echoed = [
            str(names[name]) for name, of in declared.items() if _is_true(of.get("NoEcho"))
        ]
        scope = Scope(
            names={**names, **self.account.stack.pseudo_parameters},
            mappings=template.get("Mappings", {}),
            conditions=template.get("Conditions", {}),
            resources=self.account.resources.by_logical_id,
        )
        self._left = kill_after
        try:
            check_rules(template, scope)
            if self._complete:
                self._update(template, scope, late)
            else:
                self._create_all(template, scope, late)
        except PreviewError as refusal:
            raise type(refusal)(redacted(not_echoed, str(refusal))) from None
        self.outputs = {
            name: scope.text(output["Value"])
            for name, output in template.get("Outputs", {}).items()
            if "Condition" not in output or scope.holds(output["Condition"])
        }

    def _create_all(self, template: Template, scope: Scope, late: str) -> None:
        self._enter("CREATE_IN_PROGRESS")
        try:
            self._ensure_all(template, scope, late)
        except PreviewError:
            self._enter("CREATE_FAILED")
            raise
        self._complete = True
        self._enter("CREATE_COMPLETE")

    def _update(self, template: Template, scope: Scope, late: str) -> None:
        before = dict(self.account.resources.by_logical_id)
        self._enter("UPDATE_IN_PROGRESS")
        try:
            self._ensure_all(template, scope, late)
        except PreviewError as refusal:
            self._roll_back(before, refusal)
            raise
        self._enter("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
        self._remove_leftovers()
        wanted = _wanted(template, scope)
        self._remove_all(
            [name for name in self.account.resources.by_logical_id if name not in wanted]
        )
        self._enter("UPDATE_COMPLETE")

    def _roll_back(self, before: Mapping[str, Resource], refusal: PreviewError) -> None:
        self._enter("UPDATE_ROLLBACK_IN_PROGRESS")
        try:
            restore(self.account, before, self._failed)
        except PreviewError as other:
            self._enter("UPDATE_ROLLBACK_FAILED")
            raise type(refusal)(f"{refusal} The rollback failed, too: {other}") from None
        self._enter("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
        self._remove_leftovers()
        self._enter("UPDATE_ROLLBACK_COMPLETE")

    def _enter(self, status: str) -> None:
        self.account.stack_status = status
        self.account.events.stack_is(status)
        self.account.events.tell()

    def _ensure_all(self, template: Template, scope: Scope, late: str) -> None:
        self._failed = None
        wanted = _wanted(template, scope)
        self.account.sign_ins.clear()
        needs = {name: dependencies(resource) for name, resource in wanted.items()}
        for name in ordered(needs, late=late):
            self._ensure(name, wanted[name], scope)

    def delete(self, *, late: str = "") -> None:
        """Deletes the stack, except resources with a deletion policy that retains them.

        Raises:
            Rejected: a resource cannot be deleted.
        """
        self._left = None
        self._enter("DELETE_IN_PROGRESS")
        try:
            self._remove_leftovers()
            self._remove_all(list(self.account.resources.by_logical_id), late=late)
        except PreviewError:
            self._enter("DELETE_FAILED")
            raise
        self._enter("DELETE_COMPLETE")

    def _ensure(self, name: str, definition: Mapping[str, Any], scope: Scope) -> None:
        try:
            wanted = Resource(
                logical_id=name,
                type=definition["Type"],
                properties=scope.value(definition.get("Properties", {})),
                needs=dependencies(definition),
                deletion_policy=definition.get("DeletionPolicy", "Delete"),
                update_replace_policy=definition.get("UpdateReplacePolicy", "Delete"),
            )
            old = self.account.resources.by_logical_id.get(name)
            if old is None:
                self._create(wanted)
            else:
                self._change(old, replace(wanted, ref=old.ref, attributes=old.attributes))
        except PreviewError as refusal:
            message = str(refusal).removeprefix(f"{name}: ")
            raise type(refusal)(f"{name}: {message}") from None

    def _create(self, resource: Resource) -> None:
        self._check(resource)
        identify(resource, self.account.stack, generation=self._made[resource.logical_id])
        self._made[resource.logical_id] += 1
        if any(self._same_name(resource, other) for other in self.account.resources.all()):
            raise Rejected(f"an {resource.type} with that name already exists.")
        provider_of(resource.type).create(self.account, resource)
        self.account.resources.by_logical_id[resource.logical_id] = resource
        self._done("created", resource)

    def _same_name(self, resource: Resource, other: Resource) -> bool:
        region = self.account.stack.region
        name = unique_name(resource, region)
        return name is not None and name == unique_name(other, region)

    def _change(self, old: Resource, new: Resource) -> None:
        if old.type != new.type:
            raise Rejected("Update of resource type is not permitted.")
        kept = kept_by_aws(old, new.properties)
        if kept:
            raise Rejected(f"cannot change: {'; '.join(kept)}.")
        if needs_replacement(old, new.properties, self.account.stack.region):
            self._replace(old, new)
            return
        if old.properties != new.properties:
            self._check(new)
            self._failed = new
            provider_of(new.type).update(self.account, old, new)
            self._failed = None
            self.account.resources.by_logical_id[new.logical_id] = new
            self._done("updated", new)
        self.account.resources.by_logical_id[new.logical_id] = new

    def _replace(self, old: Resource, new: Resource) -> None:
        if self._same_name(old, new):
            raise Rejected(
                "CloudFormation cannot update a stack when a custom-named resource requires"
                f" replacing ({old.type})."
            )
        self.account.resources.leftovers.append(old)
        del self.account.resources.by_logical_id[old.logical_id]
        self._create(new)

    def _check(self, resource: Resource) -> None:
        check_dynamic_references(resource)
        wrong = violations(resource.type, resource.properties, self.account.stack.region)
        wrong += dangling(resource, self.account.resources.all())
        if wrong:
            raise Rejected(f"{'; '.join(wrong)}.")

    def _remove_leftovers(self) -> None:
        for resource in reversed([*self.account.resources.leftovers]):
            self._remove(resource, resource.update_replace_policy)
            self.account.resources.leftovers.remove(resource)

    def _remove_all(self, names: list[str], *, late: str = "") -> None:
        """Removes resources in reverse order of creation."""
        needs = {name: self.account.resources.by_logical_id[name].needs for name in names}
        for name in reversed(ordered(needs, late=late)):
            resource = self.account.resources.by_logical_id[name]
            self._remove(resource, resource.deletion_policy)
            del self.account.resources.by_logical_id[name]

    def _remove(self, resource: Resource, policy: str) -> None:
        # after a failed creation, only resources with Retain are kept
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
        if policy == "Retain" or (policy == "RetainExceptOnCreate" and self._complete):
            self._done("kept", resource)
            return
        provider_of(resource.type).delete(self.account, resource)
        self._done("deleted", resource)

    def _done(self, what: str, resource: Resource) -> None:
        self.say(f"{what:8} {resource.logical_id}")
        self.account.events.tell()
        if self._left is not None:
            self._left -= 1
            if self._left <= 0:
                raise Killed(f"after {resource.logical_id} was {what}")


def _wanted(template: Template, scope: Scope) -> dict[str, Any]:
    """The resources of the template whose conditions hold."""
    return {
        name: resource
        for name, resource in template["Resources"].items()
        if "Condition" not in resource or scope.holds(resource["Condition"])
    }


def _is_true(value: Any) -> bool:
    return value in (True, "true")
