"""CloudFront Origin Shield: one more cache in front of the packager, near it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field
from troposphere import AWSHelperFn, FindInMap, NoValue, Ref, cloudfront

from protected_stream.template.section import Section
from protected_stream.template.validation_errors import shown

MAPPING = "OriginShield"
KEY = "Region"
# The Region for Origin Shield, by the Region of the stack: all those that have MediaLive.
# Source: Amazon CloudFront Developer Guide, "Choosing the AWS Region for Origin Shield". The last
# five are not in the copy of that page that we could read: theirs is the nearest by distance.
SHIELD_REGIONS: Mapping[str, str] = {
    "ap-northeast-1": "ap-northeast-1",
    "ap-northeast-2": "ap-northeast-2",
    "ap-south-1": "ap-south-1",
    "ap-southeast-1": "ap-southeast-1",
    "ap-southeast-2": "ap-southeast-2",
    "ca-central-1": "us-east-1",
    "eu-central-1": "eu-central-1",
    "eu-north-1": "eu-west-2",
    "eu-west-1": "eu-west-1",
    "eu-west-2": "eu-west-2",
    "eu-west-3": "eu-west-2",
    "sa-east-1": "sa-east-1",
    "us-east-1": "us-east-1",
    "us-east-2": "us-east-2",
    "us-west-2": "us-west-2",
    "ap-northeast-3": "ap-northeast-1",
    "ap-south-2": "ap-south-1",
    "ap-southeast-4": "ap-southeast-2",
    "ap-southeast-5": "ap-southeast-1",
    "me-central-1": "ap-south-1",
}


CHOICES = ("on", "off", *sorted(set(SHIELD_REGIONS.values())))


def _known(choice: str) -> str:
    if choice not in CHOICES:
        raise ValueError(
            f'must be "on", "off" or one of {", ".join(CHOICES[2:])}; got {shown(choice)}'
        )
    return choice


OriginShieldChoice = Annotated[
    str, AfterValidator(_known), Field(json_schema_extra={"enum": list(CHOICES)})
]


@dataclass(frozen=True, kw_only=True)
class OriginShield(Section):
    """Origin Shield, for the origins that the media come from."""

    settings: cloudfront.OriginShield | AWSHelperFn
    """NoValue if it is off."""


def origin_shield(choice: str, region: str) -> OriginShield:
    """Origin Shield in the Region that is nearest to the stack's, or in a given one.

    All requests of CloudFront's regional caches then pass through one cache: the packager sees each
    one once. MediaPackage's guide asks for it.

    Source: AWS Elemental MediaTailor User Guide, "Caching optimizations for CDN and MediaPackage".

    Args:
        choice: "on", "off" or a Region of Origin Shield.
        region: the stack's Region, which must be in `SHIELD_REGIONS`, or "any".
    """
    if choice == "off":
        return OriginShield(source="delivery", settings=NoValue)
    mappings: dict[str, dict[str, dict[str, str]]] = {}
    place: str | AWSHelperFn = choice
    if choice == "on" and region == "any":
        mappings = {MAPPING: {stack: {KEY: shield} for stack, shield in SHIELD_REGIONS.items()}}
        place = FindInMap(MAPPING, Ref("AWS::Region"), KEY)
    elif choice == "on":
        place = SHIELD_REGIONS[region]
    return OriginShield(
        source="delivery",
        mappings=mappings,
        settings=cloudfront.OriginShield(Enabled=True, OriginShieldRegion=place),
    )
