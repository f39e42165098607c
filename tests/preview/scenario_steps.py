"""Scenario for a template: problems that viewers and unauthorized clients find.

Each step is a function named after its promise; the result is the first that does not hold. Those
of strangers and viewers come from `protected_stream.verify`, which tries them on a deployed stream.
"""

import base64
import json
from collections.abc import Callable, Iterable, Mapping, Sequence

from botocore.exceptions import ClientError
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from preview.account import Account
from preview.errors import Rejected
from preview.hosts.origins import fetched
from preview.services.aws.policies import Access, granted
from protected_stream.verify.promises import PROMISES
from tests.preview.browser import Browser
from tests.preview.operator import PARAMETERS
from tests.preview.scenario_given import SECRET_NAME, private_keys
from tests.preview.scenario_grants import granted_to
from tests.preview.violation import Violation
from tests.preview.visits import step

EMAIL = PARAMETERS["ViewerEmail"]
PASSWORD = "Correct-horse-battery-7"
SECOND = "second@example.com"
DAY = 86_400
LONGEST = DAY + 3600
"""Maximum life of cookies: a day, rounded up to a whole step."""


Outputs = Mapping[str, str]


def _manifests(outputs: Outputs) -> Sequence[str]:
    return outputs["HlsManifest"], outputs["DashManifest"]


def _segment(outputs: Outputs) -> str:
    return f"{outputs['HlsManifest'].rpartition('/')[0]}/segment_1.mp4"


def the_first_viewer_signs_in(account: Account, _: Outputs, browser: Browser) -> None:
    browser.token_header = browser.settings().get("tokenHeader", browser.token_header)
    browser.sign_in(EMAIL, account.mailbox[EMAIL], new_password=PASSWORD)
    answer = browser.ask_for_cookies()
    assert answer.status_code == 200, answer.text


def the_page_knows_the_address_of_the_viewer(_: Account, __: Outputs, browser: Browser) -> None:
    claims = browser.tokens["id_token"].split(".")[1]
    address = json.loads(base64.urlsafe_b64decode(f"{claims}==")).get("email")
    assert address == EMAIL, address


def the_media_are_served_with_cookies(account: Account, outputs: Outputs, browser: Browser) -> None:
    for address in (*_manifests(outputs), _segment(outputs)):
        for method in ("GET", "HEAD"):
            assert browser.ask(method, address).status_code == 200, f"{method} {address}"
    query = "aws.manifestfilter=video_height:1-720"
    for address in (*_manifests(outputs), _segment(outputs)):
        account.clock.skip(2)  # copies of the responses above have expired
        browser.get(f"{address}?{query}&of=another-site")
        expected = f"{address}?{query}" if address in _manifests(outputs) else address
        assert expected.endswith(account.media.asked[-1]), account.media.asked[-1]


def a_second_viewer_signs_in_at_the_old_address(
    account: Account, outputs: Outputs, browser: Browser
) -> None:
    account.invite(outputs["UserPoolId"], SECOND)
    second = _another(browser)
    login = f"{browser.watch_address}login.html"
    second.sign_in(SECOND, account.mailbox[SECOND], new_password=PASSWORD, redirect_uri=login)
    answer = second.ask_for_cookies()
    assert answer.status_code == 200, f"{answer.status_code} {answer.text}"
    settings = browser.settings()
    query = f"client_id={settings['clientId']}&logout_uri={browser.watch_address}"
    gone = second.get(f"https://{settings['signInHost']}/logout?{query}")
    assert (gone.status_code, gone.headers.get("Location")) == (302, browser.watch_address)
    second.close()


def _another(browser: Browser) -> Browser:
    """The browser of somebody else."""
    return Browser(
        served=browser.served,
        clock=browser.clock,
        watch_address=browser.watch_address,
        token_header=browser.token_header,
    )


def only_this_distribution_reads_the_origins(
    account: Account, outputs: Outputs, _: Browser
) -> None:
    distribution = account.resources.one("AWS::CloudFront::Distribution", outputs["DistributionId"])
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
    for function in account.resources.of_type("AWS::Lambda::Function"):
        for source in ("anotherapi/api/GET/cookies", "*/*/*/*"):
            place = f"{account.stack.region}:{account.stack.account_id}"
            try:
                account.invoke(
                    function.attributes["Arn"],
                    {},
                    service="apigateway.amazonaws.com",
                    source_arn=f"arn:aws:execute-api:{place}:{source}",
                )
            except Rejected:
                continue
            raise AssertionError(f"{function.logical_id} is called by {source}")
    assert browser.ask("POST", "/api/cookies").status_code == 403


def no_run_outlives_the_patience_of_cloudformation(account: Account, *_: object) -> None:
    for waiting in account.waited:
        assert waiting.longest_run < waiting.service_timeout, waiting
        assert waiting.latest_end <= waiting.service_timeout, waiting


def the_outputs_lead_to_what_they_name(account: Account, outputs: Outputs, _: Browser) -> None:
    distribution = account.resources.one("AWS::CloudFront::Distribution", outputs["DistributionId"])
    aliases = distribution.properties["DistributionConfig"].get("Aliases", ())
    host = next(iter((*aliases, distribution.attributes["DomainName"])))
    assert outputs["WatchAddress"] == f"https://{host}/"
    account.resources.one("AWS::MediaPackageV2::OriginEndpoint", outputs["PackagerEndpointArn"])
    bucket = account.resources.one("AWS::S3::Bucket", outputs["PageBucketName"])
    given = outputs["UserPoolId"] in {one.ref for one in account.resources.outside}
    pool = "" if given else f", UserPool {outputs['UserPoolId']}"
    assert outputs["KeptAfterDeletion"] == f"PageBucket {bucket.ref}{pool}"


def the_outputs_name_the_key(account: Account, outputs: Outputs, _: Browser) -> None:
    """The trusted key group, and the secret with a key, if the template has them."""
    (distribution,) = account.resources.of_type("AWS::CloudFront::Distribution")
    behaviors = distribution.properties["DistributionConfig"]["CacheBehaviors"]
    trusted = [one["TrustedKeyGroups"] for one in behaviors if "TrustedKeyGroups" in one]
    held = private_keys()
    if trusted:
        group = account.client("cloudfront").get_key_group(Id=outputs["KeyGroupId"])["KeyGroup"]
        media = [one for one in behaviors if one["TargetOriginId"] == "packager"]
        assert len(media) >= 3
        assert trusted == len(media) * [[group["Id"]]]
        held = (*held, group["KeyGroupConfig"]["Items"][0])
    if account.resources.of_type("AWS::SecretsManager::Secret"):
        client = account.client("secretsmanager")
        secret = client.get_secret_value(SecretId=outputs["SigningSecretArn"])
        assert any(one in secret["SecretString"] for one in held)
    for key in account.resources.of_type("AWS::KMS::Key"):
        if key.properties.get("KeyUsage") == "SIGN_VERIFY":
            assert outputs["SigningKeyArn"] == key.attributes["Arn"]


def a_key_of_kms_signs_in_one_way_only(account: Account, *_: object) -> None:
    for key in account.resources.of_type("AWS::KMS::Key"):
        for caller, policies in granted_to(account).items():
            for algorithm in ("RSASSA_PSS_SHA_256", "RSASSA_PKCS1_V1_5_SHA_512", "ECDSA_SHA_384"):
                context = {"kms:SigningAlgorithm": algorithm}
                access = Access(action="kms:Sign", resource=key.attributes["Arn"], context=context)
                assert not granted(policies, access), f"{caller} signs with {algorithm}"


def a_key_of_kms_is_known_since_it_was_made(account: Account, *_: object) -> None:
    """So that the function knows when every edge has had time to receive it."""
    for function in account.resources.of_type("AWS::Lambda::Function"):
        keys = function.properties["Environment"]["Variables"].get("KEYS", "")
        for since in (key.rpartition("=")[2] for key in keys.split()):
            assert 0 <= account.clock.now() - int(since) < LONGEST, since


def a_secret_has_the_name_that_was_asked_for(account: Account, *_: object) -> None:
    for secret in account.resources.of_type("AWS::SecretsManager::Secret"):
        assert secret.properties.get("Name", SECRET_NAME) == SECRET_NAME


def everything_ends_at_its_time(account: Account, outputs: Outputs, browser: Browser) -> None:
    account.clock.skip(LONGEST)
    assert browser.get(_segment(outputs)).status_code == 403
    assert browser.ask_for_cookies().status_code == 401
    browser.sign_in(EMAIL, PASSWORD)
    assert browser.ask_for_cookies().status_code == 200
    assert browser.get(_segment(outputs)).status_code == 200
    account.clock.skip(LONGEST)
    gone = browser.ask("DELETE", "/api/cookies", headers={"Authorization": "Bearer expired"})
    assert (gone.status_code, browser.cookie_names) == (204, set())


Step = Callable[[Account, Outputs, Browser], None]

NOT_HERE = ("current-tls", "rotation", "trusted-key", "plays")
"""Promises that a scenario does not try: without an encoder nothing plays, and what the account has
is in other steps."""
STRANGERS: Sequence[Step] = [
    step(one.id) for one in PROMISES if one.who == "stranger" and one.id not in NOT_HERE
]
VIEWERS: Sequence[Step] = [
    step(one.id, as_viewer=True)
    for one in PROMISES
    if one.who == "viewer" and one.id not in NOT_HERE
]

STEPS: Sequence[Step] = (
    *STRANGERS,
    the_first_viewer_signs_in,
    the_page_knows_the_address_of_the_viewer,
    *VIEWERS,
    the_media_are_served_with_cookies,
    a_second_viewer_signs_in_at_the_old_address,
    only_this_distribution_reads_the_origins,
    only_these_methods_call_the_function,
    no_run_outlives_the_patience_of_cloudformation,
    the_outputs_lead_to_what_they_name,
    the_outputs_name_the_key,
    a_secret_has_the_name_that_was_asked_for,
    a_key_of_kms_signs_in_one_way_only,
    a_key_of_kms_is_known_since_it_was_made,
    everything_ends_at_its_time,
)
SIGNING_STEPS: Sequence[Step] = (
    step("media-need-cookies"),
    the_first_viewer_signs_in,
    the_media_are_served_with_cookies,
    no_run_outlives_the_patience_of_cloudformation,
    the_outputs_name_the_key,
    a_secret_has_the_name_that_was_asked_for,
    a_key_of_kms_signs_in_one_way_only,
    a_key_of_kms_is_known_since_it_was_made,
)
"""The steps that would fail if the signing key were configured incorrectly."""


def walk(steps: Iterable[Step], account: Account, outputs: Outputs, browser: Browser) -> None:
    """Runs the steps in order.

    Raises:
        Violation: a step failed.
    """
    for one in steps:
        try:
            one(account, outputs, browser)
        except (AssertionError, LookupError, ValueError, ClientError) as error:
            raise Violation(f"{one.__name__}: {type(error).__name__} {error}") from None
