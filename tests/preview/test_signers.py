"""Every signing mode: which key signs, and that private keys are not visible."""

import re
from collections.abc import Iterator

import pytest

from preview.hosts.routing import key_group, signer_keys
from tests.preview.signed_streams import EMAIL, PASSWORD, PRIVATE_KEYS, SIGNERS, Live, on_air


@pytest.fixture(scope="module", params=SIGNERS)
def live(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Live]:
    with on_air(request.param, tmp_path_factory.mktemp(request.param)) as live:
        live.browser.sign_in(EMAIL, live.account.mailbox[EMAIL], new_password=PASSWORD)
        live.browser.ask_for_cookies()
        yield live


def test_the_cookies_name_a_key_that_cloudfront_trusts(live: Live) -> None:
    (distribution,) = live.account.resources.of_type("AWS::CloudFront::Distribution")
    behaviors = distribution.properties["DistributionConfig"]["CacheBehaviors"]
    (trust,) = {
        (*one.get("TrustedKeyGroups", ()), *one.get("TrustedSigners", ()))
        for one in behaviors
        if one["TargetOriginId"] == "packager"
    }
    trusted = signer_keys if "trusted" in live.name else key_group
    keys = trusted(live.account, trust[0])
    (named,) = (
        one.value for one in live.browser.session.cookies if one.name == "CloudFront-Key-Pair-Id"
    )
    assert named in keys


@pytest.mark.parametrize("live", PRIVATE_KEYS, indirect=True, scope="module")
def test_no_private_key_is_in_a_log_an_output_or_a_call(live: Live) -> None:
    text = PRIVATE_KEYS[live.name].read_text()
    lines = [line for line in text.splitlines() if not line.startswith("-----")]
    groups = live.account.resources.of_type("AWS::Logs::LogGroup")
    said = [str(live.stack.outputs), str(live.template), *map(str, live.account.aws.calls)]
    logged = 0
    for group in groups:
        events = live.account.client("logs").filter_log_events(logGroupName=group.ref)["events"]
        said += [event["message"] for event in events]
        logged += len(events)
    assert logged
    assert [line for line in lines if any(line in text for text in said)] == []


@pytest.mark.parametrize("live", PRIVATE_KEYS, indirect=True, scope="module")
def test_a_key_that_is_not_in_the_list_does_not_sign(live: Live) -> None:
    """A private key whose public key is not in the list gets a 503, never another key's ID."""
    (secret,) = live.account.resources.of_type("AWS::SecretsManager::Secret")
    client = live.account.client("secretsmanager")
    before = client.get_secret_value(SecretId=secret.ref)["SecretString"]
    (other,) = (path for name, path in PRIVATE_KEYS.items() if name != live.name)
    client.put_secret_value(SecretId=secret.ref, SecretString=other.read_text())
    live.account.clock.skip(2 * 3600)  # the cached secret lasts an hour
    live.browser.sign_in(EMAIL, PASSWORD)
    refused = live.browser.ask_for_cookies()
    assert refused.status_code == 503
    assert re.fullmatch(r"\d+", refused.headers["Retry-After"])
    client.put_secret_value(SecretId=secret.ref, SecretString=before)
    live.account.clock.skip(60)
    assert live.browser.ask_for_cookies().status_code == 200
