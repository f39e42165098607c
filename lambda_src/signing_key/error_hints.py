"""AWS error codes that this function can get, and what the operator can do about them."""

from collections.abc import Mapping
from types import MappingProxyType

_DENIED = (
    "Allow {action} for the function's role; a permissions boundary, a service control policy or"
    " the policy of the secret's KMS key may also deny it."
)
_TOO_MANY = (
    "Delete unused public keys and key groups in this account, or request a quota increase in"
    " Service Quotas."
)
_MARKED = "The secret may be marked for deletion: restore it and try again."
_ENCRYPTED = (
    "Allow the function's role to use the secret's KMS key, and check that the key is enabled."
)

HINTS: Mapping[str, str] = MappingProxyType(
    {
        "AccessDeniedException": _DENIED,
        "TooManyPublicKeys": _TOO_MANY,
        "TooManyKeyGroups": _TOO_MANY,
        "TooManyPublicKeysInKeyGroup": _TOO_MANY,
        "ResourceNotFoundException": "The key ring's secret was deleted: create the stack again.",
        "InvalidRequestException": _MARKED,
        "DecryptionFailure": _ENCRYPTED,
        "EncryptionFailure": _ENCRYPTED,
    }
)
"""By AWS error code, for `signing_key.calls`."""
