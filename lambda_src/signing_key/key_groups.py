"""CloudFront key group trusted by the cache behaviors that serve the media."""

import functools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.errors import Failure
from signing_key.calls import Calls, Overtaken, Refused
from signing_key.cloudfront_resources import GONE, every_item, from_marker, remove, seen_again

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
            f"CloudFront no longer has a key group {name}: rotate the key or change"
            " signing.algorithm in the stream file to create the group again."
        )


@dataclass(frozen=True, kw_only=True)
class KeyGroup:
    """A key group in CloudFront."""

    id: str
    name: str
    key_ids: Sequence[str]
    etag: str = ""
    """What an update must send; lists do not have it."""


@dataclass(frozen=True, kw_only=True)
class KeyGroups:
    """This stack's only key group. All methods may raise the failures of `calls`.

    Lists can lag behind, so a group whose ID is known is read directly. Names are unique in the
    account:
    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateKeyGroup.html
    """

    calls: Calls
    client: "CloudFrontClient"
    name: str

    def ensured(self, key_ids: Sequence[str], *, known_id: str | None) -> str:
        """The ID of our group (by `known_id` or name), created with `key_ids` if absent.

        Raises:
            HiddenKeyGroup: It exists but cannot be found.
        """
        group = (
            self._with_id(known_id)
            or self._listed()
            or self._made(key_ids)
            or seen_again(self._listed, self.calls.deadline)
        )
        if group is None:
            raise HiddenKeyGroup(self.name)
        return group.id

    def read(self, known_id: str | None) -> KeyGroup:
        """Our group (by `known_id` or name).

        Raises:
            MissingKeyGroup: It does not exist.
        """
        group = self._with_id(known_id)
        if group is None:
            listed = self._listed()
            group = self._with_id(listed.id) if listed else None
        if group is None:
            raise MissingKeyGroup(self.name)
        return group

    def change(self, group: KeyGroup, key_ids: Sequence[str]) -> bool:
        """Make the group trust exactly these keys; False if it was changed after it was read.

        Raises:
            Overtaken: One of the keys does not exist: it was deleted at the same time.
        """
        try:
            self.calls(
                "cloudfront:UpdateKeyGroup",
                self.client.update_key_group,
                Id=group.id,
                IfMatch=group.etag,
                KeyGroupConfig={"Name": group.name, "Items": list(key_ids)},
            )
        except Refused as refusal:
            # https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateKeyGroup.html
            if refusal.code == "InvalidArgument":
                raise Overtaken from None
            # another change came first, or a response was lost and the SDK sent the update again
            if refusal.code != "PreconditionFailed":
                raise
            return False
        return True

    def remove_all(self, known_ids: Collection[str | None]) -> None:
        """Delete the groups with `known_ids` directly, because lists can lag, and by name.

        Raises:
            StillInUse: A distribution still refers to it when time runs out.
        """
        for group_id in filter(None, known_ids):
            self._remove(group_id)
        listed = self._listed()
        if listed and listed.id not in known_ids:
            self._remove(listed.id)

    def _remove(self, group_id: str) -> None:
        remove(
            functools.partial(self._remove_once, group_id),
            what=f"The key group {self.name} ({group_id})",
            user="a distribution",
            deadline=self.calls.deadline,
        )

    def _with_id(self, group_id: str | None) -> KeyGroup | None:
        """The group with this ID, if there is one."""
        if group_id is None:
            return None
        try:
            found = self.calls("cloudfront:GetKeyGroup", self.client.get_key_group, Id=group_id)
        except Refused as refusal:
            if refusal.code in GONE:
                return None
            raise
        return _group(found["KeyGroup"], found["ETag"])

    def _listed(self) -> KeyGroup | None:
        """The group with our name, without an ETag, if a list shows it."""
        ours = (one for one in self._all() if one["KeyGroupConfig"]["Name"] == self.name)
        return next(map(_group, ours), None)

    def _made(self, key_ids: Sequence[str]) -> KeyGroup | None:
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
        return _group(made["KeyGroup"], made["ETag"])

    def _remove_once(self, group_id: str) -> None:
        current = self.calls("cloudfront:GetKeyGroup", self.client.get_key_group, Id=group_id)
        self.calls(
            "cloudfront:DeleteKeyGroup",
            self.client.delete_key_group,
            Id=group_id,
            IfMatch=current["ETag"],
        )

    def _all(self) -> "Iterator[KeyGroupTypeDef]":
        return every_item(self._page)

    def _page(self, marker: str) -> tuple[Sequence["KeyGroupTypeDef"], str]:
        page = self.calls(
            "cloudfront:ListKeyGroups", self.client.list_key_groups, **from_marker(marker)
        )["KeyGroupList"]
        return [item["KeyGroup"] for item in page.get("Items", [])], page.get("NextMarker", "")


def _group(group: "KeyGroupTypeDef", etag: str = "") -> KeyGroup:
    config = group["KeyGroupConfig"]
    return KeyGroup(id=group["Id"], name=config["Name"], key_ids=config.get("Items", []), etag=etag)
