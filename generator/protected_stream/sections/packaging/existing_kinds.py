"""Kinds of origins that exist already: their hosts, and how they know CloudFront's requests."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from troposphere import AWSHelperFn, Ref, Select, Split, Sub

from protected_stream.sections.packaging.formats.ll_hls import DELIVERY_DIRECTIVES
from protected_stream.sections.packaging.v2 import MANIFEST_QUERIES
from protected_stream.template.section import Note
from protected_stream.template.validation_errors import shown

HOST = "MediaOriginHost"
SECRET = "MediaOriginSecretArn"  # noqa: S105 - the name of a parameter
STATEMENT = "OriginStatement"
REGION = r"[a-z]{2}(-[a-z]+)+-[0-9]"
AMAZON = r"amazonaws\.com(\.cn)?"
NAME = r"[A-Za-z0-9._~-]+"
"""Of a folder or file."""


@dataclass(frozen=True, kw_only=True)
class Paths:
    """Where the media are on the origin."""

    media: str
    """The path pattern of all of them."""
    manifests: Mapping[str, str]
    """Paths below it, by their keys in the stream file."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of origin: how CloudFront reads from it, and what its owner must do."""

    host: str
    """A regular expression for the whole host name."""
    example: str
    queries: tuple[str, ...] = ()
    """The query strings that change a manifest."""
    access: str = ""
    """The origin type of CloudFront's origin access control; empty if a header is sent instead."""
    header: str = ""
    """The name of the header; empty if the options name it."""
    secret_key: str = ""
    """The key of the header's value in the secret, if the secret is JSON."""
    actions: tuple[str, ...] = ()
    """What the owner's policy must allow."""
    label: str
    """What has the policy, or checks the header."""
    notes: tuple[Note, ...] = ()

    def mistakes(self, paths: Paths) -> Iterator[tuple[str, str]]:
        """What is wrong with the paths for this kind: the key, and a sentence."""
        del paths
        yield from ()

    def resources(self, paths: Paths) -> Iterator[list[AWSHelperFn]]:
        """The resources of each policy that needs a statement of its own."""
        del paths
        yield from ()


@dataclass(frozen=True, kw_only=True)
class MediaPackageV2Kind(Kind):
    """An endpoint has a policy of its own, whose Resource is the endpoint's ARN, without wildcard.

    Source: Amazon CloudFront Developer Guide, "Restrict access to an AWS Elemental MediaPackage v2
    origin"; Service Authorization Reference, "Resource types defined by AWS Elemental MediaPackage
    V2".
    """

    def mistakes(self, paths: Paths) -> Iterator[tuple[str, str]]:
        """Source: AWS Elemental MediaPackage v2 User Guide, endpoint URLs."""
        if not re.fullmatch(rf"/out/v1/{NAME}/\*", paths.media):
            yield (
                "media_path",
                f'must be "/out/v1/GROUP/*" with the channel group, not {shown(paths.media)}',
            )
        for key, path in paths.manifests.items():
            if path.count("/") != 2:  # of three parts
                yield key, f'must be "CHANNEL/ENDPOINT/MANIFEST", not {shown(path)}'

    def resources(self, paths: Paths) -> Iterator[list[AWSHelperFn]]:
        """One endpoint for each manifest, unless they share one."""
        group = paths.media.split("/")[3]
        endpoints = {tuple(path.split("/")[:2]): None for path in paths.manifests.values()}
        for channel, endpoint in endpoints:
            yield [
                Sub(
                    "arn:${AWS::Partition}:mediapackagev2:${Region}:${AWS::AccountId}:channelGroup/"
                    f"{group}/channel/{channel}/originEndpoint/{endpoint}",
                    Region=Select(4, Split(".", Ref(HOST))),
                )
            ]


@dataclass(frozen=True, kw_only=True)
class BucketKind(Kind):
    """With s3:ListBucket, S3 answers 404 for a missing file, which the page takes as off the air.

    Source: Amazon CloudFront Developer Guide, "Restrict access to an Amazon S3 origin".
    """

    def resources(self, paths: Paths) -> Iterator[list[AWSHelperFn]]:
        """The bucket, and the objects in the folder."""
        bucket = Select(0, Split(".s3.", Ref(HOST)))
        arn = "arn:${AWS::Partition}:s3:::${Bucket}"
        yield [Sub(arn, Bucket=bucket), Sub(f"{arn}{paths.media}", Bucket=bucket)]


ADD_STATEMENT = Note(
    "then",
    "add the statement in the output OriginStatement to the policy of the origin, which until then "
    "refuses CloudFront; the stack never writes that policy",
)
# Source: AWS CloudFormation User Guide, "Get a secret or secret value from Secrets Manager"
READABLE = Note(
    "warning",
    "anyone who may call cloudfront:GetDistributionConfig can read the secret header; it is not "
    "renewed when the secret rotates, but with the next change of the distribution",
)

KINDS: Mapping[str, Kind] = {
    "mediapackage-v2": MediaPackageV2Kind(
        host=rf"[a-z0-9]+\.egress\.[a-z0-9]+\.mediapackagev2\.{REGION}\.{AMAZON}",
        example="a1b2c3.egress.d4e5f6.mediapackagev2.us-east-1.amazonaws.com",
        queries=(*MANIFEST_QUERIES, *DELIVERY_DIRECTIVES),
        access="mediapackagev2",
        actions=("mediapackagev2:GetObject", "mediapackagev2:GetHeadObject"),
        label="endpoint",
        notes=(
            # Source: AWS Elemental MediaPackage v2 User Guide, "Creating an origin endpoint"
            Note(
                "first",
                "turn on UrlEncodeChildManifest for the endpoint's HLS manifests, without which "
                "CloudFront cannot sign requests for their playlists",
            ),
            ADD_STATEMENT,
        ),
    ),
    # Source: AWS Elemental MediaPackage User Guide (v1), "Setting up CDN authorization" and
    # "Time-shifted viewing"
    "mediapackage-v1": Kind(
        host=rf"[a-z0-9]+\.mediapackage\.{REGION}\.{AMAZON}",
        example="0123456789abcdef.mediapackage.us-east-1.amazonaws.com",
        queries=("aws.manifestfilter", "end", "start", "time_delay"),
        header="X-MediaPackage-CDNIdentifier",
        secret_key="MediaPackageCDNIdentifier",  # noqa: S106 - the name of a key
        label="endpoint",
        notes=(
            Note(
                "first",
                "turn on CDN authorization of the MediaPackage endpoint; without it anyone can "
                "watch at its own address, and MediaPackage answers requests with the header 404",
            ),
            READABLE,
        ),
    ),
    "s3": BucketKind(
        host=rf"[a-z0-9][a-z0-9.-]{{1,61}}[a-z0-9]\.s3\.{REGION}\.{AMAZON}",
        example="my-live-media.s3.us-east-1.amazonaws.com",
        access="s3",
        actions=("s3:GetObject", "s3:ListBucket"),
        label="bucket",
        notes=(ADD_STATEMENT,),
    ),
    "https": Kind(
        host=r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]",
        example="origin.example.com",
        queries=DELIVERY_DIRECTIVES,
        label="host",
        notes=(
            Note(
                "first",
                "let the origin refuse requests without the secret header; otherwise anyone can "
                "watch at its own address",
            ),
            READABLE,
        ),
    ),
}
