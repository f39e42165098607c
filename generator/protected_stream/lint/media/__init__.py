"""MediaLive and MediaPackage checks of what CloudFormation otherwise detects only at deployment.

CloudFormation's schemas of these resources have property names and types. The services' other
requirements come from the SDK's models of their requests and from their documentation.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from protected_stream.lint.branches import TooManyChoicesError, branches
from protected_stream.lint.finding import Finding
from protected_stream.lint.media.aac import aac_findings
from protected_stream.lint.media.chain import MediaStack, chain_findings
from protected_stream.lint.media.inputs import input_findings
from protected_stream.lint.media.levels import level_findings
from protected_stream.lint.media.outputs import output_findings
from protected_stream.lint.media.packager_chain import packager_chain_findings
from protected_stream.lint.media.packager_values import endpoint_findings, packager_channel_findings
from protected_stream.lint.media.references import reference_findings
from protected_stream.lint.media.streams import stream_findings
from protected_stream.lint.media.timing import timing_findings
from protected_stream.lint.media.tracks import track_findings
from protected_stream.lint.media.values import value_findings
from protected_stream.lint.properties import Property
from protected_stream.lint.requests import request_findings
from protected_stream.lint.requests.models import REQUESTS
from protected_stream.lint.rules import Rule

Check = Callable[[Property], Iterator[Finding]]

CHECKS: Mapping[str, tuple[Check, ...]] = {
    "AWS::MediaLive::Channel": (
        reference_findings,
        output_findings,
        stream_findings,
        track_findings,
        timing_findings,
        value_findings,
        level_findings,
        aac_findings,
    ),
    "AWS::MediaLive::Input": (input_findings,),
    "AWS::MediaPackageV2::Channel": (packager_channel_findings,),
    "AWS::MediaPackageV2::OriginEndpoint": (endpoint_findings,),
}
"""The checks of a resource besides its request, by type."""


def media_findings(template: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Everything that MediaLive or MediaPackage v2 would reject, or that would not play.

    Args:
        template: the template as plain data, with the long form of intrinsic functions. Their
            values are unknown before deployment and assumed to be valid; both branches of Fn::If
            are checked.
    """
    types = {
        name: str(resource.get("Type"))
        for name, resource in template.get("Resources", {}).items()
        if isinstance(resource, Mapping)
    }
    found: dict[Finding, None] = {}
    try:
        for resources in branches(template, REQUESTS):
            found.update(dict.fromkeys(_stack_findings(MediaStack(resources, types))))
    except TooManyChoicesError as refusal:
        found[Finding(Rule.TOO_MANY_CONDITIONS, "", "Conditions", str(refusal))] = None
    return tuple(found)


def _stack_findings(stack: MediaStack) -> Iterator[Finding]:
    for resource in stack.resources:
        yield from request_findings(resource)
        for check in CHECKS.get(resource.type, ()):
            yield from check(resource.properties)
    yield from chain_findings(stack)
    yield from packager_chain_findings(stack)
