"""CloudFront public keys, which verify the signature of the viewer's cookies."""

import functools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.errors import Failure
from shared.key_ring import SigningKey
from signing_key.calls import Calls, Refused
from signing_key.cloudfront_resources import GONE, every_item, from_marker, remove, seen_again

if TYPE_CHECKING:
    from mypy_boto3_cloudfront import CloudFrontClient
    from mypy_boto3_cloudfront.type_defs import PublicKeySummaryTypeDef


class HiddenPublicKey(Failure):
    """CloudFront reports that a name exists, but does not list a public key with that name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"CloudFront has a public key {name}, but does not list it. Try again in a few minutes."
        )


@dataclass(frozen=True, kw_only=True)
class PublicKeys:
    """This stack's public keys. All methods may raise the failures of `calls`.

    Names are unique in the account:
    https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreatePublicKey.html
    """

    calls: Calls
    client: "CloudFrontClient"
    name: str
    """The prefix of the keys' names; a dash and the fingerprint follow."""

    def ensured(self, keys: Sequence[SigningKey]) -> list[str]:
        """CloudFront's IDs of `keys`; creates those that CloudFront lacks.

        Raises:
            HiddenPublicKey: One exists but cannot be found.
        """
        listed = list(self._listed())
        return [
            self._among(listed, key) or self._id_of_known(key) or self.created(key) for key in keys
        ]

    def created(self, key: SigningKey) -> str:
        """CloudFront's ID of `key`, which no list has shown.

        Raises:
            HiddenPublicKey: It exists but cannot be found.
        """
        found = self._made(key) or seen_again(
            lambda: self._among(self._listed(), key), self.calls.deadline
        )
        if found is None:
            raise HiddenPublicKey(self._name(key))
        return found

    def remove_all(self, known: Iterable[SigningKey]) -> None:
        """Delete the known keys directly, because lists can lag, and every key with our name.

        Raises:
            StillInUse: Something still refers to one of them when time runs out.
        """
        names = {key.key_pair_id: self._name(key) for key in known if key.key_pair_id}
        for key_id, name in names.items():
            self._remove(key_id, name)
        self.remove_all_but(names)

    def remove_all_but(self, kept_ids: Collection[str]) -> None:
        """Delete every key with one of our names whose ID is not in `kept_ids`.

        Raises:
            StillInUse: A key group still has one of them when time runs out.
        """
        for key in list(self._listed()):
            if self._owns(key) and key["Id"] not in kept_ids:
                self._remove(key["Id"], key["Name"])

    def _owns(self, key: "PublicKeySummaryTypeDef") -> bool:
        # full names only: another stack's name may begin with ours and a dash
        return bool(re.fullmatch(re.escape(self.name) + "-[0-9a-f]{16}", key["Name"]))

    def _remove(self, key_id: str, name: str) -> None:
        remove(
            functools.partial(self._remove_once, key_id),
            what=f"The public key {name} ({key_id})",
            user="a key group",
            deadline=self.calls.deadline,
        )

    def _name(self, key: SigningKey) -> str:
        return f"{self.name}-{key.fingerprint}"

    def _among(self, listed: "Iterable[PublicKeySummaryTypeDef]", key: SigningKey) -> str | None:
        name = self._name(key)
        ids = (one["Id"] for one in listed if name == one["Name"] or one["Id"] == key.key_pair_id)
        return next(ids, None)

    def _id_of_known(self, key: SigningKey) -> str | None:
        """The ID that the ring has for the key, if CloudFront has it although no list shows it."""
        if key.key_pair_id is None:
            return None
        try:
            self.calls("cloudfront:GetPublicKey", self.client.get_public_key, Id=key.key_pair_id)
        except Refused as refusal:
            if refusal.code in GONE:
                return None
            raise
        return key.key_pair_id

    def _made(self, key: SigningKey) -> str | None:
        """The ID of the new public key; None if one with that name already exists."""
        name = self._name(key)
        try:
            made = self.calls(
                "cloudfront:CreatePublicKey",
                self.client.create_public_key,
                PublicKeyConfig={
                    "CallerReference": name,
                    "Name": name,
                    "EncodedKey": key.public_key,
                },
            )
        except Refused as refusal:
            if refusal.code == "PublicKeyAlreadyExists":
                return None
            raise
        return made["PublicKey"]["Id"]

    def _remove_once(self, key_id: str) -> None:
        current = self.calls("cloudfront:GetPublicKey", self.client.get_public_key, Id=key_id)
        self.calls(
            "cloudfront:DeletePublicKey",
            self.client.delete_public_key,
            Id=key_id,
            IfMatch=current["ETag"],
        )

    def _listed(self) -> Iterator["PublicKeySummaryTypeDef"]:
        return every_item(self._page)

    def _page(self, marker: str) -> tuple[Sequence["PublicKeySummaryTypeDef"], str]:
        page = self.calls(
            "cloudfront:ListPublicKeys", self.client.list_public_keys, **from_marker(marker)
        )["PublicKeyList"]
        return page.get("Items", []), page.get("NextMarker", "")
