"""CloudFront key group trusted by the cache behaviors that serve the media."""

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.errors import Failure
from signing_key.calls import Calls, Refused
from signing_key.cloudfront_resources import every_item, from_marker, remove, seen_again

if TYPE_CHECKING:
    from mypy_boto3_cloudfront import CloudFrontClient
    from mypy_boto3_cloudfront.type_defs import KeyGroupTypeDef


class HiddenKeyGroup(Failure):
    """CloudFront reports that the name exists, but does not list a key group with that name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"CloudFront has a key group {name}, but does not list it. Try again in a few minutes."
        )


class MissingKeyGroup(Failure):
    """The stack's key group was deleted outside the stack."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"CloudFront no longer has a key group {name}: change signing.algorithm in the stream"
            " file and update the stack to create the group again."
        )


@dataclass(frozen=True, kw_only=True)
class _Group:
    id: str
    key_ids: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class KeyGroups:
    """This stack's only key group. All methods may raise the failures of `calls`.

    Names are unique in the account:
    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateKeyGroup.html
    """

    calls: Calls
    client: "CloudFrontClient"
    name: str

    def ensured(self, key_ids: Sequence[str], *, known_id: str | None) -> str:
        """The ID of our group (by name or `known_id`), created if absent, with all `key_ids`.

        Raises:
            HiddenKeyGroup: It exists but cannot be found.
        """
        look = functools.partial(self._found, known_id)
        group = look() or self._made(key_ids) or seen_again(look, self.calls.deadline)
        if group is None:
            raise HiddenKeyGroup(self.name)
        if not set(key_ids) <= set(group.key_ids):
            self._change(
                group.id, lambda present: [*present, *(k for k in key_ids if k not in present)]
            )
        return group.id

    def set(self, key_ids: Sequence[str], *, known_id: str | None) -> None:
        """Set the keys of our group (by name or `known_id`) to exactly these.

        Raises:
            MissingKeyGroup: It does not exist.
        """
        self._change(self._existing(known_id).id, lambda _: key_ids)

    def key_ids(self, known_id: str | None) -> Sequence[str]:
        """The IDs of the keys that the group trusts.

        Raises:
            MissingKeyGroup: It does not exist.
        """
        return self._existing(known_id).key_ids

    def remove_all(self, known_id: str | None) -> None:
        """Delete the group with our name and the group with `known_id`.

        Raises:
            StillInUse: A distribution still refers to it when time runs out.
        """
        for group in list(self._ours(known_id)):
            remove(
                functools.partial(self._remove_once, group.id),
                what=f"The key group {self.name} ({group.id})",
                user="a distribution",
                deadline=self.calls.deadline,
            )

    def _existing(self, known_id: str | None) -> _Group:
        group = self._found(known_id)
        if group is None:
            raise MissingKeyGroup(self.name)
        return group

    def _found(self, known_id: str | None) -> _Group | None:
        return next(self._ours(known_id), None)

    def _made(self, key_ids: Sequence[str]) -> _Group | None:
        """The new group; None if a group with that name already exists."""
        try:
            made = self.calls(
                "cloudfront:CreateKeyGroup",
                self.client.create_key_group,
                KeyGroupConfig={"Name": self.name, "Items": list(key_ids)},
            )
        except Refused as refusal:
            if refusal.code == "KeyGroupAlreadyExists":
                return None
            raise
        return _group(made["KeyGroup"])

    def _change(self, group_id: str, changed: Callable[[Sequence[str]], Sequence[str]]) -> None:
        """Replace the group's key IDs with the result of `changed`."""
        try:
            self._change_once(group_id, changed)
        except Refused as refusal:
            # another update came first, or a response was lost and the SDK sent the update again
            if refusal.code != "PreconditionFailed":
                raise
            self._change_once(group_id, changed)

    def _change_once(
        self, group_id: str, changed: Callable[[Sequence[str]], Sequence[str]]
    ) -> None:
        current = self.calls("cloudfront:GetKeyGroup", self.client.get_key_group, Id=group_id)
        config = current["KeyGroup"]["KeyGroupConfig"]
        present = config.get("Items", [])
        wanted = changed(present)
        if set(wanted) == set(present):
            return
        self.calls(
            "cloudfront:UpdateKeyGroup",
            self.client.update_key_group,
            Id=group_id,
            IfMatch=current["ETag"],
            KeyGroupConfig={**config, "Items": list(wanted)},
        )

    def _remove_once(self, group_id: str) -> None:
        current = self.calls("cloudfront:GetKeyGroup", self.client.get_key_group, Id=group_id)
        self.calls(
            "cloudfront:DeleteKeyGroup",
            self.client.delete_key_group,
            Id=group_id,
            IfMatch=current["ETag"],
        )

    def _ours(self, known_id: str | None) -> Iterator[_Group]:
        return (
            _group(group)
            for group in every_item(self._page)
            if group["KeyGroupConfig"]["Name"] == self.name or group["Id"] == known_id
        )

    def _page(self, marker: str) -> tuple[Sequence["KeyGroupTypeDef"], str]:
        page = self.calls(
            "cloudfront:ListKeyGroups", self.client.list_key_groups, **from_marker(marker)
        )["KeyGroupList"]
        return [item["KeyGroup"] for item in page.get("Items", [])], page.get("NextMarker", "")


def _group(group: "KeyGroupTypeDef") -> _Group:
    return _Group(id=group["Id"], key_ids=group["KeyGroupConfig"].get("Items", []))
