"""CloudFormation stack: creates, updates, and deletes it with CloudFormation's order and errors.

A failed update is rolled back; a failed creation leaves the resources created until then, and
`roll_back_creation` deletes them. Change sets and the API are in `preview.endpoint`. `kill_after`
stops an operation on purpose, so that a test can delete the stack in that state.

Source: CloudFormation User Guide, "Update behaviors of stack resources".
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from preview.account import Account
from preview.cloudformation.dependencies import dependencies, ordered
from preview.cloudformation.expressions import Scope
from preview.cloudformation.happening import Happening
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
from preview.stack_id import StackId

Template = Mapping[str, Any]
REPLACED = "Requested update requires the creation of a new physical resource; hence creating one."


class Killed(Exception):
    """The operation was stopped after `kill_after` resources."""


@dataclass(kw_only=True)
class Stack:
    """The stack in an account."""

    account: Account
    say: Callable[[str], None] = lambda _: None
    """Prints a line for each resource event."""
    tell: Callable[[Happening], None] = lambda _: None
    """Is told each change of the status of the stack or of a resource."""
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
        scope = scope_of(
            template, parameters, self.account.stack, self.account.resources.by_logical_id
        )
        not_echoed = [str(scope.names[name]) for name in not_echoed_names(template)]
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
        wanted = wanted_resources(template, scope)
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

    def roll_back_creation(self) -> None:
        """Deletes what a failed creation has created; only resources with Retain are kept.

        A custom resource whose creation failed gets no request to delete it, as it would on AWS.

        Raises:
            Rejected: a resource cannot be deleted.
        """
        self._left = None
        self._enter("ROLLBACK_IN_PROGRESS")
        try:
            self._remove_all(list(self.account.resources.by_logical_id))
        except PreviewError:
            self._enter("ROLLBACK_FAILED")
            raise
        self._enter("ROLLBACK_COMPLETE")

    def _enter(self, status: str) -> None:
        self.account.stack_status = status
        self.tell(
            Happening(
                logical_id=self.account.stack.name,
                type="AWS::CloudFormation::Stack",
                physical_id=self.account.stack.arn,
                status=status,
            )
        )
        self.account.events.stack_is(status)
        self.account.events.tell()

    def _ensure_all(self, template: Template, scope: Scope, late: str) -> None:
        self._failed = None
        wanted = wanted_resources(template, scope)
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
        old = self.account.resources.by_logical_id.get(name)
        try:
            wanted = Resource(
                logical_id=name,
                type=definition["Type"],
                properties=scope.value(definition.get("Properties", {})),
                needs=dependencies(definition),
                deletion_policy=definition.get("DeletionPolicy", "Delete"),
                update_replace_policy=definition.get("UpdateReplacePolicy", "Delete"),
            )
            if old is None:
                self._report("CREATE_IN_PROGRESS", name, wanted.type)
                self._create(wanted)
            else:
                self._change(old, replace(wanted, ref=old.ref, attributes=old.attributes))
        except PreviewError as refusal:
            message = str(refusal).removeprefix(f"{name}: ")
            kind = "UPDATE" if self._complete and old is not None else "CREATE"
            self._report(f"{kind}_FAILED", name, definition["Type"], old, reason=message)
            raise type(refusal)(f"{name}: {message}") from None

    def _create(self, resource: Resource) -> None:
        self._check(resource)
        identify(resource, self.account.stack, generation=self._made[resource.logical_id])
        self._made[resource.logical_id] += 1
        if any(self._same_name(resource, other) for other in self.account.resources.all()):
            raise Rejected(f"an {resource.type} with that name already exists.")
        provider_of(resource.type).create(self.account, resource)
        self.account.resources.by_logical_id[resource.logical_id] = resource
        self._done("created", resource, "CREATE_COMPLETE")

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
            self._report("UPDATE_IN_PROGRESS", new.logical_id, new.type, new)
            self._check(new)
            self._failed = new
            provider_of(new.type).update(self.account, old, new)
            self._failed = None
            self.account.resources.by_logical_id[new.logical_id] = new
            self._done("updated", new, "UPDATE_COMPLETE")
        self.account.resources.by_logical_id[new.logical_id] = new

    def _replace(self, old: Resource, new: Resource) -> None:
        if self._same_name(old, new):
            raise Rejected(
                "CloudFormation cannot update a stack when a custom-named resource requires"
                f" replacing ({old.type})."
            )
        self._report("UPDATE_IN_PROGRESS", old.logical_id, old.type, old, reason=REPLACED)
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
            self._done("kept", resource, "DELETE_SKIPPED")
            return
        name = resource.logical_id
        self._report("DELETE_IN_PROGRESS", name, resource.type, resource)
        try:
            provider_of(resource.type).delete(self.account, resource)
        except PreviewError as refusal:
            self._report("DELETE_FAILED", name, resource.type, resource, reason=str(refusal))
            raise
        self._done("deleted", resource, "DELETE_COMPLETE")

    def _report(
        self, status: str, name: str, kind: str, resource: Resource | None = None, reason: str = ""
    ) -> None:
        """Tells the status of a resource, which may not exist yet."""
        self.tell(
            Happening(
                logical_id=name,
                type=kind,
                physical_id=resource.ref if resource else "",
                status=status,
                reason=reason,
            )
        )

    def _done(self, what: str, resource: Resource, status: str) -> None:
        self.say(f"{what:8} {resource.logical_id}")
        self._report(status, resource.logical_id, resource.type, resource)
        self.account.events.tell()
        if self._left is not None:
            self._left -= 1
            if self._left <= 0:
                raise Killed(f"after {resource.logical_id} was {what}")


def wanted_resources(template: Template, scope: Scope) -> dict[str, Any]:
    """The resources of the template whose conditions hold."""
    return {
        name: resource
        for name, resource in template["Resources"].items()
        if "Condition" not in resource or scope.holds(resource["Condition"])
    }


def scope_of(
    template: Template,
    parameters: Mapping[str, str],
    stack: StackId,
    resources: Mapping[str, Resource],
) -> Scope:
    """What the template's expressions can refer to.

    Raises:
        Rejected: a parameter is wrong.
    """
    names = parameter_values(template.get("Parameters", {}), parameters)
    return Scope(
        names={**names, **stack.pseudo_parameters},
        mappings=template.get("Mappings", {}),
        conditions=template.get("Conditions", {}),
        resources=resources,
    )


def not_echoed_names(template: Template) -> list[str]:
    """The names of the NoEcho parameters."""
    declared = template.get("Parameters", {})
    return [name for name, of in declared.items() if of.get("NoEcho") in (True, "true")]
