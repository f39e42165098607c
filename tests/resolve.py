"""A template's expressions as one stack would see them, for tests that compare names and paths."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

Template = Mapping[str, Any]
ACCOUNT = "123456789012"


@dataclass(frozen=True, kw_only=True)
class Stack:
    """A stack that never was: what its pseudo parameters and its resources' IDs would be."""

    template: Template
    name: str = "live"
    region: str = "us-east-1"
    uuid: str = "1a2b3c4d-0000-4000-8000-0123456789ab"
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """Values of GetAtt, by "Resource.Attribute"; all others are made up."""
    ids: Mapping[str, str] = field(default_factory=dict)
    """Values of Ref, by resource; all others are made up."""

    def value(self, expression: Any) -> Any:
        """What the expression is in this stack."""
        if isinstance(expression, list):
            return [self.value(inner) for inner in expression]
        if not isinstance(expression, dict):
            return expression
        if len(expression) == 1:
            (name, argument), *_ = expression.items()
            if name in FUNCTIONS:
                return FUNCTIONS[name](self, argument)
        return {key: self.value(inner) for key, inner in expression.items()}

    def properties(self, title: str) -> dict[str, Any]:
        """The resource's properties, with every expression resolved."""
        return dict(self.value(self.template["Resources"][title]["Properties"]))

    def _attribute(self, argument: list[str]) -> Any:
        name = ".".join(argument)
        return self.attributes.get(name, f"{name}@{self.uuid}")

    def _joined(self, argument: list[Any]) -> str:
        separator, parts = argument
        return str(separator).join(self.value(part) for part in parts)

    def _selected(self, argument: list[Any]) -> Any:
        index, items = argument
        return self.value(self.value(items)[index])

    def _split(self, argument: list[Any]) -> list[str]:
        separator, text = argument
        return str(self.value(text)).split(separator)

    def _filled(self, argument: str | list[Any]) -> str:
        text, variables = (argument, {}) if isinstance(argument, str) else argument

        def filling(match: re.Match[str]) -> str:
            name = match[1]
            if name in variables:
                return str(self.value(variables[name]))
            resource, dot, attribute = name.partition(".")
            return str(self.value({"Fn::GetAtt": [resource, attribute]} if dot else {"Ref": name}))

        return re.sub(r"\$\{([\w.:]+)\}", filling, text)

    def _ref(self, name: str) -> Any:
        pseudo = {
            "AWS::AccountId": ACCOUNT,
            "AWS::NoValue": None,
            "AWS::Partition": "aws",
            "AWS::Region": self.region,
            "AWS::StackId": f"arn:aws:cloudformation:{self.region}:{ACCOUNT}:stack/{self.name}/"
            f"{self.uuid}",
            "AWS::StackName": self.name,
            "AWS::URLSuffix": "amazonaws.com",
        }
        if name in pseudo:
            return pseudo[name]
        if name in self.template["Parameters"]:
            return f"parameter-{name}"
        return self.ids.get(name) or self._id(name)

    def _id(self, title: str) -> str:
        """What Ref answers for a resource; MediaPackage v2 answers ARNs that hold the names."""
        resource = self.template["Resources"][title]
        parts = MEDIAPACKAGE_ARN.get(resource["Type"])
        if resource["Type"] == "AWS::KMS::Key":
            return str(uuid5(NAMESPACE_URL, f"{self.region} {self.uuid} {title}"))
        if not parts:
            return f"{title}@{self.uuid}"
        path = (
            f"{kind}/{self.value(resource['Properties'][name])}" for kind, name in parts.items()
        )
        return f"arn:aws:mediapackagev2:{self.region}:{ACCOUNT}:" + "/".join(path)


GROUP = {"channelGroup": "ChannelGroupName"}
CHANNEL = {**GROUP, "channel": "ChannelName"}
ENDPOINT = {**CHANNEL, "originEndpoint": "OriginEndpointName"}
MEDIAPACKAGE_ARN = {
    "AWS::MediaPackageV2::ChannelGroup": GROUP,
    "AWS::MediaPackageV2::Channel": CHANNEL,
    "AWS::MediaPackageV2::OriginEndpoint": ENDPOINT,
}
FUNCTIONS: Mapping[str, Callable[[Stack, Any], Any]] = {
    "Ref": Stack._ref,
    "Fn::GetAtt": Stack._attribute,
    "Fn::Join": Stack._joined,
    "Fn::Select": Stack._selected,
    "Fn::Split": Stack._split,
    "Fn::Sub": Stack._filled,
}
