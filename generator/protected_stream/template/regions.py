"""AWS Regions to which a stream can be deployed, as the AWS SDK knows them."""

import functools
from contextlib import suppress
from difflib import get_close_matches

from protected_stream.template.validation_errors import shown

ANY = "any"
PARTITION = "aws"
# What every stream needs in its Region; the other services are in every Region that has these
SERVICES = ("medialive", "mediapackagev2", "cognito-idp")


def deployable(name: str) -> str:
    """The name, if it is "any" or a Region that has every service of a stream.

    Source of the services' Regions: the endpoints in the AWS SDK (botocore).

    Raises:
        ValueError: a stream cannot be deployed there; says why, and names the nearest.
    """
    if name == ANY:
        return name
    possible = offering(SERVICES)
    if name in possible:
        return name
    partition = _partition(name)
    if partition != PARTITION:
        raise ValueError(
            f"must be in the partition {PARTITION}, and {shown(name)} is in {partition}: viewers "
            "sign in at amazoncognito.com, which the page's Content-Security-Policy names, and "
            f"which only {PARTITION} has"
        )
    near = get_close_matches(name.lower(), sorted(possible), n=1, cutoff=0.7)
    instead = (
        f"did you mean {near[0]}?" if near else f"those that do are {', '.join(sorted(possible))}"
    )
    raise ValueError(
        f'must be "{ANY}" or a Region that has MediaLive, MediaPackage v2 and Cognito, which '
        f"{shown(name)} is not as far as the AWS SDK knows; {instead}"
    )


@functools.cache
def offering(services: tuple[str, ...]) -> frozenset[str]:
    """The Regions of the partition "aws" that have all these services, by the SDK's names."""
    # imported here, as it takes half a second and most stream files name no Region
    from botocore.session import get_session  # noqa: PLC0415

    session = get_session()
    return frozenset.intersection(
        *(frozenset(session.get_available_regions(service, PARTITION)) for service in services)
    )


def _partition(name: str) -> str:
    """The partition in which a Region of this name is, or would be."""
    from botocore.exceptions import UnknownRegionError  # noqa: PLC0415
    from botocore.session import get_session  # noqa: PLC0415

    with suppress(UnknownRegionError):
        return str(get_session().get_partition_for_region(name))
    return PARTITION
