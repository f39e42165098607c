"""What AWS's services on this machine are told of the account: its stack, and its channels."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from preview.account import Account


class Knowledge:
    """Answers for `preview.services.aws.moto_overrides`."""

    def __init__(self, account: "Account") -> None:
        self._account = account

    def stack_status(self, name_or_arn: str) -> str | None:
        """The status of the account's stack."""
        stack = self._account.stack
        return self._account.stack_status if name_or_arn in (stack.name, stack.arn) else None

    def physical_id(self, logical_id: str) -> str | None:
        """The id of one of its resources."""
        resource = self._account.resources.get(logical_id)
        return resource.ref if resource else None

    def channel_state(self, channel_id: str) -> str:
        """What a channel is doing."""
        self._expect(channel_id)
        return self._account.media.state(channel_id)

    def start_channel(self, channel_id: str) -> None:
        """Begins to start it."""
        self._account.media.start(self._account, channel_id)

    def stop_channel(self, channel_id: str) -> None:
        """Begins to stop it."""
        self._account.media.stop(channel_id)

    def _expect(self, channel_id: str) -> None:
        there = {one.ref for one in self._account.of_type("AWS::MediaLive::Channel")}
        if channel_id not in there - self._account.media.gone:
            raise KeyError(channel_id)
