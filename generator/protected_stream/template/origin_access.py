"""CloudFront origin access control."""

from troposphere import cloudfront

from protected_stream.template.metadata import why
from protected_stream.template.names import physical_name

NAME_LIMIT = 64


def origin_access(
    title: str, reason: str, *, role: str, origin_type: str
) -> cloudfront.OriginAccessControl:
    """An origin access control: CloudFront signs all its requests to the origin.

    Args:
        title: logical ID.
        reason: why it exists.
        role: what the origin is in this stream; the name begins with it.
        origin_type: "s3" or "mediapackagev2".

    Source: Amazon CloudFront API, CreateOriginAccessControl.
    """
    return cloudfront.OriginAccessControl(
        title,
        Metadata=why(reason),
        OriginAccessControlConfig=cloudfront.OriginAccessControlConfig(
            Name=physical_name(role, limit=NAME_LIMIT),
            OriginAccessControlOriginType=origin_type,
            SigningBehavior="always",
            SigningProtocol="sigv4",
        ),
    )
