"""SNS topic of the alarms, and who may publish to it."""

from awacs import sns as may
from awacs.aws import Allow, ArnLike, Condition, PolicyDocument, Principal, Statement, StringEquals
from troposphere import AWSObject, Parameter, Ref, Sub, sns

from protected_stream.template.metadata import why

EMAIL = "AlarmEmail"


def email() -> Parameter:
    """Who hears of the alarms; SNS asks that person to confirm."""
    return Parameter(
        EMAIL,
        Type="String",
        AllowedPattern=r"^[^\s@]+@[^\s@]+\.[^\s@]+$",
        ConstraintDescription="must be an e-mail address",
        Description="Gets a message for each alarm, after confirming a first one from AWS.",
    )


def topic() -> sns.Topic:
    """The topic; CloudWatch cannot publish to one that is encrypted with the key alias/aws/sns.

    Source: Amazon SNS Developer Guide, "Managing Amazon SNS encryption keys and costs".
    """
    return sns.Topic("AlarmTopic", Metadata=why("tells people that something needs them"))


def topic_resources(alarms: sns.Topic) -> tuple[AWSObject, ...]:
    """The subscription, and the policy that lets two services of AWS publish, and nobody else.

    Source: Amazon CloudWatch User Guide, "Notifying users on alarm changes"; Amazon EventBridge
    User Guide, "Using resource-based policies for Amazon EventBridge", Amazon SNS permissions,
    which has no condition.
    """
    return (
        sns.TopicPolicy(
            "AlarmTopicPolicy",
            Metadata=why("only CloudWatch's alarms and EventBridge publish"),
            Topics=[alarms.ref()],
            PolicyDocument=PolicyDocument(
                Version="2012-10-17", Statement=[_by_alarms(alarms), _by_events(alarms)]
            ),
        ),
        sns.SubscriptionResource(
            "AlarmSubscription",
            Metadata=why("the person must confirm it by the link in AWS's mail"),
            TopicArn=alarms.ref(),
            Protocol="email",
            Endpoint=Ref(EMAIL),
        ),
    )


def _by_alarms(alarms: sns.Topic) -> Statement:
    return Statement(
        Sid="Alarms",
        Effect=Allow,
        Principal=Principal("Service", ["cloudwatch.amazonaws.com"]),
        Action=[may.Publish],
        Resource=[alarms.ref()],
        Condition=Condition(
            [
                StringEquals({"aws:SourceAccount": Ref("AWS::AccountId")}),
                ArnLike(
                    {
                        "aws:SourceArn": Sub(
                            "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}"
                            ":alarm:*"
                        )
                    }
                ),
            ]
        ),
    )


def _by_events(alarms: sns.Topic) -> Statement:
    return Statement(
        Sid="Events",
        Effect=Allow,
        Principal=Principal("Service", ["events.amazonaws.com"]),
        Action=[may.Publish],
        Resource=[alarms.ref()],
    )
