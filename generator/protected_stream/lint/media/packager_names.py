"""MediaPackage v2 names: which resource in the template a name refers to."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from protected_stream.lint.properties import Property, Resource

Path = tuple[str, ...]
"""The names of a resource and its parents, outermost first."""

PARTS_OF_ARN: Mapping[str, Mapping[str, str]] = {
    "AWS::MediaPackageV2::ChannelGroup": {"1": "ChannelGroupName"},
    "AWS::MediaPackageV2::Channel": {"1": "ChannelGroupName", "3": "ChannelName"},
    "AWS::MediaPackageV2::OriginEndpoint": {
        "1": "ChannelGroupName",
        "3": "ChannelName",
        "5": "OriginEndpointName",
    },
}
"""The names in an ARN that is split at its slashes: …channelGroup/G/channel/C/originEndpoint/E.

Source: Service Authorization Reference, "Resource types defined by AWS Elemental MediaPackage V2".
"""
DEEPEST = len(PARTS_OF_ARN)
"""How many resources a name can pass through: endpoint, channel, group."""


@dataclass(frozen=True)
class PackagerNames:
    """Resolves the names of channel groups, channels and endpoints."""

    resources: Mapping[str, Resource]
    """By logical ID."""

    def of(self, name: Property, depth: int = 0) -> str:
        """The resolved name: the same for one name that is written in different ways.

        A name that is read from a resource's ARN is that resource's name.
        """
        match name.value:
            case str(text):
                return text
            case {"Fn::Select": [index, {"Fn::Split": ["/", source]}]} if depth < DEEPEST:
                resource = self.resources.get(_logical_id(source))
                parts = PARTS_OF_ARN.get(resource.type, {}) if resource else {}
                if resource and str(index) in parts:
                    return self.of(resource.properties.at(parts[str(index)]), depth + 1)
        return json.dumps(name.value, sort_keys=True, default=str)

    def given(self, resource_type: str) -> set[Path]:
        """The names of every resource of the type, each after those of its parents."""
        members = PARTS_OF_ARN[resource_type].values()
        return {
            self.path(resource.properties, members)
            for resource in self.resources.values()
            if resource.type == resource_type
        }

    def path(self, named: Property, members: Iterable[str]) -> Path:
        """The resolved names in these members of a property."""
        return tuple(self.of(named.at(member)) for member in members)


def _logical_id(source: Any) -> str:
    match source:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), "Arn"]}:
            return name
    return ""
