"""Domains of the operator's: aliases, certificate, records, and what follows the first domain."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from protected_stream.config import load
from protected_stream.errors import StreamError
from protected_stream.reading.cost import cost
from protected_stream.sections.host_check import MOST_BYTES
from tests.conftest import Document, of_type
from tests.resolve import Stack

DOMAINS = ["live.example.com", "watch.example.com"]


@pytest.fixture(scope="module")
def supplied(template_of: Callable[..., Document]) -> Document:
    return template_of(delivery={"domains": DOMAINS})


@pytest.fixture(scope="module")
def created(template_of: Callable[..., Document]) -> Document:
    return template_of(
        region="us-east-1",
        delivery={"domains": DOMAINS, "hosted_zone": True, "certificate": "created"},
    )


def config(template: Document) -> Document:
    (distribution,) = of_type(template, "AWS::CloudFront::Distribution").values()
    return dict(distribution["DistributionConfig"])


@pytest.mark.parametrize("policy", ["TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"])
def test_the_certificate_is_for_the_domains_with_this_policy(
    template_of: Callable[..., Document], policy: str
) -> None:
    found = config(template_of(delivery={"domains": DOMAINS, "minimum_tls": policy}))
    assert found["Aliases"] == DOMAINS
    assert found["ViewerCertificate"] == {
        "AcmCertificateArn": {"Ref": "CertificateArn"},
        "SslSupportMethod": "sni-only",
        "MinimumProtocolVersion": policy,
    }


def test_only_a_certificate_of_us_east_1_is_taken(supplied: Document) -> None:
    pattern = supplied["Parameters"]["CertificateArn"]["AllowedPattern"]
    end = "123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
    assert re.fullmatch(pattern, f"arn:aws:acm:us-east-1:{end}")
    assert not re.fullmatch(pattern, f"arn:aws:acm:eu-west-1:{end}")


def test_everything_follows_the_first_domain(supplied: Document) -> None:
    stack = Stack(template=supplied)
    outputs = {name: stack.value(one["Value"]) for name, one in supplied["Outputs"].items()}
    assert outputs["WatchAddress"] == "https://live.example.com/"
    for name in ("HlsManifest", "DashManifest"):
        assert outputs[name].startswith("https://live.example.com/out/v1/")
    (variables,) = (
        stack.value(one["Environment"]["Variables"])
        for one in of_type(supplied, "AWS::Lambda::Function").values()
        if "CLIENT_ID" in one["Environment"]["Variables"]
    )
    assert variables["MEDIA_URL"].startswith("https://live.example.com/out/v1/")
    client = stack.properties("PageClient")
    pages = [f"https://{domain}/" for domain in DOMAINS]
    assert client["CallbackURLs"] == [*pages, *(f"{page}login.html" for page in pages)]
    assert client["LogoutURLs"] == pages
    assert outputs["DistributionDomain"].endswith(".cloudfront.net")
    del outputs["DistributionDomain"]
    assert "cloudfront.net" not in str((outputs, client, variables))


def test_every_behavior_checks_the_host(supplied: Document) -> None:
    found = config(supplied)
    page = {"Fn::GetAtt": ["PageFunction", "FunctionARN"]}
    others = {"Fn::GetAtt": ["MediaAndApiFunction", "FunctionARN"]}
    for behavior in (*found["CacheBehaviors"], found["DefaultCacheBehavior"]):
        expected = page if behavior["TargetOriginId"] == "page" else others
        (one,) = behavior["FunctionAssociations"]
        assert one == {"EventType": "viewer-request", "FunctionARN": expected}
    for function in of_type(supplied, "AWS::CloudFront::Function").values():
        assert function["AutoPublish"] is True
        assert '"live.example.com"' in function["FunctionCode"]
        assert len(function["FunctionCode"].encode()) <= MOST_BYTES


def test_another_domain_is_another_function(
    supplied: Document, template_of: Callable[..., Document]
) -> None:
    """All edge locations then change from one to the other with the distribution."""
    other = template_of(delivery={"domains": ["other.example.com"]})
    for title in ("PageFunction", "MediaAndApiFunction"):
        names = [Stack(template=one).properties(title)["Name"] for one in (supplied, other)]
        assert names[0] != names[1]
        assert all(re.fullmatch("[a-zA-Z0-9_-]{1,64}", name) for name in names)


def test_the_certificate_is_proved_by_records_in_the_zone(created: Document) -> None:
    (certificate,) = of_type(created, "AWS::CertificateManager::Certificate").values()
    zone = {"Ref": "HostedZoneId"}
    assert certificate["DomainName"] == DOMAINS[0]
    assert certificate["SubjectAlternativeNames"] == DOMAINS[1:]
    assert certificate["ValidationMethod"] == "DNS"
    assert certificate["DomainValidationOptions"] == [
        {"DomainName": domain, "HostedZoneId": zone} for domain in DOMAINS
    ]
    assert config(created)["ViewerCertificate"]["AcmCertificateArn"] == {"Ref": "Certificate"}
    assert "CertificateArn" not in created["Parameters"]
    assert "DistributionDomain" not in created["Outputs"]


def test_each_domain_has_three_alias_records(created: Document) -> None:
    records = of_type(created, "AWS::Route53::RecordSet").values()
    assert [(one["Name"], one["Type"]) for one in records] == [
        (domain, kind) for domain in DOMAINS for kind in ("A", "AAAA", "HTTPS")
    ]
    for one in records:
        assert one["HostedZoneId"] == {"Ref": "HostedZoneId"}
        assert one["AliasTarget"] == {
            "DNSName": {"Fn::GetAtt": ["Distribution", "DomainName"]},
            "HostedZoneId": "Z2FDTNDATAQYW2",
            "EvaluateTargetHealth": False,
        }


def test_functions_cost_by_the_request(supplied: Document, default: Document) -> None:
    """Four requests for each segment of four seconds."""
    more = cost(supplied).viewer_hour - cost(default).viewer_hour
    assert more == pytest.approx(3600 * 0.10 / 1e6)


SITES = ["https://www.example.com", "https://example.com"]


@pytest.fixture(scope="module")
def shared(template_of: Callable[..., Document]) -> Document:
    return template_of(
        delivery={"domains": DOMAINS, "allowed_sites": SITES}, api={"token_header": "Auth"}
    )


@pytest.mark.parametrize(
    ("title", "methods", "headers"),
    [("MediaHeaders", ["GET", "HEAD"], ["Range"]), ("ApiHeaders", ["GET", "DELETE"], ["Auth"])],
)
def test_only_the_allowed_sites_may_read(
    shared: Document, title: str, methods: list[str], headers: list[str]
) -> None:
    policy = shared["Resources"][title]["Properties"]["ResponseHeadersPolicyConfig"]
    cors = policy["CorsConfig"]
    assert cors["AccessControlAllowOrigins"] == {"Items": SITES}
    assert cors["AccessControlAllowMethods"] == {"Items": methods}
    assert cors["AccessControlAllowHeaders"] == {"Items": headers}
    assert (cors["AccessControlAllowCredentials"], cors["OriginOverride"]) == (True, True)
    assert "*" not in str(cors)
    (vary,) = policy["CustomHeadersConfig"]["Items"]
    assert (vary["Header"], vary["Value"]) == ("Vary", "Origin")


def test_media_and_api_are_shared_and_the_page_is_not(shared: Document) -> None:
    found = config(shared)
    policies = {"packager": "MediaHeaders", "api": "ApiHeaders"}
    for behavior in found["CacheBehaviors"]:
        title = policies[behavior["TargetOriginId"]]
        assert behavior["ResponseHeadersPolicyId"] == {"Ref": title}
    assert found["DefaultCacheBehavior"]["ResponseHeadersPolicyId"] == {"Ref": "PageHeaders"}


def test_a_browser_may_ask_without_a_token(shared: Document, supplied: Document) -> None:
    method = shared["Resources"]["CookiesPreflight"]["Properties"]
    assert (method["HttpMethod"], method["AuthorizationType"]) == ("OPTIONS", "NONE")
    assert method["Integration"]["Type"] == "MOCK"
    assert "CookiesPreflight" not in supplied["Resources"]


OTHER_SITE = "https://www.example.org"


def test_a_page_of_another_site_needs_no_domain_and_has_partitioned_cookies(
    template_of: Callable[..., Document], shared: Document
) -> None:
    """Pages of the same site leave the cookies as they are."""
    found = template_of(delivery={"allowed_other_sites": [OTHER_SITE]})
    for title in ("MediaHeaders", "ApiHeaders"):
        policy = found["Resources"][title]["Properties"]["ResponseHeadersPolicyConfig"]
        assert policy["CorsConfig"]["AccessControlAllowOrigins"] == {"Items": [OTHER_SITE]}
    assert "CookiesPreflight" in found["Resources"]
    assert Stack(template=found).properties("PageClient")["CallbackURLs"][-1] == f"{OTHER_SITE}/"
    variables = [
        template["Resources"]["CookiesFunction"]["Properties"]["Environment"]["Variables"]
        for template in (found, shared)
    ]
    assert [one.get("OTHER_SITES") for one in variables] == ["true", None]


def test_sign_in_may_return_to_an_allowed_site(shared: Document) -> None:
    client = Stack(template=shared).properties("PageClient")
    assert client["CallbackURLs"][-2:] == [f"{site}/" for site in SITES]


FORM = 'must be a domain name in lower case such as "live.example.com"'
FILES: dict[str, tuple[str, str]] = {
    **{
        name: (f'domains = ["{name}"]', FORM)
        for name in (
            *("Live.example.com", "*.example.com", "live.example.com.", "https://live.example.com"),
            *(
                "localhost",
                "-a.example.com",
                "live..com",
                "a_b.example.com",
                "live.example.com:8443",
            ),
            *(f"{'a' * 64}.example.com", f"{'a.' * 127}com", "b\u00fccher.example.com"),
        )
    },
    "address": ('domains = ["192.0.2.7"]', "not an IP address"),
    "CloudFront's": ('domains = ["d1.cloudfront.net"]', "must be a domain of yours"),
    "twice": ('domains = ["a.example.com", "a.example.com"]', "must name each domain once"),
    "zone alone": ("hosted_zone = true", "delivery.hosted_zone: needs domains"),
    "policy alone": ('minimum_tls = "TLSv1.3_2025"', "delivery.minimum_tls: needs domains"),
    "no zone": (
        'domains = ["a.example.com"]\ncertificate = "created"',
        '"created" needs hosted_zone = true',
    ),
    "long first": (
        f'domains = ["{"a" * 60}.example.com"]\nhosted_zone = true\ncertificate = "created"',
        "must begin with one of at most 64 characters",
    ),
    **{
        f"site {site}": (
            f'domains = ["live.example.com"]\nallowed_sites = ["{site}"]',
            "must be an origin in lower case",
        )
        for site in (
            *("http://www.example.com", "https://www.example.com/", "www.example.com"),
            *("https://*.example.com", "https://WWW.example.com", "https://www.example.com:8443"),
        )
    },
    "site without domain": (
        'allowed_sites = ["https://www.example.com"]',
        "delivery.allowed_sites: needs domains",
    ),
    "site twice": (
        'domains = ["live.example.com"]\n'
        'allowed_sites = ["https://www.example.com", "https://www.example.com"]',
        "must name each site once",
    ),
    "own site": (
        'domains = ["live.example.com"]\nallowed_sites = ["https://live.example.com"]',
        "must not name one of domains",
    ),
    "another site": (
        'domains = ["live.example.com"]\nallowed_sites = ["https://www.example.org"]',
        "must share a parent domain with the first of domains",
    ),
    "other site is ours": (
        'domains = ["live.example.com"]\nallowed_other_sites = ["https://live.example.com"]',
        "must not name one of domains",
    ),
    "other site is also the same": (
        'domains = ["live.example.com"]\nallowed_sites = ["https://www.example.com"]\n'
        'allowed_other_sites = ["https://www.example.com"]',
        "delivery.allowed_other_sites: must not name one of allowed_sites",
    ),
    "only the top-level domain is shared": (
        'domains = ["live.example.com"]\nallowed_sites = ["https://www.other.com"]',
        "must share a parent domain with the first of domains",
    ),
    "another Region": (
        'domains = ["a.example.com"]\nhosted_zone = true\ncertificate = "created"',
        'delivery.certificate: "created" requires region = "us-east-1"',
    ),
}


@pytest.mark.parametrize(("text", "sentence"), FILES.values(), ids=FILES)
def test_a_wrong_domain_is_refused_in_one_sentence(
    tmp_path: Path, text: str, sentence: str
) -> None:
    file = tmp_path / "stream.toml"
    region = "any" if "requires region" in sentence else "us-east-1"
    file.write_text(f'region = "{region}"\n[delivery]\n{text}\n', "utf-8")
    with pytest.raises(StreamError) as refusal:
        load(file)
    (line,) = refusal.value.lines
    assert sentence in line
    assert "delivery" in line


def test_names_that_are_allowed(template_of: Callable[..., Any]) -> None:
    names = ["a.example.com", "xn--bcher-kva.example.com", "9.example.museum", f"{'a' * 63}.org"]
    assert config(template_of(delivery={"domains": names}))["Aliases"] == names
