"""AWS error codes that this function's services answer, and what the operator can do about them."""

from collections.abc import Mapping
from types import MappingProxyType

_DENIED = (
    "Allow {action} to the function's role; a permissions boundary, a service control policy or"
    " the policy of the secret's KMS key may forbid it, too."
)
_TOO_MANY = (
    "Delete public keys and key groups of this account that nothing uses any more, or ask Service"
    " Quotas for more."
)
_MARKED = "The secret may be marked for deletion: restore it and try again."
_ENCRYPTED = "Let the function's role use the secret's KMS key, and see that the key is enabled."

HINTS: Mapping[str, str] = MappingProxyType(
    {
        "AccessDeniedException": _DENIED,
        "TooManyPublicKeys": _TOO_MANY,
        "TooManyKeyGroups": _TOO_MANY,
        "TooManyPublicKeysInKeyGroup": _TOO_MANY,
        "ResourceNotFoundException": "The secret of the key ring is gone: create the stack anew.",
        "InvalidRequestException": _MARKED,
        "DecryptionFailure": _ENCRYPTED,
        "EncryptionFailure": _ENCRYPTED,
    }
)
"""By AWS's error code, for `signing_key.calls`."""
