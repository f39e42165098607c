"""CloudFront cache behaviors: media that are served without a signature."""

from collections.abc import Iterator, Mapping
from typing import Any

from protected_stream.lint.branches import TooManyChoicesError, branches
from protected_stream.lint.finding import Finding
from protected_stream.lint.properties import Property
from protected_stream.lint.rules import Rule
from protected_stream.reading.references import references

DISTRIBUTION = "AWS::CloudFront::Distribution"
PACKAGERS = ("AWS::MediaPackage::", "AWS::MediaPackageV2::")
KEYS = frozenset({"AWS::CloudFront::KeyGroup", "AWS::CloudFront::PublicKey"})
TRUST = ("TrustedKeyGroups", "TrustedSigners")
"""A behavior with one of these requires a signature."""


def delivery_findings(template: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Every cache behavior that lets anyone have a protected stream.

    A stream is protected if the template has a public key or key group, or if another behavior of
    the distribution requires a signature; otherwise the template does not mean to protect it.

    Args:
        template: the template as plain data.
    """
    types = {
        name: str(resource.get("Type"))
        for name, resource in template.get("Resources", {}).items()
        if isinstance(resource, Mapping)
    }
    has_keys = not KEYS.isdisjoint(types.values())
    found: dict[Finding, None] = {}
    try:
        for resources in branches(template, {DISTRIBUTION}):
            for resource in resources:
                config = resource.properties.at("DistributionConfig")
                found.update(dict.fromkeys(_unsigned(config, types, has_keys=has_keys)))
    except TooManyChoicesError as refusal:
        found[Finding(Rule.TOO_MANY_CONDITIONS, "", "Conditions", str(refusal))] = None
    return tuple(found)


def _unsigned(config: Property, types: Mapping[str, str], *, has_keys: bool) -> Iterator[Finding]:
    """The behaviors of a distribution that serve media and require no signature."""
    behaviors = [*config.at("CacheBehaviors").each(), config.at("DefaultCacheBehavior")]
    packagers = {
        origin.at("Id").text
        for origin in config.at("Origins").each()
        if _is_packager(origin.at("DomainName").value, types)
    } - {None}
    if not has_keys and not any(_is_signed(behavior) for behavior in behaviors):
        return
    protected = {_folder(behavior) for behavior in behaviors if _is_signed(behavior)} - {None}
    for behavior in behaviors:
        origin = behavior.at("TargetOriginId").text
        is_media = origin in packagers or _folder(behavior) in protected
        if is_media and not _is_signed(behavior):
            yield behavior.finding(
                Rule.MEDIA_WITHOUT_SIGNATURE,
                f'Anyone can watch what it serves from "{origin}": add TrustedKeyGroups, or '
                "TrustedSigners.",
            )


def _folder(behavior: Property) -> tuple[str, str] | None:
    """The origin and the folder that the path pattern is in; None for no particular folder.

    Behaviors of the same folder, such as /live/*.m3u8 and /live/*, serve parts of one stream, from
    a host of which the template tells only the name.
    """
    origin, pattern = behavior.at("TargetOriginId").text, behavior.at("PathPattern").text
    folder = (pattern or "").partition("*")[0].rpartition("/")[0]
    return (origin, folder) if origin and folder else None


def _is_packager(domain: Any, types: Mapping[str, str]) -> bool:
    """Whether the host name is that of a MediaPackage resource in the template."""
    return any(
        types.get(reference.name, "").startswith(PACKAGERS) for reference in references([domain])
    )


def _is_signed(behavior: Property) -> bool:
    return any(not behavior.at(name).is_empty for name in TRUST)
