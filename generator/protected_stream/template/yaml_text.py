"""CloudFormation template as YAML for readers, with short-form intrinsic functions.

cfn-flip writes the same in a tenth of a second: too slow for something that runs on every save.
"""

from typing import Any

from yaml import CSafeDumper, Node, dump

LINE = 100  # characters, beyond which YAML folds a string


class _Dumper(CSafeDumper):
    """Writes plain data, without aliases for equal data."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML passes it
        """Every value is written in full."""
        return True


def yaml_text(document: dict[str, Any]) -> str:
    """The document as YAML, in its own order."""
    return dump(document, Dumper=_Dumper, sort_keys=False, width=LINE, allow_unicode=True)


def _represented(dumper: _Dumper, value: dict[str, Any]) -> Node:
    """An intrinsic function with its tag, any other mapping unchanged.

    Source: AWS CloudFormation Template Reference, "Intrinsic function reference", short form.
    """
    if not _is_intrinsic(value):
        return dumper.represent_dict(value.items())
    ((name, argument),) = value.items()
    if _is_intrinsic(argument):  # in YAML a value cannot have two tags
        return dumper.represent_dict(value.items())
    tag = "!" + name.removeprefix("Fn::")
    if isinstance(argument, dict):
        return dumper.represent_mapping(tag, argument)
    if name == "Fn::GetAtt":
        return dumper.represent_scalar(tag, ".".join(argument))
    if isinstance(argument, list):
        return dumper.represent_sequence(tag, argument)
    return dumper.represent_scalar(tag, argument)


def _is_intrinsic(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and len(value) == 1
        and all(name == "Ref" or name.startswith("Fn::") for name in value)
    )


_Dumper.add_representer(dict, _represented)
