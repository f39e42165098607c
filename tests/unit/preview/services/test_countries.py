"""Geographic restrictions of CloudFront."""

from typing import Any

import pytest

from preview.services.edge.countries import is_admitted


def restricted(kind: str, *countries: str) -> dict[str, Any]:
    """A distribution's configuration."""
    return {"Restrictions": {"GeoRestriction": {"RestrictionType": kind, "Locations": countries}}}


@pytest.mark.parametrize(
    ("config", "served"),
    [
        ({}, {"DE", "FR", ""}),
        (restricted("none"), {"DE", "FR", ""}),
        (restricted("whitelist", "DE"), {"DE", ""}),
        (restricted("blacklist", "DE"), {"FR", ""}),
    ],
)
def test_viewers_of_unknown_countries_and_of_those_that_may_are_served(
    config: dict[str, Any], served: set[str]
) -> None:
    assert {country for country in ("DE", "FR", "") if is_admitted(config, country)} == served
