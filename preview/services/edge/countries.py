"""CloudFront geographic restrictions: which countries' viewers are served."""

from collections.abc import Mapping
from typing import Any


def is_admitted(config: Mapping[str, Any], country: str) -> bool:
    """Whether the distribution serves viewers in a country; "" is one that is not known.

    "If CloudFront can't determine a user's location, CloudFront serves the content":
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/georestrictions.html .
    """
    restriction = config.get("Restrictions", {}).get("GeoRestriction", {})
    is_listed = country in restriction.get("Locations", ())
    match restriction.get("RestrictionType", "none"):
        case "whitelist":
            return is_listed or not country
        case "blacklist":
            return not is_listed
        case _:
            return True
