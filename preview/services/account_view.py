"""AWS account view for moto's services: the stack and its MediaLive channels."""

from collections.abc import Callable
from dataclasses import dataclass

from preview.resources import Resources
from preview.services.media import Media
from preview.stack_id import StackId


@dataclass(frozen=True, kw_only=True)
class AccountView:
    """The `View` for `preview.services.aws.moto_overrides`."""

    stack: StackId
    status: Callable[[], str]
    """Returns CloudFormation's status of the stack."""
    resources: Resources
    media: Media

    def stack_status(self, name_or_arn: str) -> str | None:
        """The status of the account's stack."""
        return self.status() if name_or_arn in (self.stack.name, self.stack.arn) else None

    def physical_id(self, logical_id: str) -> str | None:
        """The physical ID of one of the stack's resources."""
        resource = self.resources.by_logical_id.get(logical_id)
        return resource.ref if resource else None

    def channel_state(self, channel_id: str) -> str:
        """The state of a channel."""
        self._expect(channel_id)
        return self.media.state(channel_id)

    def input_ids(self, channel_id: str) -> list[str]:
        """The IDs of the inputs that a channel reads."""
        channel = self.resources.one("AWS::MediaLive::Channel", channel_id)
        return [one["InputId"] for one in channel.properties["InputAttachments"]]

    def push_urls(self, input_id: str) -> list[str]:
        """The URLs of an input."""
        for input_ in self.resources.of_type("AWS::MediaLive::Input"):
            if input_.ref == input_id:
                return list(input_.attributes.get("DestinationUrls", []))
        raise KeyError(input_id)

    def start_channel(self, channel_id: str) -> None:
        """Starts a channel."""
        self.media.start(channel_id)

    def stop_channel(self, channel_id: str) -> None:
        """Stops a channel."""
        self.media.stop(channel_id)

    def _expect(self, channel_id: str) -> None:
        there = {one.ref for one in self.resources.of_type("AWS::MediaLive::Channel")}
        if channel_id not in there - self.media.gone:
            raise KeyError(channel_id)
