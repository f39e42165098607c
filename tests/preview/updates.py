"""CloudFormation changes in a deployed stack for each option and each parameter, for review.

`make expected` rewrites the list; review the changes before you commit them.
"""

import tempfile
from collections.abc import Iterator, Mapping
from datetime import time
from pathlib import Path
from typing import Any

from preview.account import Account
from preview.cli.existing_pool import create_pool
from preview.cli.sample_parameters import SAMPLE_VALUES
from preview.cloudformation.stack import Stack
from preview.errors import Rejected
from protected_stream import Stream, assemble
from protected_stream.building import build
from protected_stream.template.emit import document
from tests.conftest import CHECKOUT
from tests.preview.operator import PARAMETERS, copy_code, template_in

EXPECTED = CHECKOUT / "tests" / "expected" / "updates.txt"
BRAND = CHECKOUT / "examples" / "brand"
TITLE = "Changes in a deployed stack of the default stream, for each option and parameter"

SHOW = {"name": "matinee", "days": ["sun"], "start": time(15), "end": time(16, 30)}
SENDER = "tickets@example.com"
# One other value for each option of the stream file, with the options it requires.
OPTIONS: Mapping[str, dict[str, Any]] = {
    "name": {"name": "radio"},
    "region": {"region": "us-east-1"},
    "tags": {"tags": {"team": "video"}},
    "ingest.type": {"ingest": {"type": "mp4-file"}},
    "ingest.encoder_networks": {"ingest": {"encoder_networks": 2}},
    "encoding.channel_class": {"encoding": {"channel_class": "SINGLE_PIPELINE"}},
    "encoding.ladder": {"encoding": {"ladder": "HD-720p"}},
    "encoding.renditions": {
        "encoding": {"renditions": [{"width": 1280, "height": 720, "bitrate": 2_000_000}]}
    },
    "encoding.audio": {"encoding": {"audio": [{"language": "en"}]}},
    "encoding.captions": {"encoding": {"captions": [{"language": "eng"}]}},
    "encoding.source_codec": {
        "ingest": {"type": "mp4-file"},
        "encoding": {"source_codec": "hevc"},
    },
    "encoding.frame_rate": {"encoding": {"frame_rate": 25}},
    "encoding.gop_seconds": {"encoding": {"gop_seconds": 1}},
    "encoding.audio_language": {"encoding": {"audio_language": "en"}},
    "encoding.log_level": {"encoding": {"log_level": "warning"}},
    "encoding.thumbnails": {"encoding": {"thumbnails": True}},
    "schedule.stop_after_hours": {"schedule": {"stop_after_hours": 0}},
    "schedule.time_zone": {"schedule": {"time_zone": "Europe/Berlin", "shows": [SHOW]}},
    "schedule.start_minutes_before": {
        "schedule": {"time_zone": "UTC", "start_minutes_before": 0, "shows": [SHOW]}
    },
    "schedule.shows": {"schedule": {"time_zone": "UTC", "shows": [SHOW]}},
    "packaging.mode": {
        "packaging": {
            "mode": "existing",
            "origin": "s3",
            "media_path": "/show/*",
            "hls": "index.m3u8",
        }
    },
    "packaging.formats": {"packaging": {"formats": ["hls", "dash", "ll-hls", "hls-ts", "mss"]}},
    "packaging.segment_seconds": {"packaging": {"segment_seconds": 6}},
    "packaging.dvr_window_seconds": {"packaging": {"dvr_window_seconds": 600}},
    "packaging.startover_hours": {"packaging": {"startover_hours": 2}},
    "signing.mode": {
        "signing": {
            "mode": "supplied",
            "public_keys": [str(CHECKOUT / "examples" / "keys" / "test-only-rsa-2048.pub.pem")],
        }
    },
    "signing.algorithm": {"signing": {"algorithm": "ecdsa-p256"}},
    "signing.hash": {"signing": {"hash": "sha-1"}},
    "signing.cookie_minutes": {"signing": {"cookie_minutes": 30}},
    "signing.grace_minutes": {"signing": {"grace_minutes": 20}},
    "signing.rotation_days": {"signing": {"rotation_days": 7}},
    "signing.bind_ip": {"signing": {"bind_ip": True}},
    "signing.step_minutes": {"signing": {"step_minutes": 1}},
    "former_signing": {"signing": {"mode": "kms"}, "former_signing": {"mode": "managed"}},
    "delivery.price_class": {"delivery": {"price_class": "PriceClass_100"}},
    "delivery.origin_shield": {"delivery": {"origin_shield": "off"}},
    "delivery.allowed_countries": {"delivery": {"allowed_countries": ["DE"]}},
    "delivery.denied_countries": {"delivery": {"denied_countries": ["DE"]}},
    "delivery.domains": {"delivery": {"domains": ["live.example.com"]}},
    "delivery.allowed_sites": {
        "delivery": {
            "domains": ["live.example.com"],
            "allowed_sites": ["https://www.example.com"],
        }
    },
    "delivery.allowed_other_sites": {
        "delivery": {"allowed_other_sites": ["https://www.example.org"]}
    },
    "delivery.certificate": {
        "region": "us-east-1",
        "delivery": {
            "domains": ["live.example.com"],
            "hosted_zone": True,
            "certificate": "created",
        },
    },
    "delivery.hosted_zone": {"delivery": {"domains": ["live.example.com"], "hosted_zone": True}},
    "delivery.minimum_tls": {
        "delivery": {"domains": ["live.example.com"], "minimum_tls": "TLSv1.3_2025"}
    },
    "delivery.web_acl": {"delivery": {"web_acl": "supplied"}},
    "delivery.api_requests_per_client": {
        "region": "us-east-1",
        "delivery": {"web_acl": "managed", "api_requests_per_client": 100},
    },
    "delivery.page_requests_per_client": {
        "region": "us-east-1",
        "delivery": {"web_acl": "managed", "page_requests_per_client": 100},
    },
    "buckets.former_version_days": {"buckets": {"former_version_days": 90}},
    "buckets.events": {"buckets": {"events": True}},
    "encryption.key": {"signing": {"mode": "kms"}, "encryption": {"key": "customer-managed"}},
    "alarms.dashboard": {"alarms": {}},
    "functions.reserved_concurrency": {"functions": {"reserved_concurrency": 50}},
    "delivery.access_logs": {"region": "us-east-1", "delivery": {"access_logs": True}},
    "page.title": {"page": {"title": "Northlight Arena"}},
    "page.show_title": {"page": {"show_title": "Opening night"}},
    "page.logo": {"page": {"logo": str(BRAND / "logo.svg")}},
    "page.poster": {"page": {"poster": str(BRAND / "poster.jpg")}},
    "page.favicon": {"page": {"favicon": str(BRAND / "favicon.svg")}},
    "page.accent": {"page": {"accent": "#ffb454"}},
    "page.background": {"page": {"background": "#14101f"}},
    "page.help_link": {"page": {"help_link": "https://example.com/help"}},
    "page.language": {"page": {"language": "de"}},
    "viewers.pool": {"viewers": {"pool": "existing"}},
    "viewers.groups": {"viewers": {"groups": ["subscribers"]}},
    "viewers.identity_providers": {
        "viewers": {
            "identity_providers": [
                {"type": "oidc", "name": "Company", "issuer": "https://login.example.com"}
            ]
        }
    },
    "viewers.rotate_refresh_tokens": {"viewers": {"rotate_refresh_tokens": True}},
    "viewers.email_from": {"viewers": {"email_from": SENDER}},
    "viewers.self_sign_up": {"viewers": {"email_from": SENDER, "self_sign_up": True}},
    "viewers.invitation_subject": {
        "viewers": {"email_from": SENDER, "invitation_subject": "Welcome"}
    },
    "viewers.invitation_text": {
        "viewers": {"email_from": SENDER, "invitation_text": "{username} {####}"}
    },
    "viewers.passkeys": {"viewers": {"passkeys": True}},
    "viewers.email_codes": {"viewers": {"email_from": SENDER, "email_codes": True}},
    "viewers.threat_protection": {"viewers": {"threat_protection": "enforced"}},
    "viewers.mfa": {"viewers": {"mfa": "optional"}},
    "viewers.password_length": {"viewers": {"password_length": 14}},
    "viewers.session_hours": {"viewers": {"session_hours": 12}},
    "api.requests_per_second": {"api": {"requests_per_second": 100}},
    "api.burst": {"api": {"burst": 300}},
    "api.token_header": {"api": {"token_header": "Auth"}},
    "api.direct_address": {"api": {"direct_address": "closed"}},
    "api.access_logs": {"api": {"access_logs": True}},
    "api.log_viewers": {"api": {"access_logs": True, "log_viewers": True}},
    "api.execution_logs": {"api": {"execution_logs": "errors"}},
    "api.tracing": {"api": {"tracing": True}},
    "api.cookies_in_body": {"api": {"cookies_in_body": True}},
    "functions.architecture": {"functions": {"architecture": "x86_64"}},
    "logs.retention_days": {"logs": {"retention_days": 7}},
    "roles.path": {"roles": {"path": "/streams/"}},
    "roles.permissions_boundary": {"roles": {"permissions_boundary": True}},
    "lint.waivers": {"lint": {"waivers": True}},
    "lint.ignore": {"lint": {"ignore": {"PS1601": "to see that it changes nothing"}}},
}
GIVEN = {
    "InputCidr": "198.51.100.0/24",
    "StreamKey": "another-key-for-tests",
    "StopChannelToUpdate": "2026-11-30",
    "StartChannel": "Yes",
    "ArtifactBucket": "another-bucket",
    "ArtifactPrefix": "folder/",
    "ViewerEmail": "another@example.com",
}
# Parameters that only some options add
BROUGHT = {
    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/"
    "01234567-89ab-cdef-0123-456789abcdef",
    "HostedZoneId": "Z0123456789",
    "CompanyClientId": SAMPLE_VALUES["CompanyClientId"],
    "CompanyClientSecret": SAMPLE_VALUES["CompanyClientSecret"],
    "AlarmEmail": SAMPLE_VALUES["AlarmEmail"],
    "ExistingSignInHost": SAMPLE_VALUES["ExistingSignInHost"],
    "ExistingUserPoolArn": SAMPLE_VALUES["ExistingUserPoolArn"],
    "InputCidr2": "192.0.2.7/32",
    "MediaOriginHost": "my-media.s3.us-east-1.amazonaws.com",
    "PermissionsBoundaryArn": "arn:aws:iam::123456789012:policy/boundary",
    "SesIdentityArn": SAMPLE_VALUES["SesIdentityArn"],
    "SourceObject": "my-bucket/loop.mp4",
    "WebAclArn": "arn:aws:wafv2:us-east-1:123456789012:global/webacl/live/"
    "01234567-89ab-cdef-0123-456789abcdef",
    "PrivateKeyString": (CHECKOUT / "tests" / "vectors" / "test-only-rsa-2048.pem").read_text(),
}


def updates(built: Path) -> Iterator[str]:
    """A line for each option and each parameter.

    Every change is made to the default stream's stack, and then undone; the last one cannot be.
    """
    default = template_in(built)
    with Account() as account:
        copy_code(account, built)
        told: list[str] = []
        stack = Stack(account=account, say=told.append)
        stack.deploy(default, PARAMETERS)
        for name, options in OPTIONS.items():
            if options:
                changed = document(assemble(Stream.model_validate(options)))
                yield f"{name}: {_change(stack, built, changed, PARAMETERS, told)}\n"
                _change(stack, built, default, PARAMETERS, told)
        for name, value in GIVEN.items():
            other = {**PARAMETERS, name: value}
            yield f"{name}: {_change(stack, built, default, other, told)}\n"
            undone = _change(stack, built, default, PARAMETERS, told)
        yield f"ViewerEmail, back to the former address: {undone}\n"
        nobody = {**PARAMETERS, "ViewerEmail": ""}
        yield f"ViewerEmail, empty: {_change(stack, built, default, nobody, told)}\n"


def _change(
    stack: Stack, built: Path, template: dict[str, Any], given: Mapping[str, str], told: list[str]
) -> str:
    wanted = template.get("Parameters", {})
    parameters = {name: text for name, text in {**given, **BROUGHT}.items() if name in wanted}
    _put_code(stack.account, built, template, parameters)
    create_pool(stack.account, wanted, parameters)
    told.clear()
    try:
        stack.deploy(template, parameters)
    except Rejected as refusal:
        return f"refused ({refusal})"
    return in_words(told)


def _put_code(
    account: Account, built: Path, template: dict[str, Any], parameters: Mapping[str, str]
) -> None:
    """Uploads the code; here, it is the same for every architecture."""
    prefix = parameters.get("ArtifactPrefix", "")
    for resource in template["Resources"].values():
        if resource["Type"] != "AWS::Lambda::Function":
            continue
        code = resource["Properties"]["Code"]
        if "S3Key" not in code:
            continue
        key = code["S3Key"]["Fn::Sub"]
        file_name = key.removeprefix("${ArtifactPrefix}")
        (path,) = (built / "lambda").glob(f"{file_name.rpartition('-')[0]}-*.zip")
        account.put_object(parameters["ArtifactBucket"], prefix + file_name, path.read_bytes())


def in_words(told: list[str]) -> str:
    happened = [line.split() for line in told]
    made = [name for what, name in happened if what == "created"]
    gone = [name for what, name in happened if what in ("deleted", "kept")]
    words = {
        "updates": [name for what, name in happened if what == "updated"],
        "REPLACES": [name for name in made if name in gone],
        "adds": [name for name in made if name not in gone],
        "removes": [name for name in gone if name not in made],
        "keeps outside the stack": [name for what, name in happened if what == "kept"],
    }
    said = [f"{what} {', '.join(names)}" for what, names in words.items() if names]
    return "; ".join(said) or "nothing"


def page(built: Path) -> str:
    """The whole list."""
    return f"{TITLE}\n\n{''.join(updates(built))}"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        build(Stream(), Path(folder), lambda _: None)
        EXPECTED.write_text(page(Path(folder)))
