"""Scenario for a template: problems that its operator, viewers, and strangers find.

The result is the first promise that does not hold. Checks that depend on the signing mode, such as
rotation, apply only to templates that have it.
"""

import copy
import functools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from preview.account import Account
from preview.cli.existing_pool import create_pool
from preview.cli.root_key_pair import register
from preview.cloudformation.providers.rotation import rotate
from preview.cloudformation.stack import Stack
from preview.errors import PreviewError
from preview.hosts.server import Served
from preview.local.certificate import Certificate, new_certificate
from preview.services.functions.function import FunctionError
from tests.preview.browser import Browser
from tests.preview.operator import (
    PARAMETERS,
    copy_code,
    deployed,
    go_on_air,
    stop_channel,
    upload_page,
)
from tests.preview.scenario_channel import expect, keep_on_air, look_for_runaways
from tests.preview.scenario_given import given
from tests.preview.scenario_grants import denials, granted_to, look_for_denials, look_for_unused
from tests.preview.scenario_steps import SIGNING_STEPS, STEPS, Step, walk
from tests.preview.violation import Violation

Template = Mapping[str, Any]


@functools.cache
def certificate() -> Certificate:
    """One certificate for all scenarios of a process: creating one takes a tenth of a second."""
    return new_certificate()


def violation(template: Template, built: Path, *, late: str = "") -> str | None:
    """The problem with a template that was built into a folder; None if there is none.

    `late` names the resource that is created as late as its dependents allow.
    """
    return _violation(_scenario, template, built, late)


def violation_of_signing(template: Template, built: Path, *, late: str = "") -> str | None:
    """The same, but only for the signing key.

    The template does not need a channel guard, and the page is not checked.
    """
    return _violation(_signing_scenario, template, built, late)


def _violation(
    scenario: Callable[[Account, Template, str], None], template: Template, built: Path, late: str
) -> str | None:
    with Account() as account:
        try:
            copy_code(account, built)
            register(account, template["Parameters"], given(template))
            create_pool(account, template["Parameters"], given(template))
            scenario(account, template, late)
        except (PreviewError, Violation, ClientError) as found:
            return "; ".join([str(found), *denials(account)])
    return None


def _scenario(account: Account, template: Template, late: str) -> None:
    stack = deployed(account, template, given(template), late=late)
    upload_page(account, stack.outputs)
    expect(account, stack, "STARTING")
    _watch(account, stack, STEPS)
    look_for_runaways(account, stack)
    _rotate(account, stack)
    _repair(account, stack, template)
    keep_on_air(account, stack, template, given(template), late)
    _delete(account, stack, late)
    _look_for_lost_events(account)


def _signing_scenario(account: Account, template: Template, late: str) -> None:
    stack = deployed(account, template, given(template), late=late)
    _watch(account, stack, SIGNING_STEPS)
    _rotate(account, stack)
    _repair(account, stack, template)
    stop_channel(account, stack.outputs["ChannelId"])
    _delete(account, stack, late)


def _watch(account: Account, stack: Stack, steps: Iterable[Step]) -> None:
    go_on_air(account, stack.outputs)
    with Served(account, certificate=certificate()) as served:
        browser = Browser(
            served=served, clock=account.clock, watch_address=stack.outputs["WatchAddress"]
        )
        try:
            walk(steps, account, stack.outputs, browser)
        finally:
            browser.close()
    look_for_denials(account)


def _rotate(account: Account, stack: Stack) -> None:
    """Secrets Manager rotates the key; the key group then has the old and new key."""
    schedules = account.resources.of_type("AWS::SecretsManager::RotationSchedule")
    try:
        for schedule in schedules:
            rotate(account, schedule)
    except FunctionError as error:
        raise Violation(f"the key cannot be rotated: {error}") from None
    if schedules:
        group = account.client("cloudfront").get_key_group(Id=stack.outputs["KeyGroupId"])
        if len(group["KeyGroup"]["KeyGroupConfig"]["Items"]) != 2:
            raise Violation("the key does not rotate")


def _repair(account: Account, stack: Stack, template: Template) -> None:
    """An update of the key pair repairs a manual change to the key group."""
    for pair in account.resources.of_type("Custom::SigningKeyPair"):
        cloudfront = account.client("cloudfront")
        group = cloudfront.get_key_group(Id=stack.outputs["KeyGroupId"])
        by_hand = {**group["KeyGroup"]["KeyGroupConfig"], "Items": []}
        cloudfront.update_key_group(
            Id=stack.outputs["KeyGroupId"], IfMatch=group["ETag"], KeyGroupConfig=by_hand
        )
        changed = copy.deepcopy(dict(template))
        changed["Resources"][pair.logical_id]["Properties"]["ServiceTimeout"] = 1501
        stack.deploy(changed, given(template))
        repaired = cloudfront.get_key_group(Id=stack.outputs["KeyGroupId"])
        if repaired["KeyGroup"]["KeyGroupConfig"] != group["KeyGroup"]["KeyGroupConfig"]:
            raise Violation("an update does not repair the key group")


def _delete(account: Account, stack: Stack, late: str) -> None:
    """No grant was missing or unused, and nothing is left."""
    grants = granted_to(account)
    stack.delete(late=late)
    look_for_denials(account)
    look_for_unused(account, grants)
    look_for_leftovers(account, stack.outputs["KeptAfterDeletion"])


def _look_for_lost_events(account: Account) -> None:
    if account.events.lost:
        raise Violation(f"events are lost: {account.events.lost}")


def look_for_leftovers(account: Account, kept: str) -> None:
    """Checks what a deleted stack has left in the account; `kept` names what may remain."""
    client = account.client
    cloudfront = client("cloudfront")
    code = PARAMETERS["ArtifactBucket"]
    left = {
        "secrets": client("secretsmanager").list_secrets()["SecretList"],
        "parameters": client("ssm").describe_parameters()["Parameters"],
        "log groups": client("logs").describe_log_groups()["logGroups"],
        "roles": client("iam").list_roles()["Roles"],
        "public keys": cloudfront.list_public_keys()["PublicKeyList"].get("Items", []),
        "key groups": cloudfront.list_key_groups()["KeyGroupList"].get("Items", []),
        "KMS keys": [
            one["KeyId"]
            for one in client("kms").list_keys()["Keys"]
            if one["KeyId"] not in kept.replace(",", "").split()
            and client("kms").describe_key(KeyId=one["KeyId"])["KeyMetadata"]["KeyState"]
            != "PendingDeletion"
        ],
        "functions": [*account.functions],
        "resources": [*account.resources.by_logical_id, *account.resources.leftovers],
        "buckets": [
            one["Name"]
            for one in client("s3").list_buckets()["Buckets"]
            if one["Name"] not in (code, *kept.replace(",", "").split())
        ],
        "user pools": [
            one["Id"]
            for one in client("cognito-idp").list_user_pools(MaxResults=10)["UserPools"]
            if one["Id"]
            not in (*kept.replace(",", "").split(), *(one.ref for one in account.resources.outside))
        ],
    }
    for what, there in left.items():
        if there:
            raise Violation(f"{what} are left after deletion: {there}")
