"""Values for what a template asks a person with an AWS account, for one who has none."""

from collections.abc import Mapping
from typing import Any

from preview.cli.root_key_pair import KEY_PAIR_ID, PRIVATE_KEY, asks_for_it, new_private_key
from preview.errors import PreviewError

SAMPLE_VALUES: Mapping[str, str] = {
    "ArtifactBucket": "preview-artifacts",
    "InputCidr": "203.0.113.0/24",  # for examples: RFC 5737
    KEY_PAIR_ID: "APKAPREVIEW0000000001",
    "PermissionsBoundaryArn": "arn:aws:iam::aws:policy/PowerUserAccess",
    "StreamKey": "preview-stream-key-0123",
    # has a default, but nobody could sign in
    "ViewerEmail": "viewer@example.com",
}
# What only the person can know, whose public half is in the template.
ASKED_FOR: Mapping[str, str] = {
    PRIVATE_KEY: (
        f"{PRIVATE_KEY} cannot be made up: give the private half of one of signing.public_keys, as"
        f" {PRIVATE_KEY}=@path/to/key.pem or {PRIVATE_KEY}=Value."
    ),
}


def with_sample_values(
    declared: Mapping[str, Mapping[str, Any]], given: Mapping[str, str]
) -> dict[str, str]:
    """What was given for a template's parameters, and values for what was not.

    Raises:
        PreviewError: a parameter has no default, and there is no value for it.
    """
    values = {**{name: SAMPLE_VALUES[name] for name in declared if name in SAMPLE_VALUES}, **given}
    if asks_for_it(declared) and PRIVATE_KEY not in values:
        values[PRIVATE_KEY] = new_private_key()
    for name, declaration in declared.items():
        if name not in values and "Default" not in declaration:
            raise PreviewError(
                ASKED_FOR.get(name)
                or f"{name} has no default, and the preview has no value for it:"
                f" give it as {name}=Value."
            )
    return values
