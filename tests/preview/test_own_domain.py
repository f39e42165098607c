"""A stream at a domain of its own: CloudFront's name for it, and the operator's records."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from preview.account import Account
from preview.cloudformation.stack import Stack
from preview.errors import PreviewError
from preview.hosts.server import Served
from protected_stream.building import build
from protected_stream.config import Stream
from tests.preview.browser import Browser
from tests.preview.encoder.encoded import EMAIL, PASSWORD
from tests.preview.operator import PAGE, copy_code, deployed, go_on_air, template_in, upload_page
from tests.preview.scenario_given import given

DOMAINS = ["live.example.com", "watch.example.com"]
TABLES: dict[str, Any] = {"delivery": {"domains": DOMAINS, "hosted_zone": True}}


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A deployed stream, and the browser of a viewer who has cookies."""

    browser: Browser
    outputs: dict[str, str]
    old_host: str

    def elsewhere(self, address: str) -> list[str]:
        """The address at each name that is not the first domain."""
        path = address.removeprefix(f"https://{DOMAINS[0]}")
        assert path.startswith("/")
        return [f"https://{host}{path}" for host in (self.old_host, DOMAINS[1])]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("own-domain")
    build(Stream.model_validate(TABLES), folder, lambda _: None)
    with Account() as account, Served(account) as served:
        copy_code(account, folder)
        template = template_in(folder)
        outputs = deployed(account, template, given(template)).outputs
        upload_page(account, outputs)
        go_on_air(account, outputs)
        (distribution,) = account.resources.of_type("AWS::CloudFront::Distribution")
        browser = Browser(served=served, clock=account.clock, watch_address=outputs["WatchAddress"])
        browser.sign_in(EMAIL, account.mailbox[EMAIL], new_password=PASSWORD)
        assert browser.ask_for_cookies().status_code == 200
        yield Watched(
            browser=browser,
            outputs=dict(outputs),
            old_host=distribution.attributes["DomainName"],
        )
        browser.close()


def test_the_viewer_watches_at_the_first_domain(watched: Watched) -> None:
    page = watched.browser.get("https://live.example.com/")
    assert (page.status_code, page.content) == (200, PAGE)
    for name in ("HlsManifest", "DashManifest"):
        assert watched.browser.get(watched.outputs[name]).status_code == 200


@pytest.mark.parametrize("path", ["/", "/login.html", "/no/such/page"])
def test_the_page_elsewhere_leads_to_the_first_domain(watched: Watched, path: str) -> None:
    for address in watched.elsewhere(f"https://live.example.com{path}"):
        answer = watched.browser.get(address)
        assert answer.status_code == 301, address
        assert answer.headers["Location"] == f"https://live.example.com{path}"
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("is_signed", [True, False])
def test_the_media_exist_at_the_first_domain_only(watched: Watched, *, is_signed: bool) -> None:
    """With the viewer's cookies in the request; browsers would not send them to another host."""
    named = {one.name: one.value or "" for one in watched.browser.session.cookies}
    cookies = "; ".join(f"{name}={value}" for name, value in named.items())
    headers = {"Cookie": cookies} if is_signed else {}
    segment = f"{watched.outputs['HlsManifest'].rpartition('/')[0]}/segment_1.mp4"
    assert watched.browser.get(segment).status_code == 200
    for media in (watched.outputs["HlsManifest"], watched.outputs["DashManifest"], segment):
        for address in watched.elsewhere(media):
            answer = watched.browser.get(address, headers=headers)
            assert (answer.status_code, answer.content) == (403, b""), address


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/cookies"), ("DELETE", "/api/cookies"), ("GET", "/api/config")],
)
def test_the_api_exists_at_the_first_domain_only(watched: Watched, method: str, path: str) -> None:
    for address in watched.elsewhere(f"https://live.example.com{path}"):
        answer = watched.browser.ask(method, address, headers=watched.browser.with_token())
        assert (answer.status_code, answer.content) == (403, b""), address
        assert "Set-Cookie" not in answer.headers


def record(**changed: Any) -> dict[str, Any]:
    """A template with a distribution and an alias record of one of its domains."""
    template = {
        "Distribution": {
            "Type": "AWS::CloudFront::Distribution",
            "Properties": {
                "DistributionConfig": {
                    "Enabled": True,
                    "Aliases": ["live.example.com"],
                    "ViewerCertificate": {
                        "AcmCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/x",
                        "SslSupportMethod": "sni-only",
                    },
                    "Origins": [
                        {
                            "Id": "page",
                            "DomainName": "page.example.com",
                            "CustomOriginConfig": {"OriginProtocolPolicy": "https-only"},
                        }
                    ],
                    "DefaultCacheBehavior": {
                        "TargetOriginId": "page",
                        "ViewerProtocolPolicy": "https-only",
                        "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",
                    },
                    **changed.pop("config", {}),
                }
            },
        },
        "Record": {
            "Type": "AWS::Route53::RecordSet",
            "Properties": {
                "HostedZoneId": "Z0123456789",
                "Name": "live.example.com",
                "Type": "A",
                "AliasTarget": {
                    "DNSName": {"Fn::GetAtt": ["Distribution", "DomainName"]},
                    "HostedZoneId": "Z2FDTNDATAQYW2",
                },
                **changed,
            },
        },
    }
    return {"Resources": template}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, ""),
        ({"Name": "other.example.com"}, "has the alternate domain name other.example.com"),
        ({"config": {"ViewerCertificate": {}}}, "InvalidViewerCertificate"),
    ],
)
def test_records_and_domains_must_fit(changed: dict[str, Any], words: str) -> None:
    with Account() as account:
        stack = Stack(account=account)
        if not words:
            stack.deploy(record(**changed), {})
            return
        with pytest.raises(PreviewError, match=words):
            stack.deploy(record(**changed), {})
