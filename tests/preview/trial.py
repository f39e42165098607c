"""A template on trial: what its operator, its viewers and those who must not get in find wrong.

Each step is a function named by its promise; the first that does not hold is the finding.
"""

import copy
import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from preview.account import Account
from preview.aws.policies import Access, Document, granted, unused
from preview.certificate import Certificate, new_certificate
from preview.functions.function import FunctionError
from preview.media import START_SECONDS, STOP_SECONDS
from preview.origins import fetched
from preview.providers.roles import documents
from preview.providers.rotation import rotate
from preview.refused import Refused
from preview.serve import Served
from preview.stack import Stack
from tests.preview.browser import Browser
from tests.preview.operator import (
    PAGE,
    PARAMETERS,
    copy_code,
    deployed,
    go_on_air,
    start_channel,
    stop_channel,
    upload_page,
)

EMAIL = PARAMETERS["ViewerEmail"]
PASSWORD = "Correct-horse-7"
SECOND = "second@example.com"
GIVEN = {**PARAMETERS, "StartChannel": "Yes"}
DAY = 86_400
LOOK = 15 * 60
ANOTHER_CHANNEL = "arn:aws:medialive:us-east-1:123456789012:channel:7654321"
NEARLY_TOO_LONG = 12 * 3600 - LOOK


@functools.cache
def certificate() -> Certificate:
    """One certificate for all trials of a process: making one takes a tenth of a second."""
    return new_certificate()


class Objection(Exception):
    """What is wrong with the template."""


Template = Mapping[str, Any]


def objection(template: Template, built: Path, *, late: str = "") -> str | None:
    """What is wrong with a template that was built from the default stream; None for nothing.

    `late` names the resource that is made as late as its users allow.
    """
    with Account() as account:
        try:
            _tried(account, template, built, late)
        except (Refused, Objection, ClientError) as found:
            return "; ".join([str(found), *_denials(account)])
    return None


def _tried(account: Account, template: Template, built: Path, late: str) -> None:
    copy_code(account, built)
    stack = deployed(account, template, GIVEN, late=late)
    with Served(account, certificate=certificate()) as served:
        _try(account, stack, served)
    _look_for_runaways(account, stack)
    _rotate(account, stack)
    _mend(account, stack, template)
    _keep_on_air(account, stack, template, late)
    grants = granted_to(account)
    stack.delete(late=late)
    _look_for_denials(account)
    _look_for_unused(account, grants)
    look_for_leftovers(account, stack.outputs["KeptAfterDeletion"])
    _look_for_lost_events(account)


def _try(account: Account, stack: Stack, served: Served) -> None:
    outputs = stack.outputs
    upload_page(account, outputs)
    _expect(account, stack, "STARTING")
    go_on_air(account, outputs)
    browser = Browser(served=served, watch_address=outputs["WatchAddress"])
    try:
        for step in STEPS:
            try:
                step(account, outputs, browser)
            except (AssertionError, LookupError, ValueError, ClientError) as error:
                raise Objection(f"{step.__name__}: {type(error).__name__} {error}") from None
    finally:
        browser.close()
    _look_for_denials(account)


def _rotate(account: Account, stack: Stack) -> None:
    """Secrets Manager rotates the key; the key group then trusts old and new."""
    try:
        for schedule in account.of_type("AWS::SecretsManager::RotationSchedule"):
            rotate(account, schedule)
    except FunctionError as error:
        raise Objection(f"the key cannot be rotated: {error}") from None
    group = account.client("cloudfront").get_key_group(Id=stack.outputs["KeyGroupId"])
    if len(group["KeyGroup"]["KeyGroupConfig"]["Items"]) != 2:
        raise Objection("the key does not rotate")


def _mend(account: Account, stack: Stack, template: Template) -> None:
    """An update of the key pair makes good what somebody has changed in the key group by hand."""
    cloudfront = account.client("cloudfront")
    group = cloudfront.get_key_group(Id=stack.outputs["KeyGroupId"])
    by_hand = {**group["KeyGroup"]["KeyGroupConfig"], "Items": []}
    cloudfront.update_key_group(
        Id=stack.outputs["KeyGroupId"], IfMatch=group["ETag"], KeyGroupConfig=by_hand
    )
    changed = copy.deepcopy(dict(template))
    changed["Resources"]["SigningKeyPair"]["Properties"]["ServiceTimeout"] = 1501
    stack.deploy(changed, GIVEN)
    mended = cloudfront.get_key_group(Id=stack.outputs["KeyGroupId"])
    if mended["KeyGroup"]["KeyGroupConfig"] != group["KeyGroup"]["KeyGroupConfig"]:
        raise Objection("the key group is not mended by an update")


def _look_for_runaways(account: Account, stack: Stack) -> None:
    """A channel that has been on air for two days has been forgotten."""
    account.events.pass_time(LOOK)
    account.events.pass_time(STOP_SECONDS)
    _expect(account, stack, "IDLE")


def _keep_on_air(account: Account, stack: Stack, template: Template, late: str) -> None:
    """A running channel goes off the air only when asked to, and not before its time is over."""
    _look_for_strangers(account)
    _look_for_other_channels(account)
    start_channel(account, stack.outputs["ChannelId"])
    other = {**GIVEN, "StreamKey": "another-key-for-tests"}
    refusal = f"channel {stack.outputs['ChannelId']} is on air; stop it first, or deploy with"
    try:
        stack.deploy(template, other, late=late)
    except Refused as refused:
        if refusal not in str(refused):
            raise
    else:
        raise Objection("a running channel is changed")
    _expect(account, stack, "RUNNING")
    stack.deploy(template, {**other, "StopChannelToUpdate": "Yes"}, late=late)
    account.events.pass_time(START_SECONDS)
    _expect(account, stack, "RUNNING")
    account.clock.skip(NEARLY_TOO_LONG)
    account.events.pass_time(0)
    stop_channel(account, stack.outputs["ChannelId"])
    start_channel(account, stack.outputs["ChannelId"])
    account.events.pass_time(2 * LOOK)
    _expect(account, stack, "RUNNING")


def _look_for_other_channels(account: Account) -> None:
    """The guard may not touch a channel of another stack."""
    for name, policies in granted_to(account).items():
        for action in ("medialive:StartChannel", "medialive:StopChannel"):
            for tags in ({}, {"aws:ResourceTag/guarded-by": f"{account.stack.arn}0"}):
                access = Access(action=action, resource=ANOTHER_CHANNEL, context=tags)
                if granted(policies, access):
                    raise Objection(f"{name} may {action} of another stack")


def _look_for_strangers(account: Account) -> None:
    """The guard is told everything that the channel and its inputs are made of."""
    guards = account.of_type("Custom::ChannelGuard")
    known = [value for guard in guards for value in guard.properties["References"]]
    guarded = [
        *account.of_type("AWS::MediaLive::Channel"),
        *account.of_type("AWS::MediaLive::Input"),
    ]
    own = {one.logical_id for one in guarded} | {guard.logical_id for guard in guards}
    for name in {name for one in guarded for name in one.needs} - own:
        there = account.resources.get(name)
        values = [there.ref, *there.attributes.values()] if there else [GIVEN.get(name)]
        if not name.startswith("AWS::") and not any(value in known for value in values):
            raise Objection(f"the guard does not know {name}")


def _expect(account: Account, stack: Stack, state: str) -> None:
    found = account.media.state(stack.outputs["ChannelId"])
    if found != state:
        raise Objection(f"the channel is {found}, not {state}")


Outputs = Mapping[str, str]


def _manifests(outputs: Outputs) -> Sequence[str]:
    return outputs["HlsManifest"], outputs["DashManifest"]


def _segment(outputs: Outputs) -> str:
    return f"{outputs['HlsManifest'].rpartition('/')[0]}/segment_1.mp4"


def the_media_are_refused_without_cookies(_: Account, outputs: Outputs, browser: Browser) -> None:
    for address in (*_manifests(outputs), _segment(outputs)):
        assert browser.get(address).status_code == 403, address


def the_page_is_served(_: Account, outputs: Outputs, browser: Browser) -> None:
    for path in ("/", "/login.html"):
        page = browser.get(path)
        assert (page.status_code, page.content) == (200, PAGE), path
    assert browser.get("/nothing.html").status_code == 404
    policy = browser.get("/").headers["Content-Security-Policy"]
    issuer = browser.settings()["issuer"].partition("/")[0]
    assert f"connect-src 'self' https://{outputs['SignInHost']} https://{issuer};" in policy


def the_settings_are_those_of_the_stack(_: Account, outputs: Outputs, browser: Browser) -> None:
    settings = browser.settings()
    assert settings["clientId"] == outputs["UserPoolClientId"]
    assert settings["signInHost"] == outputs["SignInHost"]
    assert settings["issuer"].endswith(f"/{outputs['UserPoolId']}")
    published = browser.get(f"https://{settings['issuer']}/.well-known/openid-configuration")
    assert published.json()["issuer"] == f"https://{settings['issuer']}"
    host = browser.watch_address[:-1]
    assert [f"{host}{settings[kind]}" for kind in ("hls", "dash")] == [*_manifests(outputs)]


def the_first_viewer_signs_in(account: Account, _: Outputs, browser: Browser) -> None:
    browser.sign_in(EMAIL, account.mailbox[EMAIL], new_password=PASSWORD)
    answer = browser.ask_for_cookies()
    assert answer.status_code == 200, answer.text


def the_media_are_served_with_cookies(account: Account, outputs: Outputs, browser: Browser) -> None:
    for address in (*_manifests(outputs), _segment(outputs)):
        for method in ("GET", "HEAD"):
            assert browser.ask(method, address).status_code == 200, f"{method} {address}"
    question = "?aws.manifestfilter=video_height:1-720"
    for address in (*_manifests(outputs), _segment(outputs)):
        browser.get(f"{address}{question}")
        asked = account.media.asked[-1]
        assert asked.endswith(question) == (address in _manifests(outputs)), asked


def a_second_viewer_signs_in_at_the_old_address(
    account: Account, outputs: Outputs, browser: Browser
) -> None:
    account.invite(outputs["UserPoolId"], SECOND)
    second = Browser(served=browser.served, watch_address=browser.watch_address)
    login = f"{browser.watch_address}login.html"
    second.sign_in(SECOND, account.mailbox[SECOND], new_password=PASSWORD, redirect_uri=login)
    answer = second.ask_for_cookies()
    assert answer.status_code == 200, f"{answer.status_code} {answer.text}"
    settings = browser.settings()
    query = f"client_id={settings['clientId']}&logout_uri={browser.watch_address}"
    gone = second.get(f"https://{settings['signInHost']}/logout?{query}")
    assert (gone.status_code, gone.headers.get("Location")) == (302, browser.watch_address)
    second.close()


def only_this_distribution_reads_the_origins(
    account: Account, outputs: Outputs, _: Browser
) -> None:
    distribution = account.one("AWS::CloudFront::Distribution", outputs["DistributionId"])
    stranger = distribution.with_properties(distribution.properties)
    stranger.ref = "ESTRANGER"
    origins = distribution.properties["DistributionConfig"]["Origins"]
    for origin, path in ((origins[0], outputs["HlsManifest"]), (origins[2], "/index.html")):
        request = _request(path)
        assert fetched(account, distribution, origin, request).status_code == 200, origin["Id"]
        assert fetched(account, stranger, origin, request).status_code == 403, origin["Id"]
        bare = {name: origin[name] for name in origin if name != "OriginAccessControlId"}
        assert fetched(account, distribution, bare, request).status_code == 403, origin["Id"]
    plain = _request("/index.html", "http")
    assert fetched(account, distribution, origins[2], plain).status_code == 403


def _request(address: str, scheme: str = "https") -> Request:
    path = "/" + address.partition("//")[2].partition("/")[2] if "//" in address else address
    return Request(EnvironBuilder(path=path, base_url=f"{scheme}://origin.example").get_environ())


def only_these_methods_call_the_function(account: Account, _: Outputs, browser: Browser) -> None:
    for function in account.of_type("AWS::Lambda::Function"):
        for source in ("anotherapi/api/GET/cookies", "*/*/*/*"):
            place = f"{account.stack.region}:{account.stack.account_id}"
            try:
                account.invoke(
                    function.attributes["Arn"],
                    {},
                    service="apigateway.amazonaws.com",
                    source_arn=f"arn:aws:execute-api:{place}:{source}",
                )
            except Refused:
                continue
            raise AssertionError(f"{function.logical_id} is called by {source}")
    assert browser.ask("POST", "/api/cookies").status_code == 403


def no_run_outlives_the_patience_of_cloudformation(account: Account, *_: object) -> None:
    for waiting in account.waited:
        assert waiting.longest_run < waiting.service_timeout, waiting


def the_outputs_lead_to_what_they_name(account: Account, outputs: Outputs, _: Browser) -> None:
    distribution = account.one("AWS::CloudFront::Distribution", outputs["DistributionId"])
    assert outputs["WatchAddress"] == f"https://{distribution.attributes['DomainName']}/"
    group = account.client("cloudfront").get_key_group(Id=outputs["KeyGroupId"])["KeyGroup"]
    behaviors = distribution.properties["DistributionConfig"]["CacheBehaviors"]
    trusted = [one["TrustedKeyGroups"] for one in behaviors if "TrustedKeyGroups" in one]
    assert trusted == 3 * [[group["Id"]]]
    secret = account.client("secretsmanager").get_secret_value(SecretId=outputs["SigningSecretArn"])
    assert group["KeyGroupConfig"]["Items"][0] in secret["SecretString"]
    account.one("AWS::MediaPackageV2::OriginEndpoint", outputs["PackagerEndpointArn"])
    bucket = account.one("AWS::S3::Bucket", outputs["PageBucketName"])
    kept = f"PageBucket {bucket.ref}, UserPool {outputs['UserPoolId']}"
    assert outputs["KeptAfterDeletion"] == kept


def everything_ends_at_its_time(account: Account, outputs: Outputs, browser: Browser) -> None:
    account.clock.skip(DAY)
    assert browser.get(_segment(outputs)).status_code == 403
    assert browser.ask_for_cookies().status_code == 401
    browser.sign_in(EMAIL, PASSWORD)
    assert browser.ask_for_cookies().status_code == 200
    assert browser.get(_segment(outputs)).status_code == 200
    account.clock.skip(DAY)
    gone = browser.ask("DELETE", "/api/cookies", headers={"Authorization": "Bearer expired"})
    assert (gone.status_code, browser.cookie_names) == (204, set())


STEPS: Sequence[Callable[[Account, Outputs, Browser], None]] = (
    the_media_are_refused_without_cookies,
    the_page_is_served,
    the_settings_are_those_of_the_stack,
    the_first_viewer_signs_in,
    the_media_are_served_with_cookies,
    a_second_viewer_signs_in_at_the_old_address,
    only_this_distribution_reads_the_origins,
    only_these_methods_call_the_function,
    no_run_outlives_the_patience_of_cloudformation,
    the_outputs_lead_to_what_they_name,
    everything_ends_at_its_time,
)


def _look_for_lost_events(account: Account) -> None:
    if account.events.lost:
        raise Objection(f"events are lost: {account.events.lost}")


def _look_for_denials(account: Account) -> None:
    if denied := _denials(account):
        raise Objection("; ".join(denied))


def _denials(account: Account) -> list[str]:
    denied = {f"{one.caller} lacks {one.action}" for one in account.aws.calls if not one.allowed}
    return sorted(denied)


ROLES = {"AWS::Lambda::Function": "Role", "AWS::MediaLive::Channel": "RoleArn"}


def granted_to(account: Account) -> dict[str, list[Document]]:
    """The policies of everything that has a role, by its logical ID."""
    return {
        one.logical_id: documents(account.one("AWS::IAM::Role", one.properties[name], "Arn"))
        for kind, name in (
            ("AWS::Lambda::Function", "Role"),
            ("AWS::MediaLive::Channel", "RoleArn"),
        )
        for one in account.of_type(kind)
    }


def _look_for_unused(account: Account, grants: Mapping[str, list[Document]]) -> None:
    for caller, policies in grants.items():
        accesses = [
            Access(action=call.action, resource=call.resource, context=call.context)
            for call in account.aws.calls
            if call.caller == caller
        ]
        if left := unused(policies, accesses):
            raise Objection(f"{caller} may do what it never did: {left}")


def look_for_leftovers(account: Account, kept: str) -> None:
    """Asks the account what a deleted stack has left; `kept` names what may stay."""
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
            if client("kms").describe_key(KeyId=one["KeyId"])["KeyMetadata"]["KeyState"]
            != "PendingDeletion"
        ],
        "functions": [*account.functions],
        "resources": [*account.resources, *account.leftovers],
        "buckets": [
            one["Name"]
            for one in client("s3").list_buckets()["Buckets"]
            if one["Name"] not in (code, *kept.replace(",", "").split())
        ],
        "user pools": [
            one["Id"]
            for one in client("cognito-idp").list_user_pools(MaxResults=10)["UserPools"]
            if one["Id"] not in kept.replace(",", "").split()
        ],
    }
    for what, there in left.items():
        if there:
            raise Objection(f"{what} are left after deletion: {there}")
