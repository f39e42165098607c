"""CloudFormation parameters: sample values, for an operator without an AWS account."""

import re
from collections.abc import Mapping
from typing import Any

from preview.cli.root_key_pair import KEY_PAIR_ID, PRIVATE_KEY, asks_for_it, new_private_key
from preview.errors import PreviewError
from preview.services.existing_origin import HOST, SECRET

SAMPLE_VALUES: Mapping[str, str] = {
    "AlarmEmail": "operator@example.com",
    "ArtifactBucket": "preview-artifacts",
    "CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/"
    "00000000-0000-0000-0000-000000000000",
    "HostedZoneId": "Z0PREVIEW",
    "CompanyClientId": "preview",
    "CompanyClientSecret": "preview-client-secret-0123",
    "ExistingClientId": "1example23456789",
    "ExistingSignInHost": "preview.auth.us-east-1.amazoncognito.com",
    "ExistingUserPoolArn": "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Preview1",
    "InputCidr": "203.0.113.0/24",  # for examples: RFC 5737
    **{f"InputCidr{number}": f"192.0.2.{number}/32" for number in range(2, 11)},
    KEY_PAIR_ID: "APKAPREVIEW0000000001",
    "PermissionsBoundaryArn": "arn:aws:iam::aws:policy/PowerUserAccess",
    # nothing listens there: the test pattern replaces them
    **{f"{which}RtmpSource": "rtmp://127.0.0.1:9/live/stream" for which in ("", "Backup")},
    **{f"{which}HlsSource": "http://127.0.0.1:9/live/index.m3u8" for which in ("", "Backup")},
    **{f"{which}SrtAddress": "127.0.0.1" for which in ("", "Backup")},
    **{f"{which}SrtPort": "9" for which in ("", "Backup")},
    **{
        f"{which}FlowArn": f"arn:aws:mediaconnect:us-east-1:123456789012:flow:1-preview:{zone}"
        for which, zone in (("", "a"), ("Backup", "b"))
    },
    SECRET: "arn:aws:secretsmanager:us-east-1:123456789012:secret:preview-origin-abcdef",
    "LinkDeviceId": "hd-preview1",
    "BackupLinkDeviceId": "hd-preview2",
    "PassphraseKeyArn": "arn:aws:kms:us-east-1:123456789012:key/preview",
    "PassphraseSecretArn": "arn:aws:secretsmanager:us-east-1:123456789012:secret:preview-abcdef",
    "SesIdentityArn": "arn:aws:ses:us-east-1:123456789012:identity/example.com",
    "SourceObject": "preview-source/video.mp4",
    "SourcePasswordKeyArn": "arn:aws:kms:us-east-1:123456789012:key/preview",
    "SourcePasswordParameter": "preview/source-password",
    "SourceUser": "preview",
    "SrtStreamId": "preview",
    "StreamKey": "preview-stream-key-0123",
    "WebAclArn": "arn:aws:wafv2:us-east-1:123456789012:global/webacl/preview/"
    "00000000-0000-0000-0000-000000000000",
    # has a default, but with it nobody could sign in
    "ViewerEmail": "viewer@example.com",
}
SAMPLE_CHOICES: Mapping[str, tuple[str, ...]] = {
    HOST: (
        "origin.example.com",
        "preview.egress.preview.mediapackagev2.us-east-1.amazonaws.com",
        "preview.mediapackage.us-east-1.amazonaws.com",
        "preview-media.s3.us-east-1.amazonaws.com",
    )
}
"""The first that the template's pattern allows."""
# Only the operator has the private key that matches a public key in the template.
ASKED_FOR: Mapping[str, str] = {
    PRIVATE_KEY: (
        f"{PRIVATE_KEY} has no sample value: pass the private key that matches one of"
        f" signing.public_keys, as {PRIVATE_KEY}=@path/to/key.pem or {PRIVATE_KEY}=Value."
    ),
}


def with_sample_values(
    declared: Mapping[str, Mapping[str, Any]], given: Mapping[str, str]
) -> dict[str, str]:
    """The given parameter values, plus sample values for the other parameters.

    Raises:
        PreviewError: a parameter has no default and no sample value.
    """
    samples = {name: SAMPLE_VALUES[name] for name in declared if name in SAMPLE_VALUES}
    for name in declared.keys() & SAMPLE_CHOICES.keys():
        pattern = declared[name].get("AllowedPattern", "")
        samples[name] = next(one for one in SAMPLE_CHOICES[name] if re.fullmatch(pattern, one))
    values = {**samples, **given}
    if asks_for_it(declared) and PRIVATE_KEY not in values:
        values[PRIVATE_KEY] = new_private_key()
    for name, declaration in declared.items():
        if name not in values and "Default" not in declaration:
            raise PreviewError(
                ASKED_FOR.get(name)
                or f"{name} has no default, and the preview has no sample value for it:"
                f" pass {name}=Value."
            )
    return values
