"""The MediaLive channel: what it is doing, and how it is started and stopped.

https://docs.aws.amazon.com/medialive/latest/apireference/channels-channelid.html
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.calls import CALL_SECONDS, Calls, Refused
from shared.failure import Failure

if TYPE_CHECKING:
    from mypy_boto3_medialive import MediaLiveClient

ON_AIR = frozenset({"STARTING", "RUNNING", "RECOVERING"})
"""The states in which viewers see a show, or are about to, and in which MediaLive sends a bill."""
GONE = "DELETED"
"""The state of a channel that is not there."""

_PASSING = frozenset({"CREATING", "STARTING", "STOPPING", "UPDATING", "DELETING"})
_PAUSE_SECONDS = 5


class StillBusy(Failure):
    """The channel did not come to rest while the function could wait."""

    def __init__(self, channel_id: str, state: str) -> None:
        super().__init__(
            f"channel {channel_id} is still {state}: try again when it is idle or running."
        )


class NotStopped(Failure):
    """The channel is on the air although it was stopped."""

    def __init__(self, channel_id: str, state: str) -> None:
        super().__init__(
            f"channel {channel_id} was stopped and is {state} again: somebody else has started it."
            " Stop it and try again."
        )


@dataclass(frozen=True, kw_only=True)
class Channels:
    """The channels of the account, by id. All methods may raise a `Failure`."""

    calls: Calls
    client: "MediaLiveClient"

    def state(self, channel_id: str) -> str:
        """What the channel is doing now, as MediaLive names it."""
        try:
            answer = self.calls(
                "medialive:DescribeChannel", self.client.describe_channel, ChannelId=channel_id
            )
        except Refused as refusal:
            if refusal.code != "NotFoundException":
                raise
            return GONE
        return answer["State"]

    def state_at_rest(self, channel_id: str) -> str:
        """The state in which the channel stays; waits while it passes from one to another.

        Raises:
            StillBusy: It takes longer than this function has time.
        """
        time_left = self.calls.time_left
        while (state := self.state(channel_id)) in _PASSING:
            if not time_left.allows(_PAUSE_SECONDS + CALL_SECONDS):
                raise StillBusy(channel_id, state)
            time_left.sleep(_PAUSE_SECONDS)
        return state

    def start(self, channel_id: str) -> None:
        """Begin to put the channel on the air; does not wait until it is."""
        self.calls("medialive:StartChannel", self.client.start_channel, ChannelId=channel_id)

    def begin_to_stop(self, channel_id: str) -> None:
        """Begin to take a channel that runs off the air."""
        self.calls("medialive:StopChannel", self.client.stop_channel, ChannelId=channel_id)

    def stop(self, channel_id: str) -> None:
        """Take the channel off the air, if it is on; ends when it can be changed and deleted.

        A channel that is starting is stopped when it has started, as MediaLive refuses it before.

        Raises:
            StillBusy: It takes longer than this function has time.
            NotStopped: Somebody started it again.
        """
        if self.state_at_rest(channel_id) not in ON_AIR:
            return
        self.begin_to_stop(channel_id)
        state = self.state_at_rest(channel_id)
        if state in ON_AIR:
            raise NotStopped(channel_id, state)
