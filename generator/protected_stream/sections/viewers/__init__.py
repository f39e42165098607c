"""Who may enter: the viewers' user pool, of the stack or an existing one, behind one interface."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Discriminator, Tag
from troposphere import AWSHelperFn

from protected_stream.page.brand import Brand
from protected_stream.sections.delivery import Delivery
from protected_stream.sections.viewers import existing_pool as existing
from protected_stream.sections.viewers import own_pool as own
from protected_stream.sections.viewers.existing_pool import ExistingPoolOptions
from protected_stream.sections.viewers.interface import PoolOptions, Viewers
from protected_stream.sections.viewers.own_pool import OwnPoolOptions
from protected_stream.template.options import chosen_by

__all__ = ["OwnPoolOptions", "ViewerOptions", "Viewers", "sign_in_hosts", "viewers"]

ViewerOptions = Annotated[
    Annotated[OwnPoolOptions, Tag("own")] | Annotated[ExistingPoolOptions, Tag("existing")],
    Discriminator(chosen_by("pool", "own")),
]


@dataclass(frozen=True, kw_only=True)
class _Pool:
    viewers: Callable[[Any, Delivery, Brand], Viewers]
    sign_in_hosts: Callable[[Any], tuple[AWSHelperFn, ...]]


POOLS: Mapping[type[PoolOptions], _Pool] = {
    OwnPoolOptions: _Pool(viewers=own.own_pool, sign_in_hosts=own.sign_in_hosts),
    ExistingPoolOptions: _Pool(
        viewers=existing.existing_pool, sign_in_hosts=existing.sign_in_hosts
    ),
}


def viewers(options: PoolOptions, delivery: Delivery, brand: Brand) -> Viewers:
    """The user pool as the options select it, and the page's app client."""
    return POOLS[type(options)].viewers(options, delivery, brand)


def sign_in_hosts(options: PoolOptions) -> tuple[AWSHelperFn, ...]:
    """The hosts that the page connects to during sign-in.

    They are strings or parameters, as references would be circular: the app client refers to the
    distribution, whose headers name these hosts.
    """
    return POOLS[type(options)].sign_in_hosts(options)
