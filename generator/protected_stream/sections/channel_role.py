"""IAM role of the MediaLive channel: who may assume it, and what the channel itself needs."""

from awacs import logs as may_logs
from awacs.aws import Allow, ArnLike, Statement, StringEquals
from awacs.s3 import PutObject
from awacs.sts import TagSession
from troposphere import Ref, Sub

from protected_stream.template.iam import trusted_service

MEDIALIVE = "medialive.amazonaws.com"
CHANNELS_OF_THE_ACCOUNT = (
    "arn:${AWS::Partition}:medialive:${AWS::Region}:${AWS::AccountId}:channel:*"
)
LOG_GROUP = "ElementalMediaLive"
"""MediaLive's log group for all channels of the account; it creates the group itself."""
WRITE_LOGS = (
    may_logs.CreateLogGroup,
    may_logs.CreateLogStream,
    may_logs.DescribeLogStreams,
    may_logs.PutLogEvents,
    may_logs.PutMetricFilter,
    may_logs.PutRetentionPolicy,
)


def trusted_channels() -> Statement:
    """MediaLive may assume the role, for the channels of this account and Region.

    Without the conditions, MediaLive could be made to use the role for another account. Without
    TagSession, it could not assume the role in the sessions with tags that it now opens.

    Source: IAM User Guide, "The confused deputy problem"; release notes of LEF 1.10.0 in
    aws-samples/aws-cdk-mediaservices-refarch (TagSession).
    """
    return trusted_service(
        MEDIALIVE,
        TagSession,
        conditions=[
            StringEquals({"aws:SourceAccount": Ref("AWS::AccountId")}),
            ArnLike({"aws:SourceArn": Sub(CHANNELS_OF_THE_ACCOUNT)}),
        ],
    )


def own_statements(*, logs: bool, thumbnails: bool) -> list[Statement]:
    """What the role must be allowed for the encoder's log and thumbnails, if it has them.

    Source: AWS Elemental MediaLive User Guide, "Reference: summary of trusted entity access"
    (logs); aws/aws-cdk, aws-medialive-alpha (s3:PutObject for thumbnails).
    """
    statements = []
    if logs:
        groups = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:"
        own = [Sub(f"{groups}{LOG_GROUP}"), Sub(f"{groups}{LOG_GROUP}:*")]
        # it lists groups, so no single one can be named (Amazon CloudWatch Logs User Guide,
        # "CloudWatch Logs permissions reference")
        listing, everything = [may_logs.DescribeLogGroups], [Sub(f"{groups}*")]
        statements += [
            Statement(Effect=Allow, Action=list(WRITE_LOGS), Resource=own),
            Statement(Effect=Allow, Action=listing, Resource=everything),
        ]
    if thumbnails:
        statements.append(Statement(Effect=Allow, Action=[PutObject], Resource=["*"]))
    return statements
