"""What the function must not forget between two runs, kept in Parameter Store.

Not as tags on the channel: what CloudFormation did not write there would be drift.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.calls import Calls, Refused

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

RESTART_OWED = "restart-owed"
"""There from the moment a channel is stopped for an update until it is started again."""
RUNNING_SINCE = "running-since"
"""Epoch seconds of the channel's last start; there while it is on the air."""

_ALL = (RESTART_OWED, RUNNING_SINCE)


@dataclass(frozen=True, kw_only=True)
class Notes:
    """A folder of parameters. All methods may raise a `Failure`."""

    calls: Calls
    client: "SSMClient"
    folder: str

    def read(self) -> Mapping[str, str]:
        """All notes that there are, by name."""
        answer = self.calls(
            "ssm:GetParameters",
            self.client.get_parameters,
            Names=[self._path(name) for name in _ALL],
        )
        return {
            one["Name"].removeprefix(self._path("")): one["Value"] for one in answer["Parameters"]
        }

    def write(self, name: str, text: str) -> None:
        """Keep a note in place of the one of that name."""
        self.calls(
            "ssm:PutParameter",
            self.client.put_parameter,
            Name=self._path(name),
            Value=text,
            Type="String",
            Overwrite=True,
        )

    def remove(self, name: str) -> None:
        """Forget a note; nothing when there is none."""
        try:
            self.calls("ssm:DeleteParameter", self.client.delete_parameter, Name=self._path(name))
        except Refused as refusal:
            if refusal.code != "ParameterNotFound":
                raise

    def remove_all(self) -> None:
        """Forget everything."""
        for name in _ALL:
            self.remove(name)

    def _path(self, name: str) -> str:
        return f"{self.folder}/{name}"
