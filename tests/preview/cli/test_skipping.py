"""Skipped days rotate the signing key, as docs/preview.md says."""

import copy
from pathlib import Path
from typing import Any

from preview.account import Account
from preview.cli.console import Console
from preview.cli.deployment import Deployment
from preview.local.chromium import Window
from tests.preview.operator import copy_code, deployed, template_in


def test_skipped_days_rotate_the_key(built: Path) -> None:
    """The first rotation comes a day after the stack was created, then one every day."""
    template = copy.deepcopy(template_in(built))
    rotation = template["Resources"]["SigningKeyRotation"]["Properties"]
    rotation["RotationRules"] = {"AutomaticallyAfterDays": 1}
    with Account() as account:
        copy_code(account, built)
        stack = deployed(account, template)
        console = Console(
            deployment=Deployment(stack=stack),
            window=Window(["chromium"], Path()),
            say=lambda _: None,
        )
        keys = [trusted_keys(account, stack.outputs)]
        for seconds in (80_000, 7_000, 90_000):
            console.obey(f"skip {seconds}")
            keys.append(trusted_keys(account, stack.outputs))
        assert account.events.lost == []
    assert keys[1] == keys[0]
    assert keys[2] > keys[0]
    assert keys[3] != keys[2]


def trusted_keys(account: Account, outputs: dict[str, Any]) -> set[str]:
    """The IDs of the public keys that CloudFront trusts."""
    group = account.client("cloudfront").get_key_group(Id=outputs["KeyGroupId"])
    return set(group["KeyGroup"]["KeyGroupConfig"]["Items"])
