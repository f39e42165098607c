"""Connections in an emitted template: origins, triggers and policies, from one resource to another.

What is outside of the template, such as the viewer, another AWS service or what a parameter
names, is in the connections under a name of its own, which begins with "@".
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from protected_stream.reading.references import references

Kind = Literal["media", "origin", "trigger", "policy"]
KINDS: tuple[Kind, ...] = ("media", "origin", "trigger", "policy")
CAMERA, VIEWER, ACCOUNT = "@camera", "@viewer", "@account"
CUSTOM = ("Custom::", "AWS::CloudFormation::CustomResource")
Document = Mapping[str, Any]


class Connection(NamedTuple):
    """One resource, or something outside of the template, acts on another."""

    kind: Kind
    source: str
    target: str
    what: str
    """In a few words: the operations of a policy, or what happens."""


def connections(document: Document) -> tuple[Connection, ...]:
    """Every connection, each once, in the order of the template."""
    found = (*_media(document), *_origins(document), *_triggers(document), *_policies(document))
    return tuple(dict.fromkeys(found))


def _of_type(document: Document, kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, resource in document["Resources"].items():
        if resource["Type"] == kind:
            yield name, resource.get("Properties", {})


def _resources_in(document: Document, value: Any) -> Iterator[str]:
    """The template's resources that a value refers to."""
    for reference in references({"": value} if isinstance(value, dict) else [value]):
        if reference.name in document["Resources"]:
            yield reference.name


def _resource(document: Document, value: Any, otherwise: str) -> str:
    return next(_resources_in(document, value), otherwise)


def _media(document: Document) -> Iterator[Connection]:
    """Where the video goes, from the camera to the viewer."""
    for name, _ in _of_type(document, "AWS::MediaLive::Input"):
        yield Connection("media", CAMERA, name, "video")
    for name, channel in _of_type(document, "AWS::MediaLive::Channel"):
        for source in _resources_in(document, channel.get("InputAttachments")):
            yield Connection("media", source, name, "video")
        for target in _resources_in(document, channel.get("Destinations")):
            yield Connection("media", name, target, "renditions")
    for name, endpoint in _of_type(document, "AWS::MediaPackageV2::OriginEndpoint"):
        source = _resource(document, endpoint.get("ChannelName"), ACCOUNT)
        yield Connection("media", source, name, "segments")
    yield from _to_viewers(document)


def _to_viewers(document: Document) -> Iterator[Connection]:
    for name, _ in _of_type(document, "AWS::CloudFront::Distribution"):
        yield Connection("media", name, VIEWER, "page, cookies, stream")
    for name, _ in _of_type(document, "AWS::Cognito::UserPool"):
        yield Connection("media", VIEWER, name, "signs in")


def _origins(document: Document) -> Iterator[Connection]:
    for name, distribution in _of_type(document, "AWS::CloudFront::Distribution"):
        for origin in distribution["DistributionConfig"].get("Origins", ()):
            outside = f"@origin {origin['Id']}"
            source = _resource(document, origin["DomainName"], outside)
            yield Connection("origin", source, name, f"origin {origin['Id']}")


def _triggers(document: Document) -> Iterator[Connection]:
    """What starts a function, or asks another service."""
    for name, resource in document["Resources"].items():
        properties = resource.get("Properties", {})
        if resource["Type"].startswith(CUSTOM):
            yield from _starts(document, name, properties["ServiceToken"], "custom resource")
        elif resource["Type"] in TRIGGERS:
            key, what = TRIGGERS[resource["Type"]]
            yield from _starts(document, name, _called(properties.get(key)), what)
    yield from _edge_functions(document)
    for _, delivery in _of_type(document, "AWS::Logs::Delivery"):
        source = _through(document, delivery.get("DeliverySourceName"), "ResourceArn")
        target = _through(document, delivery.get("DeliveryDestinationArn"), None)
        yield Connection("trigger", source, target, "access logs")


TRIGGERS = {
    "AWS::ApiGateway::Authorizer": ("ProviderARNs", "accepts tokens of"),
    "AWS::Cognito::UserPool": ("LambdaConfig", "trigger"),
    "AWS::Events::Rule": ("Targets", "events and schedule"),
    "AWS::Lambda::EventSourceMapping": ("FunctionName", "events"),
    "AWS::SNS::Subscription": ("Endpoint", "messages"),
    "AWS::Scheduler::Schedule": ("Target", "schedule"),
    "AWS::SecretsManager::RotationSchedule": ("RotationLambdaARN", "rotation"),
}
"""The property that names what a resource of the type starts, and what that is."""


def _called(value: Any) -> Any:
    """What is started, without the role and the queue that a schedule's target names, too."""
    if isinstance(value, Mapping) and "RoleArn" in value:
        return [value["Arn"], value.get("Input")]
    return value


def _starts(document: Document, name: str, value: Any, what: str) -> Iterator[Connection]:
    for target in _resources_in(document, value):
        yield Connection("trigger", name, target, what)


def _through(document: Document, value: Any, key: str | None) -> str:
    """What a resource that a value refers to is about."""
    name = _resource(document, value, ACCOUNT)
    properties = document["Resources"].get(name, {}).get("Properties", {})
    return _resource(document, properties.get(key) if key else properties, name)


def _edge_functions(document: Document) -> Iterator[Connection]:
    """CloudFront Functions by behavior, and the methods of the API."""
    for name, distribution in _of_type(document, "AWS::CloudFront::Distribution"):
        config = distribution["DistributionConfig"]
        for number, behavior in enumerate(_behaviors(config)):
            for one in behavior.get("FunctionAssociations", ()):
                source = _resource(document, one["FunctionARN"], ACCOUNT)
                what = f"{one['EventType']}, behavior {number}"
                yield Connection("trigger", source, name, what)
    for name, method in _of_type(document, "AWS::ApiGateway::Method"):
        uri = method.get("Integration", {}).get("Uri")
        for target in _resources_in(document, uri):
            yield Connection("trigger", name, target, "invokes")
        for target in _resources_in(document, method.get("AuthorizerId")):
            yield Connection("trigger", name, target, "authorizes")


def _behaviors(config: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """In the order of CloudFront: the default behavior is the last."""
    return (*config.get("CacheBehaviors", ()), config["DefaultCacheBehavior"])


def _policies(document: Document) -> Iterator[Connection]:
    """Who may act on what: policies of roles and of resources, and whose signatures count."""
    for name, role in _of_type(document, "AWS::IAM::Role"):
        for policy in role.get("Policies", ()):
            for statement in _allowing(policy["PolicyDocument"]):
                yield from _of_role(document, name, statement)
    for name, resource in document["Resources"].items():
        yield from _of_resource(document, name, resource)
    yield from _of_distributions(document)


def _of_distributions(document: Document) -> Iterator[Connection]:
    for name, distribution in _of_type(document, "AWS::CloudFront::Distribution"):
        config = distribution["DistributionConfig"]
        if "WebACLId" in config:
            source = _resource(document, config["WebACLId"], "@web ACL")
            yield Connection("policy", source, name, "filters requests")
        for behavior in _behaviors(config):
            for signer in (*behavior.get("TrustedKeyGroups", ()), *_signers(behavior)):
                source = _resource(document, signer, "@trusted signer")
                yield Connection("policy", source, name, "verifies cookies")


def _signers(behavior: Mapping[str, Any]) -> list[Any]:
    found: list[Any] = behavior.get("TrustedSigners", [])
    return found


def _allowing(policy: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for statement in policy["Statement"]:
        if statement["Effect"] == "Allow":
            yield statement


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def operations(statement: Mapping[str, Any]) -> str:
    """The names of the operations that a statement allows, without their service."""
    return ", ".join(str(one).partition(":")[2] for one in _listed(statement.get("Action")))


def _of_role(document: Document, name: str, statement: Mapping[str, Any]) -> Iterator[Connection]:
    for resource in _listed(statement.get("Resource")):
        target = _resource(document, resource, _outside(resource, statement))
        yield Connection("policy", name, target, operations(statement))


def _outside(resource: Any, statement: Mapping[str, Any]) -> str:
    """The name of what a statement allows outside of the template: the service of its actions."""
    service = str(_listed(statement.get("Action"))[0]).partition(":")[0]
    if isinstance(resource, dict) and resource.get("Ref") == "AWS::StackId":
        return "@cloudformation"
    return f"@{service}"


def _of_resource(
    document: Document, name: str, resource: Mapping[str, Any]
) -> Iterator[Connection]:
    properties = resource.get("Properties", {})
    kind = resource["Type"]
    if kind == "AWS::Lambda::Permission":
        source = _principal(document, properties.get("SourceArn"), properties["Principal"])
        target = _resource(document, properties["FunctionName"], ACCOUNT)
        yield Connection("policy", source, target, "InvokeFunction")
    elif kind == "AWS::WAFv2::WebACLAssociation":
        source = _resource(document, properties["WebACLArn"], "@web ACL")
        target = _resource(document, properties["ResourceArn"], ACCOUNT)
        yield Connection("policy", source, target, "filters requests")
    for key in POLICIES:
        if isinstance(properties.get(key), dict) and "Statement" in properties[key]:
            for statement in _allowing(properties[key]):
                for source in _principals(document, statement):
                    target = _protected(document, name, resource, statement)
                    yield Connection("policy", source, target, operations(statement))


POLICIES = ("PolicyDocument", "Policy", "KeyPolicy", "ResourcePolicy", "ResourcePolicyDocument")


def _protected(
    document: Document, name: str, resource: Mapping[str, Any], statement: Mapping[str, Any]
) -> str:
    """What a policy of a resource is about: the resource itself, or that of a separate policy."""
    if not resource["Type"].endswith("Policy"):
        return name
    properties = resource["Properties"]
    named = properties.get("Bucket") or properties.get("SecretId") or statement.get("Resource")
    return _resource(document, named, name)


def _principals(document: Document, statement: Mapping[str, Any]) -> Iterator[str]:
    principal = statement.get("Principal", "*")
    if not isinstance(principal, dict):
        yield ACCOUNT
        return
    for service in _listed(principal.get("Service")):
        yield _principal(document, statement.get("Condition"), service)
    for one in _listed(principal.get("AWS")):
        yield _resource(document, one, ACCOUNT)


def _principal(document: Document, condition: Any, service: Any) -> str:
    """The resource in whose name a service acts, if the condition names one."""
    return _resource(document, condition, f"@{str(service).partition('.')[0]}")
