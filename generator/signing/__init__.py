"""Who may sign the viewers' cookies: ways of keeping the key, behind one handle."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import Discriminator, Tag

from generator.functions import Functions
from generator.signing.handle import Signing
from generator.signing.lifetimes import CookieOptions
from generator.signing.managed import ManagedOptions, managed
from generator.signing.supplied import SuppliedOptions, supplied
from generator.signing.trusted_signer import TrustedSignerOptions, trusted_signer

__all__ = ["ManagedOptions", "Signing", "SigningOptions", "signing"]

DEFAULT_MODE = "managed"


def _mode(table: Any) -> Any:
    """What the table says of its mode; what is no table is told so by the default's model."""
    if isinstance(table, Mapping):
        return table.get("mode", DEFAULT_MODE)
    return getattr(table, "mode", DEFAULT_MODE)


SigningOptions = Annotated[
    Annotated[ManagedOptions, Tag("managed")]
    | Annotated[SuppliedOptions, Tag("supplied")]
    | Annotated[TrustedSignerOptions, Tag("trusted-signer")],
    Discriminator(_mode),
]

WAYS: Mapping[type[CookieOptions], Callable[[Any, Functions], Signing]] = {
    ManagedOptions: managed,
    SuppliedOptions: supplied,
    TrustedSignerOptions: trusted_signer,
}


def signing(options: CookieOptions, functions: Functions) -> Signing:
    """The signing key, kept in the way that the options ask for."""
    return WAYS[type(options)](options, functions)
