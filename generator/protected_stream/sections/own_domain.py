"""Alternate domain names of the distribution: aliases, ACM certificate and Route 53 records."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field
from troposphere import (
    AWSObject,
    NoValue,
    Output,
    Parameter,
    Ref,
    certificatemanager,
    cloudfront,
    route53,
)

from protected_stream.template.metadata import why
from protected_stream.template.names import digest_of
from protected_stream.template.options import TOML_LIST, Options, each_once
from protected_stream.template.section import LabelledParameter, Note
from protected_stream.template.troposphere_ext import alias_target
from protected_stream.template.validation_errors import shown

LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = rf"{LABEL}(\.{LABEL})+"
"""A host name of at least two labels. Source: RFC 1123, section 2.1; RFC 1035, section 2.3.4."""
LONGEST_DOMAIN = 253
MOST_DOMAINS = 10
"""What ACM puts into one certificate. Source: AWS Certificate Manager User Guide, "Quotas"."""
LONGEST_FIRST = 64
"""Of the domain that names a certificate. Source: AWS Certificate Manager API, RequestCertificate.
"""
CERTIFICATE_REGION = "us-east-1"
"""Source: Amazon CloudFront Developer Guide, "Requirements for using SSL/TLS certificates"."""
DISTRIBUTIONS_ZONE = "Z2FDTNDATAQYW2"
"""The hosted zone of every distribution. Source: AWS::Route53::RecordSet AliasTarget."""
RECORD_TYPES = ("A", "AAAA", "HTTPS")
TlsPolicy = Literal["TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"]
DEFAULT_TLS: TlsPolicy = "TLSv1.2_2021"


Rule = tuple[bool, str, str]
"""Whether it holds, the key to change, and what is wrong if it does not."""


def _host_name(text: str) -> str:
    if not re.fullmatch(DOMAIN, text) or len(text) > LONGEST_DOMAIN:
        raise ValueError(
            'must be a domain name in lower case such as "live.example.com", without a scheme, '
            f"wildcard, port or trailing dot; got {shown(text)}"
        )
    if re.fullmatch("[0-9]+", text.rpartition(".")[2]):
        raise ValueError(f"must be a domain name, not an IP address; got {shown(text)}")
    if text.endswith(".cloudfront.net"):
        raise ValueError(f"must be a domain of yours, not CloudFront's own; got {shown(text)}")
    return text


Domains = Annotated[
    tuple[
        Annotated[
            str, AfterValidator(_host_name), Field(json_schema_extra={"pattern": f"^{DOMAIN}$"})
        ],
        ...,
    ],
    TOML_LIST,
    each_once("domain"),
]


class OwnDomainOptions(Options):
    """The names at which viewers reach the stream."""

    domains: Domains = Field(
        default=(),
        max_length=MOST_DOMAINS,
        exclude_if=lambda domains: not domains,
        description="domain names of yours, such as live.example.com: viewers watch at the first "
        "one, to which the page at the others and at the cloudfront.net name redirects; empty: "
        "at the cloudfront.net name",
    )
    certificate: Literal["supplied", "created"] = Field(
        default="supplied",
        exclude_if=lambda choice: choice == "supplied",
        description="of `domains`, in ACM. supplied: one of yours in us-east-1, whose ARN is asked "
        "for when deploying; created: the stack requests one, which needs `hosted_zone` and "
        'region = "us-east-1"',
    )
    hosted_zone: bool = Field(
        default=False,
        exclude_if=lambda chosen: not chosen,
        description="whether the stack makes the DNS records of `domains`, in a Route 53 hosted "
        "zone of this account, whose ID is asked for when deploying",
    )
    minimum_tls: TlsPolicy = Field(
        default=DEFAULT_TLS,
        exclude_if=lambda policy: policy == DEFAULT_TLS,
        description="the oldest TLS version and ciphers that CloudFront accepts at `domains`, as "
        "the name of its security policy",
    )

    @property
    def domain_rules(self) -> tuple[Rule, ...]:
        """Rules that involve several of these options."""
        needs_domains = 'needs domains, such as domains = ["live.example.com"]'
        is_created = self.certificate == "created"
        return (
            (
                not self.hosted_zone or bool(self.domains),
                "delivery.hosted_zone",
                needs_domains,
            ),
            (
                self.minimum_tls == DEFAULT_TLS or bool(self.domains),
                "delivery.minimum_tls",
                needs_domains,
            ),
            (
                not is_created or self.hosted_zone,
                "delivery.certificate",
                '"created" needs hosted_zone = true: by records in the zone, the stack proves to '
                "ACM that the domains are yours",
            ),
            (
                not is_created or all(len(one) <= LONGEST_FIRST for one in self.domains[:1]),
                "delivery.domains",
                f"must begin with one of at most {LONGEST_FIRST} characters, which ACM requires of "
                'a certificate\'s first domain, with certificate = "created"',
            ),
        )


@dataclass(frozen=True, kw_only=True)
class OwnDomain:
    """What the stack has for the domains; nothing without them."""

    domains: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Properties of the DistributionConfig."""
    parameters: tuple[LabelledParameter, ...] = ()
    resources: tuple[AWSObject, ...] = ()
    notes: tuple[Note, ...] = ()
    zone: Parameter | None = None
    """The hosted zone's ID, if the stack makes the records."""

    def records(self, distribution: cloudfront.Distribution) -> tuple[AWSObject, ...]:
        """Alias records of every domain.

        Source: Amazon Route 53 Developer Guide, "Routing traffic to an Amazon CloudFront
        distribution by using your domain name": A and AAAA, and HTTPS, by which browsers begin with
        HTTP/3.
        """
        if self.zone is None:
            return ()
        return tuple(
            _record(self.zone, domain, kind, distribution)
            for domain in self.domains
            for kind in RECORD_TYPES
        )

    def outputs(self, distribution: cloudfront.Distribution) -> tuple[Output, ...]:
        """The name that the domains' records must lead to, if the operator makes them."""
        if not self.domains or self.zone is not None:
            return ()
        return (
            Output(
                "DistributionDomain",
                Description=f"CNAME or alias target for {', '.join(self.domains)}",
                Value=distribution.get_att("DomainName"),
            ),
        )


def own_domain(options: OwnDomainOptions) -> OwnDomain:
    """Aliases and certificate; CloudFront then requires SNI and refuses older TLS versions.

    Source: Amazon CloudFront Developer Guide, "Use custom URLs by adding alternate domain names
    (CNAMEs)" and "Supported protocols and ciphers between viewers and CloudFront".
    """
    if not options.domains:
        return OwnDomain()
    zone = _zone_parameter() if options.hosted_zone else None
    created = _certificate(options.domains, zone) if zone and _is_created(options) else None
    supplied = None if created else _certificate_parameter()
    certificate = cloudfront.ViewerCertificate(
        AcmCertificateArn=Ref(created or supplied),
        SslSupportMethod="sni-only",
        MinimumProtocolVersion=options.minimum_tls,
    )
    return OwnDomain(
        domains=options.domains,
        settings={"Aliases": list(options.domains), "ViewerCertificate": certificate},
        parameters=(
            *([LabelledParameter("Certificate", supplied)] if supplied else []),
            *([LabelledParameter("Hosted zone", zone)] if zone else []),
        ),
        resources=(created,) if created else (),
        notes=_notes(options),
        zone=zone,
    )


def _is_created(options: OwnDomainOptions) -> bool:
    return options.certificate == "created"


def _notes(options: OwnDomainOptions) -> tuple[Note, ...]:
    """What the operator must do, besides deploying."""
    names = ", ".join(options.domains)
    certificate = (
        "is requested by the stack, which waits until ACM has issued it"
        if _is_created(options)
        else f"must be issued, in ACM in {CERTIFICATE_REGION}, and name {names}"
    )
    records = (
        f"made by the stack for {names}, in the hosted zone"
        if options.hosted_zone
        else f"yours to make for {names}: to the output DistributionDomain, after deploying"
    )
    return (
        Note("certificate", certificate),
        Note("records", records),
        Note("charged", "CloudFront Functions, as each request's host is checked: $0.10 a million"),
    )


def _certificate(domains: tuple[str, ...], zone: Parameter) -> certificatemanager.Certificate:
    """CloudFormation makes the records by which ACM sees that the domains are the account's.

    Source: AWS CloudFormation User Guide, AWS::CertificateManager::Certificate.
    """
    return certificatemanager.Certificate(
        "Certificate",
        Metadata=why("proves to browsers that this is the stream's domain"),
        DomainName=domains[0],
        SubjectAlternativeNames=list(domains[1:]) or NoValue,
        ValidationMethod="DNS",
        DomainValidationOptions=[
            certificatemanager.DomainValidationOption(DomainName=domain, HostedZoneId=Ref(zone))
            for domain in domains
        ],
    )


def _record(
    zone: Parameter, domain: str, kind: str, distribution: cloudfront.Distribution
) -> route53.RecordSetType:
    return route53.RecordSetType(
        f"Record{digest_of(domain)}{kind.capitalize()}",
        Metadata=why(f"{domain} leads to the distribution"),
        HostedZoneId=Ref(zone),
        Name=domain,
        Type=kind,
        AliasTarget=alias_target(
            DNSName=distribution.get_att("DomainName"),
            HostedZoneId=DISTRIBUTIONS_ZONE,
            EvaluateTargetHealth=False,
        ),
    )


def _certificate_parameter() -> Parameter:
    return Parameter(
        "CertificateArn",
        Type="String",
        AllowedPattern=r"^arn:aws:acm:us-east-1:[0-9]{12}:certificate/[0-9a-f-]{36}$",
        ConstraintDescription="must be the ARN of a certificate in ACM, which begins with "
        "arn:aws:acm:us-east-1",
        Description="ARN of the certificate (ACM, us-east-1, issued) of the stream's domains.",
    )


def _zone_parameter() -> Parameter:
    return Parameter(
        "HostedZoneId",
        Type="String",
        AllowedPattern="^Z[A-Z0-9]{1,31}$",
        ConstraintDescription="must be the ID of a hosted zone, which begins with Z",
        Description="ID of the public Route 53 hosted zone of the stream's domains.",
    )
