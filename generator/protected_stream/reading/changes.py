"""CloudFormation update behavior: what an update does to each resource of a stack.

Source: AWS CloudFormation User Guide, "Update behaviors of stack resources".
"""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from protected_stream.reading.resolved import CLOSE, OPEN, Resolver

ANY_REGION = "us-east-1"
"""The Region whose schemas count where no other is known."""
RETAINED = ("Retain", "RetainExceptOnCreate")


class Effect(StrEnum):
    """What happens to a resource, as the commands say it."""

    ADDED = "added"
    IN_PLACE = "changed in place"
    REPLACED = "replaced"
    PERHAPS_REPLACED = "perhaps replaced"
    REMOVED = "removed"
    REFUSED = "refused"
    """CloudFormation, or the service, refuses the change."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What an update does to a resource."""

    name: str
    """Its logical ID."""
    kind: str
    """Its type."""
    effect: Effect
    properties: tuple[str, ...] = ()
    """Dotted paths of the properties that change; without those of added and removed resources."""
    kept: bool = False
    """Whether the former resource is kept outside the stack."""
    why: str = ""
    """Why the change is refused."""
    certain: bool = True
    """Whether it happens; CloudFormation does not know it of all changes beforehand."""


# Changes that fail, although the schema lists no such property as createOnly, by type and property.
REFUSED_CHANGES: Mapping[tuple[str, str], str] = {
    # Source: Amazon CloudFront API Reference, UpdatePublicKey
    **{
        ("AWS::CloudFront::PublicKey", f"PublicKeyConfig.{name}"): (
            "only the comment of a public key can change"
        )
        for name in ("CallerReference", "EncodedKey", "Name")
    },
    # Source: Amazon Cognito API Reference, UpdateUserPool, which has no such parameters
    **{
        ("AWS::Cognito::UserPool", name): "a user pool keeps what its viewers sign in with"
        for name in ("AliasAttributes", "UsernameAttributes", "UsernameConfiguration")
    },
    # Source: AWS CloudFormation Template Reference, AWS::KMS::Key
    **{
        ("AWS::KMS::Key", name): "a KMS key keeps its kind"
        for name in ("KeySpec", "KeyUsage", "MultiRegion", "Origin")
    },
    # Source: AWS Elemental MediaLive API Reference, UpdateChannel, which has no channelClass
    ("AWS::MediaLive::Channel", "ChannelClass"): "a channel keeps its class",
    # Source: AWS Elemental MediaPackage V2 API Reference, UpdateOriginEndpoint
    ("AWS::MediaPackageV2::OriginEndpoint", "ContainerType"): "an endpoint keeps its container",
    # Source: AWS CloudFormation Template Reference, AWS::CloudFormation::CustomResource
    ("Custom::", "ServiceToken"): "a custom resource keeps its function",
}


def changes(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    *,
    old_values: Mapping[str, str] | None = None,
    new_values: Mapping[str, str] | None = None,
    region: str = ANY_REGION,
) -> tuple[Change, ...]:
    """What the update from the old template to the new one does, without what stays the same.

    Args:
        old: the template that is deployed.
        new: the one to deploy.
        old_values: its parameters' values; parameters without one have their defaults, or an
            unknown value, which is the same in both.
        new_values: those of the new template.
        region: the stack's.
    """
    before = Resolver(
        template=old, parameters=_with_defaults(old, old_values or {}), region=region
    ).resources()
    values = _with_defaults(new, new_values or {})
    replaced: frozenset[str] = frozenset()
    while True:
        # what refers to a replaced resource changes, too, and may have to be replaced
        resolver = Resolver(template=new, parameters=values, region=region, replaced=replaced)
        found = tuple(_changes(before, resolver.resources(), region))
        now = frozenset(one.name for one in found if one.effect is Effect.REPLACED)
        if now == replaced:
            return found
        replaced = now


def _with_defaults(template: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, str]:
    """The value of every parameter."""
    return {
        name: values.get(name, str(one.get("Default", f"{OPEN}{name}{CLOSE}")))
        for name, one in template.get("Parameters", {}).items()
    }


def _changes(
    before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]], region: str
) -> Iterator[Change]:
    for name, resource in after.items():
        if name not in before:
            yield Change(name=name, kind=resource["Type"], effect=Effect.ADDED)
        elif change := _change(name, before[name], resource, region):
            yield change
    for name in reversed([*before]):
        if name not in after:
            yield Change(
                name=name,
                kind=before[name]["Type"],
                effect=Effect.REMOVED,
                kept=before[name].get("DeletionPolicy") in RETAINED,
            )


def _change(
    name: str, old: Mapping[str, Any], new: Mapping[str, Any], region: str
) -> Change | None:
    """What happens to a resource that both templates have; None for nothing."""
    kind = new["Type"]
    if old["Type"] != kind:
        why = f"{old['Type']} cannot become {kind}"
        return Change(name=name, kind=kind, effect=Effect.REFUSED, why=why)
    paths = tuple(_different(old["Properties"], new["Properties"]))
    if not paths:
        return None
    effect, why = effect_of(kind, paths, region)
    kept = effect is Effect.REPLACED and old.get("UpdateReplacePolicy") in RETAINED
    return Change(name=name, kind=kind, effect=effect, properties=paths, kept=kept, why=why)


def effect_of(kind: str, paths: tuple[str, ...], region: str) -> tuple[Effect, str]:
    """What the change of these properties does, and why it is refused if it is."""
    family = "Custom::" if kind.startswith("Custom::") else kind
    for (refusing, path), why in REFUSED_CHANGES.items():
        if refusing == family and _touches(paths, path):
            return Effect.REFUSED, f"{path}: {why}"
    for effect, keyword in (
        (Effect.REPLACED, "createOnlyProperties"),
        (Effect.PERHAPS_REPLACED, "conditionalCreateOnlyProperties"),
    ):
        if any(_touches(paths, path) for path in _listed(kind, keyword, region)):
            return effect, ""
    return Effect.IN_PLACE, ""


def _touches(paths: tuple[str, ...], path: str) -> bool:
    """Whether a changed path is this one, is inside it, or contains it."""
    return any(
        one == path or one.startswith(f"{path}.") or path.startswith(f"{one}.") for one in paths
    )


def _different(old: Any, new: Any, path: str = "") -> Iterator[str]:
    """The dotted paths at which the two differ; lists are compared whole."""
    if old == new:
        return
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        yield path
        return
    for name in (*old, *(name for name in new if name not in old)):
        inner = f"{path}.{name}" if path else name
        if name in old and name in new:
            yield from _different(old[name], new[name], inner)
        else:
            yield inner


@functools.cache
def _listed(kind: str, keyword: str, region: str) -> tuple[str, ...]:
    """The properties in a list of the type's schema, which cfn-lint brings, as dotted paths.

    A type that the Region's schemas lack is looked up in ANY_REGION; one that these lack has none.
    """
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER  # noqa: PLC0415 - takes a second

    for place in (region, ANY_REGION):
        if kind in PROVIDER_SCHEMA_MANAGER.get_resource_types(place):
            schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(place, kind).schema
            return tuple(
                path.removeprefix("/properties/").replace("/", ".")
                for path in schema.get(keyword, ())
            )
    return ()
