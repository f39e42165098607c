"""Origin of a stream that is on the air without the stack: what its owner has, and lets in.

A template reads from such an origin and does not make it, so here it stands for what the operator
has already: the preview's encoder feeds it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from preview.resource import Resource

HOST = "MediaOriginHost"
"""The parameter with the origin's host name."""
SECRET = "MediaOriginSecretArn"  # noqa: S105 - the name of a parameter
STATEMENT = "OriginStatement"
"""How the names of outputs begin that have a statement for the owner's policy."""
MANIFEST_OUTPUTS: Mapping[str, str] = {
    "HlsManifest": "HlsManifests",
    "DashManifest": "DashManifests",
}
"""The outputs with the addresses of manifests, and the properties of an endpoint that has them."""
WINDOW_SECONDS = 300
SEGMENT_SECONDS = 4
# https://docs.aws.amazon.com/mediapackage/latest/ug/cdn-auth-setup.html
V1_HEADER, V1_KEY = "X-MediaPackage-CDNIdentifier", "MediaPackageCDNIdentifier"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """How an origin knows requests of CloudFront."""

    host: re.Pattern[str]
    """Its host names."""
    signed_as: str = ""
    """The origin type of CloudFront's signatures; empty if a header with a secret is asked for."""
    header: str = ""
    """The header's name, if the service has given it."""
    key: str = ""
    """The key of the header's value in the secret, if that is JSON."""


V2 = Kind(host=re.compile(r".+\.mediapackagev2\..+"), signed_as="mediapackagev2")
S3 = Kind(host=re.compile(r".+\.s3\..+"), signed_as="s3")
V1 = Kind(host=re.compile(r".+\.mediapackage\..+"), header=V1_HEADER, key=V1_KEY)
OTHER = Kind(host=re.compile(".+"))
KINDS = (V2, S3, V1, OTHER)
"""The first that matches the host name."""


@dataclass(kw_only=True)
class ExistingOrigin:
    """One host with one stream."""

    host: str
    identifier: str
    """What the header must have, if one is asked for."""
    header: str = ""
    """The name of that header, which the owner and the operator have agreed upon."""
    statements: list[Mapping[str, Any]] = field(default_factory=list)
    """Those in the policies of the bucket or the endpoints."""
    paths: Sequence[str] = ()
    """Of the manifests."""
    endpoint: Resource = field(init=False)
    """The manifests, as the preview's encoder reads them."""

    def __post_init__(self) -> None:
        self.endpoint = _endpoint(self.host, {})

    @property
    def kind(self) -> Kind:
        """How it knows CloudFront."""
        return next(one for one in KINDS if one.host.fullmatch(self.host))

    @property
    def secret(self) -> str:
        """The text of the owner's secret in Secrets Manager."""
        return json.dumps({self.kind.key: self.identifier}) if self.kind.key else self.identifier

    def has(self, manifests: Mapping[str, str]) -> None:
        """The paths of the manifests, by the name of the output that has their address."""
        self.paths = tuple(manifests.values())
        self.endpoint = _endpoint(self.host, manifests)

    def name(self, path: str) -> str | None:
        """The file's name, if the path is in a folder with a manifest."""
        folder, _, name = path.rpartition("/")
        return name if folder in {one.rpartition("/")[0] for one in self.paths} else None


def _endpoint(host: str, manifests: Mapping[str, str]) -> Resource:
    properties: dict[str, Any] = {"Segment": {"SegmentDurationSeconds": SEGMENT_SECONDS}}
    for output, path in manifests.items():
        properties[MANIFEST_OUTPUTS[output]] = [
            {
                "ManifestName": path.rpartition("/")[2].rpartition(".")[0],
                "ManifestWindowSeconds": WINDOW_SECONDS,
                "ProgramDateTimeIntervalSeconds": SEGMENT_SECONDS,
                "MinUpdatePeriodSeconds": SEGMENT_SECONDS,
                "MinBufferTimeSeconds": 2 * SEGMENT_SECONDS,
                "SuggestedPresentationDelaySeconds": 3 * SEGMENT_SECONDS,
            }
        ]
    return Resource(
        logical_id="ExistingOrigin",
        type="AWS::MediaPackageV2::OriginEndpoint",
        properties=properties,
        ref=host,
    )
