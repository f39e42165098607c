"""Linter rules and their IDs."""

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from protected_stream.lint.delivery import delivery_findings
from protected_stream.lint.media import media_findings
from protected_stream.lint.rules import RULES, Rule
from protected_stream.lint.size import size_findings
from tests.unit.lint.changes import (
    ENCODER,
    GROUP,
    PACKAGE_GROUP,
    Change,
    another_audio,
    drop,
    h264,
    h265,
    hevc,
    nothing,
    put,
    together,
)
from tests.unit.lint.example_stream import Document, example_stream

AAC = f"{ENCODER}.AudioDescriptions[0].CodecSettings.AacSettings"
PACKAGE = "Destinations[0].MediaPackageSettings[0]"
OUTPUT = f"{GROUP}.Outputs[0]"
SUBNETS = {"SubnetIds": ["subnet-1", "subnet-2"]}
ENGLISH = {"CaptionChannel": 1, "LanguageCode": "eng", "LanguageDescription": "English"}
ALL_EXCLUDED = {
    "MediaPackageOutputSettings": {"MediaPackageV2DestinationSettings": {"HlsDefault": "NO"}}
}
UNUSED = {"Id": "spare", "Settings": [{"Url": "s3://bucket/path"}]}


def channel(path: str, value: Any) -> Change:
    return put("Channel", path, value)


def seven_conditions(resources: Document) -> None:
    channel = resources["Channel"]["Properties"]
    for number in range(7):
        channel["LogLevel"] = {"Fn::If": [f"C{number}", channel["LogLevel"], "INFO"]}


def captions_without_selector(resources: Document) -> None:
    described = {"Name": "captions", "CaptionSelectorName": "teletext"}
    channel(f"{ENCODER}.CaptionDescriptions", [described])(resources)


BROKEN_BY: Mapping[Rule, Change] = {
    Rule.TOO_MANY_CONDITIONS: seven_conditions,
    Rule.WRONG_TYPE: channel("ChannelClass", ["STANDARD"]),
    Rule.UNKNOWN_MEMBER: channel("Nome", "x"),
    Rule.MISSING_MEMBER: drop("Channel", f"{ENCODER}.TimecodeConfig"),
    Rule.MISSING_FOR_SERVICE: channel("Name", ""),
    Rule.NOT_IN_ENUMERATION: channel("ChannelClass", "TRIPLE"),
    Rule.NUMBER_OUT_OF_RANGE: channel(h264(0, "MaxBitrate"), 999),
    Rule.WRONG_NUMBER_OF_ITEMS: put("Endpoint", "Segment.Scte", {"CustomAdTypes": ["a"] * 26}),
    Rule.WRONG_LENGTH: put("PackagerChannel", "Description", "x" * 1025),
    Rule.PATTERN_NOT_MATCHED: put("Endpoint", "HlsManifests[0].ManifestName", "my live"),
    Rule.INCOMPLETE_TAG: put("PackagerGroup", "Tags", [{"Key": "team"}]),
    Rule.DESCRIPTION_UNKNOWN: channel(f"{OUTPUT}.VideoDescriptionName", "video-4k"),
    Rule.DESCRIPTION_UNUSED: drop("Channel", f"{GROUP}.Outputs[6]"),
    Rule.NAME_REPEATED: channel(f"{GROUP}.Outputs[1].OutputName", "audio"),
    Rule.IDENTIFIER_REPEATED: channel("Destinations[1]", {"Id": "packager", "Settings": []}),
    Rule.AUDIO_SELECTOR_UNKNOWN: channel(
        f"{ENCODER}.AudioDescriptions[0].AudioSelectorName", "english"
    ),
    Rule.CAPTION_SELECTOR_UNKNOWN: captions_without_selector,
    Rule.DESTINATION_UNKNOWN: channel(f"{PACKAGE_GROUP}.Destination.DestinationRefId", "elsewhere"),
    Rule.DESTINATION_UNUSED: channel("Destinations[1]", UNUSED),
    Rule.DESTINATION_NOT_OF_ONE_KIND: channel("Destinations[0]", {"Id": "packager"}),
    Rule.PACKAGE_DESTINATION_NAMES_NO_CHANNEL: channel(PACKAGE, {"ChannelGroup": "g"}),
    Rule.DESTINATION_OF_ANOTHER_KIND: channel(
        "Destinations[0]", {"Id": "packager", "Settings": UNUSED["Settings"]}
    ),
    Rule.GROUP_NOT_OF_ONE_KIND: channel(f"{GROUP}.OutputGroupSettings", {}),
    Rule.OUTPUT_OF_ANOTHER_KIND: channel(f"{OUTPUT}.OutputSettings", {}),
    Rule.SETTINGS_OF_ANOTHER_VERSION: channel(PACKAGE, {"ChannelId": "1"}),
    Rule.NOT_ONE_STREAM: channel(f"{OUTPUT}.AudioDescriptionNames", ["audio"]),
    Rule.SIZE_NOT_STATED: drop("Channel", f"{ENCODER}.VideoDescriptions[2].Width"),
    Rule.RATIO_TAKEN_FROM_SOURCE: channel(h264(2, "ParControl"), "INITIALIZE_FROM_SOURCE"),
    Rule.RATIO_NOT_STATED: drop("Channel", h264(2, "ParNumerator")),
    Rule.FRAME_RATES_DIFFER: channel(h264(3, "FramerateNumerator"), 25),
    Rule.GOPS_DIFFER: channel(h264(3, "GopSize"), 1),
    Rule.GOP_NOT_CLOSED: channel(h264(1, "GopClosedCadence"), 0),
    Rule.SEGMENT_NOT_OF_WHOLE_GOPS: channel(
        f"{PACKAGE_GROUP}.MediapackageV2GroupSettings.SegmentLength", 3
    ),
    Rule.TOO_MANY_TRACKS: together(*(another_audio(number) for number in range(4))),
    Rule.DEFAULT_AUDIO: channel(f"{GROUP}.Outputs[6].OutputSettings", ALL_EXCLUDED),
    Rule.CAPTION_MAPPINGS: channel(
        f"{PACKAGE_GROUP}.MediapackageV2GroupSettings.CaptionLanguageMappings", [ENGLISH]
    ),
    Rule.ODD_FRAME_SIZE: channel(f"{ENCODER}.VideoDescriptions[0].Width", 1921),
    Rule.BITRATE_MISSING: drop("Channel", h264(0, "MaxBitrate")),
    Rule.CABAC_IN_BASELINE: channel(h264(0, "Profile"), "BASELINE"),
    Rule.CAVLC_IN_HIGH: channel(h264(0, "EntropyEncoding"), "CAVLC"),
    Rule.LOCKING_OF_ANOTHER_MODE: drop(
        "Channel", f"{ENCODER}.GlobalConfiguration.OutputLockingMode"
    ),
    Rule.CHARACTERS_OF_DESTINATION_ID: channel("Destinations[0].Id", "to_packager"),
    Rule.CHARACTERS_OF_OUTPUT_NAME: channel(f"{OUTPUT}.OutputName", "video 1080"),
    Rule.LEVEL_TOO_LOW: channel(h264(0, "Level"), "H264_LEVEL_3_1"),
    Rule.HEVC_LEVEL_TOO_LOW: together(hevc(0), channel(h265(0, "Level"), "H265_LEVEL_3_1")),
    Rule.HEVC_B_FRAMES: together(
        hevc(0),
        channel(f"{ENCODER}.VideoDescriptions[0].Height", 1082),
        channel(h265(0, "GopBReference"), "ENABLED"),
    ),
    Rule.AAC_SAMPLE_RATE: channel(f"{AAC}.SampleRate", 11_025),
    Rule.AAC_BITRATE: channel(f"{AAC}.Bitrate", 640_000),
    Rule.PUSH_WITHOUT_SECURITY_GROUP: drop("Encoder", "InputSecurityGroups"),
    Rule.SECURITY_GROUP_IN_VPC: put("Encoder", "Vpc", SUBNETS),
    Rule.NO_ROLE_IN_VPC: together(
        drop("Encoder", "InputSecurityGroups"), put("Encoder", "Vpc", SUBNETS)
    ),
    Rule.RTMP_WITHOUT_DESTINATIONS: drop("Encoder", "Destinations"),
    Rule.RTMP_WITHOUT_STREAM_NAME: drop("Encoder", "Destinations[1].StreamName"),
    Rule.ATTACHED_TO_NO_INPUT: channel("InputAttachments[0].InputId", {"Ref": "AllowList"}),
    Rule.GUARDED_BY_NO_SECURITY_GROUP: put("Encoder", "InputSecurityGroups[0]", {"Ref": "Channel"}),
    Rule.NOT_TWO_SOURCES: drop("Encoder", "Destinations[1]"),
    Rule.PACKAGER_NAME_UNKNOWN: put("Endpoint", "ChannelName", "channel"),
    Rule.PACKAGER_TAKES_NO_CMAF: put("PackagerChannel", "InputType", "HLS"),
    Rule.SEGMENT_NOT_OF_WHOLE_SEGMENTS: put("Endpoint", "Segment.SegmentDurationSeconds", 5),
    Rule.CODEC_NOT_SERVED: together(
        *(hevc(rung) for rung in range(6)), put("Endpoint", "ContainerType", "TS")
    ),
    Rule.ONLY_WITH_CMAF: put("PackagerChannel", "InputType", "HLS"),
    Rule.MANIFEST_OF_ANOTHER_CONTAINER: put("Endpoint", "ContainerType", "TS"),
    Rule.MANIFEST_NAME_REPEATED: put(
        "Endpoint", "LowLatencyHlsManifests", [{"ManifestName": "index"}]
    ),
    Rule.MANIFEST_ADDRESS_REPEATED: put("Endpoint", "HlsManifests[0].ChildManifestName", "index"),
    Rule.DELAY_BEYOND_WINDOW: put(
        "Endpoint", "DashManifests[0].SuggestedPresentationDelaySeconds", 301
    ),
    Rule.TIMING_SOURCE: put("Endpoint", "DashManifests[0].UtcTiming", {"TimingMode": "HTTP_HEAD"}),
    Rule.ENCRYPTION_OF_ANOTHER_CONTAINER: put(
        "Endpoint",
        "Segment.Encryption",
        {"EncryptionMethod": {"TsEncryptionMethod": "AES_128"}},
    ),
    Rule.ENDS_BEFORE_START: put(
        "Endpoint",
        "HlsManifests[0].FilterConfiguration",
        {"Start": "2026-02-01T00:00:00Z", "End": "2026-01-01T00:00:00Z"},
    ),
    Rule.DELAY_BEYOND_STARTOVER: put(
        "Endpoint", "HlsManifests[0].FilterConfiguration", {"TimeDelaySeconds": 600}
    ),
    Rule.TEMPLATE_TOO_LARGE: put("PackagerGroup", "Description", "x" * 1_000_001),
    Rule.MEDIA_WITHOUT_SIGNATURE: drop(
        "Distribution", "DistributionConfig.CacheBehaviors[0].TrustedKeyGroups"
    ),
}
"""A change to the example that violates each rule, and possibly others."""


def found_after(change: Change) -> set[str]:
    """The rule IDs of the findings after a change to the example."""
    document = example_stream()
    change(document["Resources"])
    found = (
        *media_findings(document),
        *delivery_findings(document),
        *size_findings(json.dumps(document)),
    )
    return {finding.rule.id for finding in found}


@pytest.mark.parametrize(
    "rule",
    # tests/unit/lint/test_cloudformation.py has those about cfn-lint itself
    [rule for rule in Rule if not rule.id.startswith("PS23")],
    ids=lambda rule: str(rule.id),
)
def test_every_violated_rule_is_found(rule: Rule) -> None:
    assert rule.id in found_after(BROKEN_BY[rule])


def test_nothing_is_found_without_a_change() -> None:
    assert found_after(nothing) == set()


def test_every_rule_has_a_unique_id_in_order() -> None:
    written = [rule.id for rule in Rule]
    assert written == sorted(set(written))
    assert [rule_id for rule_id in written if not re.fullmatch(r"PS[0-9]{4}", rule_id)] == []
    assert list(RULES) == written


def test_every_rule_has_a_one_sentence_meaning_and_a_source() -> None:
    for rule in Rule:
        assert re.fullmatch(r"[A-Z][^|\n]*\.", rule.meaning), rule.id
        assert re.fullmatch(r"[^|\n]+[^.|\n]", rule.source), rule.id


@pytest.mark.parametrize("module", ["protected_stream.lint.rules", "protected_stream.lint.options"])
def test_options_import_the_rules_without_slow_modules(module: str) -> None:
    code = f"import sys, {module}; print({{'cfnlint', 'botocore', 'boto3'}} & set(sys.modules))"
    finished = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert finished.stdout == "set()\n"
