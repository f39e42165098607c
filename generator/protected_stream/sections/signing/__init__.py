"""CloudFront signed cookies: the modes of keeping the signing key, behind one interface."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Discriminator, Tag

from protected_stream.sections.signing.cookie_options import CookieOptions
from protected_stream.sections.signing.interface import Signing
from protected_stream.sections.signing.kms import KmsOptions, by_kms
from protected_stream.sections.signing.managed import ManagedOptions, managed
from protected_stream.sections.signing.supplied import SuppliedOptions, supplied
from protected_stream.sections.signing.trusted_signer import TrustedSignerOptions, trusted_signer
from protected_stream.template.functions import Functions
from protected_stream.template.options import chosen_by
from protected_stream.template.section import Note

__all__ = ["ManagedOptions", "Signing", "SigningOptions", "former_fits", "signing"]

SigningOptions = Annotated[
    Annotated[ManagedOptions, Tag("managed")]
    | Annotated[SuppliedOptions, Tag("supplied")]
    | Annotated[KmsOptions, Tag("kms")]
    | Annotated[TrustedSignerOptions, Tag("trusted-signer")],
    Discriminator(chosen_by("mode", "managed")),
]


def former_fits(
    options: CookieOptions, former: CookieOptions | None
) -> tuple[tuple[bool, str], ...]:
    """Conditions on the two tables, each with what is wrong with `former_signing` if it is broken.

    A cache behavior trusts either key groups or accounts.
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html
    """
    if former is None:
        return ()
    return (
        (
            type(options) is not type(former),
            "has the same mode as signing; docs/keys.md shows how to change a key within a mode",
        ),
        (
            TrustedSignerOptions not in (type(options), type(former)),
            "leave it out, as CloudFront cannot combine trusted signers with key "
            "groups; change the mode between two shows",
        ),
    )


BINDS_ADDRESSES = Note(
    "addresses",
    "a viewer whose address changes, as in a train, waits for new cookies; viewers behind one "
    "address share it; the function signs for each request",
)

PROVIDERS: Mapping[type[CookieOptions], Callable[[Any, Functions], Signing]] = {
    ManagedOptions: managed,
    SuppliedOptions: supplied,
    KmsOptions: by_kms,
    TrustedSignerOptions: trusted_signer,
}


def signing(
    options: CookieOptions, functions: Functions, *, former: CookieOptions | None = None
) -> Signing:
    """The signing key, kept as the options select.

    Args:
        options: how the key is kept.
        functions: creates the functions that it needs.
        former: how the former key was kept; cookies that it signed are still trusted.
    """
    key = PROVIDERS[type(options)](options, functions)
    if options.bind_ip:
        key = replace(key, binds_addresses=True, notes=(*key.notes, BINDS_ADDRESSES))
    return key.combined_with(PROVIDERS[type(former)](former, functions)) if former else key
