"""CloudFormation resource type schemas, as shipped with cfn-lint."""

import functools
from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_network
from typing import Any

import regex
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER
from jsonschema import Draft7Validator, FormatChecker, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from preview.errors import Rejected

CUSTOM = ("Custom::", "AWS::CloudFormation::CustomResource")

# Where Ref returns one part of a compound identifier, or something else.
# Source: CloudFormation Template Reference, "Return values" of each type.
REF_OF_MANY = {
    "AWS::ApiGateway::Authorizer": "AuthorizerId",
    "AWS::ApiGateway::Deployment": "DeploymentId",
    "AWS::ApiGateway::Resource": "ResourceId",
    "AWS::ApiGateway::Stage": "StageName",
    "AWS::Cognito::UserPoolClient": "ClientId",
    "AWS::Cognito::UserPoolDomain": "Domain",
    "AWS::Cognito::UserPoolGroup": "GroupName",
    "AWS::Cognito::UserPoolIdentityProvider": "ProviderName",
    "AWS::Cognito::UserPoolUser": "Username",
    "AWS::Events::Rule": "Name",
    "AWS::Logs::MetricFilter": "FilterName",
}


@functools.cache
def schema_of(resource_type: str, region: str) -> Mapping[str, Any]:
    """The type's schema in that Region.

    Raises:
        Rejected: the Region does not have this type.
    """
    schemas = PROVIDER_SCHEMA_MANAGER.get_resource_types(region)
    if resource_type not in schemas:
        raise Rejected(f"{resource_type} is not a resource type in {region}.")
    return dict(PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, resource_type).schema)


def is_custom(resource_type: str) -> bool:
    """Whether it is a custom resource, which has no schema."""
    return resource_type.startswith(CUSTOM)


def violations(resource_type: str, properties: Mapping[str, Any], region: str) -> list[str]:
    """The schema violations in the properties, each with its path; empty if there are none."""
    if is_custom(resource_type):
        return [] if "ServiceToken" in properties else ["ServiceToken is missing"]
    schema = schema_of(resource_type, region)
    found = [
        f"{'/'.join(map(str, error.absolute_path)) or 'its properties'}:"
        f" {_shortened(error.message)}"
        for error in _validator(resource_type, region).iter_errors(properties)
    ]
    return found + [
        f"{path} is read-only" for path in paths(schema, "readOnlyProperties") if path in properties
    ]


def _shortened(message: str) -> str:
    """The message without its middle: the reason comes after the value, which may be long."""
    return message if len(message) <= 300 else f"{message[:150]} ... {message[-150:]}"


def paths(schema: Mapping[str, Any], kind: str) -> list[str]:
    """The paths in a list of the schema, such as `createOnlyProperties`, as dotted names."""
    return [path.removeprefix("/properties/").replace("/", ".") for path in schema.get(kind, ())]


def ref_property(resource_type: str, region: str) -> str | None:
    """The property whose value Ref returns; None if the physical ID is not a property."""
    identifier = paths(schema_of(resource_type, region), "primaryIdentifier")
    return REF_OF_MANY.get(resource_type) or (identifier[0] if len(identifier) == 1 else None)


@functools.cache
def _validator(resource_type: str, region: str) -> Validator:
    schema = schema_of(resource_type, region)
    body = {key: schema[key] for key in BODY if key in schema}
    return Lenient({**body, "type": "object"}, format_checker=FORMATS)


FORMATS = FormatChecker(formats=())


@FORMATS.checks("ipv4-network", raises=ValueError)
def _is_ipv4_network(value: object) -> bool:
    return bool(ip_network(str(value)))


BODY = ("properties", "definitions", "required", "additionalProperties", "allOf", "oneOf", "anyOf")


def _pattern(
    _: Validator, pattern: str, instance: Any, __: Mapping[str, Any]
) -> Iterator[ValidationError]:
    """AWS uses patterns that Python's own `re` does not accept."""
    if isinstance(instance, str) and not regex.search(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern}")


def _pattern_properties(
    validator: Any, patterns: Mapping[str, Any], instance: Any, _: Mapping[str, Any]
) -> Iterator[ValidationError]:
    for pattern, schema in patterns.items():
        for name in instance if isinstance(instance, dict) else ():
            if regex.search(pattern, name):
                yield from validator.descend(instance[name], schema, path=name)


def _additional_properties(
    validator: Any, allowed: Any, instance: Any, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    patterns = schema.get("patternProperties", {})
    for name in instance if isinstance(instance, dict) else ():
        known = name in schema.get("properties", {})
        if not known and not any(regex.search(pattern, name) for pattern in patterns):
            if isinstance(allowed, Mapping):
                yield from validator.descend(instance[name], allowed, path=name)
            elif not allowed:
                yield ValidationError(f"{name!r} was unexpected")


def _enum(
    _: Validator, known: list[Any], instance: Any, __: Mapping[str, Any]
) -> Iterator[ValidationError]:
    if str(instance) not in map(str, known):
        yield ValidationError(f"{instance!r} is not one of {known}")


def _taking(as_type: Callable[[Any], Any], keyword: str, kind: str) -> Callable[..., Any]:
    """The keyword's check of a scalar, in any form that CloudFormation accepts."""
    check = Draft7Validator.VALIDATORS[keyword]

    def checked(validator: Validator, limit: Any, instance: Any, schema: Any) -> Any:
        scalar = validator.is_type(instance, kind)
        return check(validator, limit, as_type(instance) if scalar else instance, schema)

    return checked


def _is_number(_: object, value: Any) -> bool:
    """CloudFormation accepts strings as numbers."""
    return not isinstance(value, bool) and bool(regex.fullmatch(r"-?\d+(\.\d+)?", str(value)))


def _is_integer(_: object, value: Any) -> bool:
    return not isinstance(value, bool) and bool(regex.fullmatch(r"-?\d+", str(value)))


def _is_boolean(_: object, value: Any) -> bool:
    return isinstance(value, bool) or value in ("true", "false")


def _is_text(_: object, value: Any) -> bool:
    """CloudFormation accepts numbers and booleans as strings."""
    return isinstance(value, str | int | float)


Lenient: type[Validator] = extend(  # type: ignore[no-untyped-call]  # jsonschema is untyped
    Draft7Validator,
    {
        "additionalProperties": _additional_properties,
        "enum": _enum,
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "minimum": _taking(float, "minimum", "number"),
        "maximum": _taking(float, "maximum", "number"),
        "minLength": _taking(str, "minLength", "string"),
        "maxLength": _taking(str, "maxLength", "string"),
    },
    type_checker=Draft7Validator.TYPE_CHECKER.redefine_many(
        {
            "number": _is_number,
            "integer": _is_integer,
            "boolean": _is_boolean,
            "string": _is_text,
        }
    ),
)
