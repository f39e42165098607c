"""SNS: who may publish to a topic, and what has been published.

https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from preview.resource import Resource
from preview.resources import Resources
from preview.services.aws.key_use import KEY, may_use
from preview.services.aws.policies import Access, granted_by
from preview.services.clock import Clock

TOPIC = "AWS::SNS::Topic"
PUBLISH = "sns:Publish"
FOR_PUBLISHING = ("kms:Decrypt", "kms:GenerateDataKey")


@dataclass(frozen=True, kw_only=True)
class Message:
    """What a topic's subscribers get, once they have confirmed."""

    topic: str
    """ARN."""
    at: float
    """Epoch seconds."""
    text: str


@dataclass(kw_only=True)
class Notifications:
    """Topics, and their messages."""

    clock: Clock
    resources: Resources
    sent: list[Message] = field(default_factory=list)
    """Every message, in order."""
    confirmed: set[str] = field(default_factory=set)
    """The ARNs of the subscriptions whose owners have followed the link in AWS's first mail."""

    def is_topic(self, arn: str) -> bool:
        """Whether it is the ARN of a topic."""
        return any(one.ref == arn for one in self.resources.of_type(TOPIC))

    def publish(self, arn: str, text: str, *, service: str, context: Mapping[str, str]) -> str:
        """Publishes as an AWS service; returns why that is not possible, or "".

        Args:
            arn: the topic's.
            text: the message.
            service: the service's principal, such as `cloudwatch.amazonaws.com`.
            context: the condition keys of its request.
        """
        topic = next((one for one in self.resources.of_type(TOPIC) if one.ref == arn), None)
        if topic is None:
            return f"{arn} is not a topic in this account"
        access = Access(action=PUBLISH, resource=arn, service=service, context=context)
        policies = [
            one.properties["PolicyDocument"]
            for one in self.resources.of_type("AWS::SNS::TopicPolicy")
            if arn in one.properties["Topics"]
        ]
        if not any(granted_by(policy, access) for policy in policies):
            return f"{service} may not {PUBLISH} on {topic.logical_id}"
        if not self._may_encrypt(topic, service):
            return f"{service} may not use the key of {topic.logical_id}"
        self.sent.append(Message(topic=arn, at=self.clock.now(), text=text))
        return ""

    def _may_encrypt(self, topic: Resource, service: str) -> bool:
        """Nobody can change the policy of AWS's own key, alias/aws/sns, which lets no service in.

        A request of EventBridge has no condition keys.
        """
        name = topic.properties.get("KmsMasterKeyId")
        if name is None:
            return True
        key = next((one for one in self.resources.of_type(KEY) if _names(one, name)), None)
        return key is not None and all(
            may_use(key, Access(action=action, resource="", service=service))
            for action in FOR_PUBLISHING
        )


def _names(key: Resource, name: str) -> bool:
    return name in (key.ref, key.attributes["Arn"])
