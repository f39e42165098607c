"""Linter rules of this project, each with an ID that never changes.

The first two digits of an ID are the module that checks it. The ID of a removed rule is not
reused. This module imports nothing heavy, as the stream file's options need it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

MEDIALIVE = "AWS Elemental MediaLive API"
MEDIALIVE_GUIDE = "AWS Elemental MediaLive User Guide"
PACKAGER = "AWS Elemental MediaPackage v2 API"
PACKAGER_GUIDE = "AWS Elemental MediaPackage v2 User Guide"
CDK = "AWS CDK, aws-medialive-alpha"
REQUEST_MODEL = "the SDK's model of the request (botocore)"
SAMPLE = "aws-samples/aws-media-services-simple-live-workflow, issue 23"


class Rule(Enum):
    """A rule of this project: its ID, what is wrong when it is violated, and the source."""

    TOO_MANY_CONDITIONS = (
        "PS1001",
        "The media resources depend on too many conditions to check every combination; none is "
        "checked.",
        "ours: generator/protected_stream/lint/branches.py",
    )

    WRONG_TYPE = ("PS1101", "A property has a value of the wrong type.", REQUEST_MODEL)
    UNKNOWN_MEMBER = ("PS1102", "A property does not exist in the request.", REQUEST_MODEL)
    MISSING_MEMBER = ("PS1103", "A property that the request requires is missing.", REQUEST_MODEL)
    MISSING_FOR_SERVICE = (
        "PS1104",
        "A property that the service requires, although its model does not, is missing or empty.",
        "listed by property: generator/protected_stream/lint/requests/requirements.py",
    )
    NOT_IN_ENUMERATION = (
        "PS1105",
        "A property has a value that is not allowed.",
        REQUEST_MODEL,
    )
    NUMBER_OUT_OF_RANGE = ("PS1106", "A number is too small or too large.", REQUEST_MODEL)
    WRONG_NUMBER_OF_ITEMS = ("PS1107", "A list has too few or too many items.", REQUEST_MODEL)
    WRONG_LENGTH = ("PS1108", "A string is too short or too long.", REQUEST_MODEL)
    PATTERN_NOT_MATCHED = ("PS1109", "A string does not match its pattern.", REQUEST_MODEL)
    INCOMPLETE_TAG = ("PS1110", "A tag has no Key or no Value.", REQUEST_MODEL)

    DESCRIPTION_UNKNOWN = (
        "PS1201",
        "An output refers to a video, audio or caption description that the channel does not have.",
        f"{MEDIALIVE}, Output",
    )
    DESCRIPTION_UNUSED = (
        "PS1202",
        "A video, audio or caption description is not used by any output.",
        'the service answers "Audio description … is not referenced by any output": '
        "aws-solutions-library-samples/live-streaming-on-aws, pull request 6",
    )
    NAME_REPEATED = (
        "PS1203",
        "Two descriptions, selectors or outputs of the same kind have the same name.",
        f"{MEDIALIVE}, VideoDescription, AudioDescription, CaptionDescription, AudioSelector; "
        f"{CDK}, OutputDefinition, for outputs",
    )
    IDENTIFIER_REPEATED = (
        "PS1204",
        "Two destinations have the same Id, or two input attachments the same name.",
        "ours: other settings refer to them",
    )
    AUDIO_SELECTOR_UNKNOWN = (
        "PS1205",
        "An audio description refers to a selector that an input with audio selectors lacks.",
        f'{MEDIALIVE_GUIDE}, "Plan the audio selectors", rule 3; that an input without any '
        "offers its audio under any name: Terraform AWS provider, acceptance test "
        "TestAccMediaLiveChannel_basic",
    )
    CAPTION_SELECTOR_UNKNOWN = (
        "PS1206",
        "A caption description refers to a selector that an input does not have.",
        f"{MEDIALIVE}, CaptionDescription",
    )
    DESTINATION_UNKNOWN = (
        "PS1207",
        "An output group writes to a destination that the channel does not have.",
        f"{MEDIALIVE}, OutputDestination.Id",
    )
    DESTINATION_UNUSED = (
        "PS1208",
        "A destination is not used by any output group.",
        "ours: it is probably a mistake",
    )

    DESTINATION_NOT_OF_ONE_KIND = (
        "PS1301",
        "A destination has settings of no kind or of several kinds.",
        'the service answers "Exactly one of settings, MediaPackage settings, or Multiplex '
        'settings is required for destination": aws/aws-sdk-php, issue 2087',
    )
    PACKAGE_DESTINATION_NAMES_NO_CHANNEL = (
        "PS1302",
        "A MediaPackage destination has neither an ID (v1) nor a channel group and channel (v2), "
        "or both.",
        f'{MEDIALIVE_GUIDE}, "Create a MediaPackage output group"',
    )
    DESTINATION_OF_ANOTHER_KIND = (
        "PS1303",
        "An output group writes to a destination of another kind.",
        f"{MEDIALIVE}, OutputDestination; {SAMPLE}, shows the service's answer",
    )
    GROUP_NOT_OF_ONE_KIND = (
        "PS1304",
        "An output group has settings of no kind or of several kinds.",
        f"{MEDIALIVE}, OutputGroupSettings",
    )
    OUTPUT_OF_ANOTHER_KIND = (
        "PS1305",
        "An output has settings of a different kind than its group.",
        f"{MEDIALIVE}, OutputSettings; {SAMPLE}",
    )
    SETTINGS_OF_ANOTHER_VERSION = (
        "PS1306",
        "A group has settings for MediaPackage v2 but writes to a v1 destination.",
        f"{MEDIALIVE}, MediaPackageGroupSettings.MediapackageV2GroupSettings",
    )

    NOT_ONE_STREAM = (
        "PS1401",
        "An output to MediaPackage v2 does not have exactly one stream: one video, one audio, or "
        "separate captions.",
        f'{MEDIALIVE_GUIDE}, "Create a MediaPackage output group": "CMAF Ingest outputs only allow '
        f'a single stream type per output"; {CDK}, MediaPackageV2OutputDefinition',
    )
    SIZE_NOT_STATED = (
        "PS1402",
        "Video for MediaPackage has no Width or no Height.",
        f'{MEDIALIVE_GUIDE}, "Streams section" of MediaPackage output groups',
    )
    RATIO_TAKEN_FROM_SOURCE = (
        "PS1403",
        "Video for MediaPackage takes its frame rate or pixel aspect ratio from the source.",
        f'{MEDIALIVE_GUIDE}, "Streams section" of MediaPackage output groups',
    )
    RATIO_NOT_STATED = (
        "PS1404",
        "A frame rate or pixel aspect ratio for MediaPackage has no numerator or no denominator.",
        f'{MEDIALIVE_GUIDE}, "Streams section" of MediaPackage output groups',
    )

    TOO_MANY_TRACKS = (
        "PS1405",
        "A channel sends more than ten tracks to MediaPackage v2.",
        f'{PACKAGER_GUIDE}, "Quotas in AWS Elemental MediaPackage"',
    )
    DEFAULT_AUDIO = (
        "PS1406",
        "Several audios for MediaPackage v2 are the default or the automatic choice, or none may "
        "be.",
        f"{MEDIALIVE}, MediaPackageV2DestinationSettings.HlsDefault and HlsAutoSelect",
    )
    CAPTION_MAPPINGS = (
        "PS1407",
        "A caption channel is mapped to several languages, or mappings have no captions.",
        f"{MEDIALIVE}, MediaPackageV2GroupSettings.CaptionLanguageMappings; that there must be "
        "captions is ours",
    )

    FRAME_RATES_DIFFER = (
        "PS1501",
        "Renditions of a group differ in frame rate.",
        "ours: a player switches renditions at segment boundaries, which otherwise differ (RFC "
        '8216, section 6.2.4: "matching content in variant streams MUST have matching timestamps")',
    )
    GOPS_DIFFER = (
        "PS1502",
        "Renditions of a group differ in GOP length.",
        "ours: as for PS1501",
    )
    GOP_NOT_CLOSED = (
        "PS1503",
        "Not every GOP is closed, and a segment can begin only with a closed one.",
        f'{MEDIALIVE}, H264Settings.GopClosedCadence: 0 "will break output segmenting", 1 is '
        "recommended; that it must be 1 is ours",
    )
    SEGMENT_NOT_OF_WHOLE_GOPS = (
        "PS1504",
        "A segment does not have a whole number of GOPs, and is extended to the next keyframe.",
        f"{MEDIALIVE}, MediaPackageV2GroupSettings.SegmentLength",
    )

    ODD_FRAME_SIZE = (
        "PS1601",
        "The width or height of a video is not even.",
        f"{MEDIALIVE}, VideoDescription",
    )
    BITRATE_MISSING = (
        "PS1602",
        "A bitrate that the rate control mode requires is missing.",
        f"{MEDIALIVE}, H264Settings.Bitrate, MaxBitrate and QvbrQualityLevel; {CDK}, "
        "VbrRateControlProps",
    )
    CABAC_IN_BASELINE = (
        "PS1603",
        "CABAC is set for the Baseline profile, which does not support it.",
        f"{MEDIALIVE}, H264Settings.EntropyEncoding",
    )
    CAVLC_IN_HIGH = (
        "PS1604",
        "CAVLC is set for a High profile.",
        "ours: it would need more bits and gain nothing over Main",
    )
    LOCKING_OF_ANOTHER_MODE = (
        "PS1605",
        "Output locking has settings of a different mode than OutputLockingMode, or the mode is "
        "not set.",
        f"{MEDIALIVE}, GlobalConfiguration; {CDK}, OutputLocking; that the mode must be set "
        "although it is the default is ours",
    )
    CHARACTERS_OF_DESTINATION_ID = (
        "PS1606",
        "The Id of a destination has characters that are not allowed.",
        f"{CDK}, outputs.ts: toDestinationId",
    )
    CHARACTERS_OF_OUTPUT_NAME = (
        "PS1607",
        "The name of an output has characters that are not allowed.",
        f"{CDK}, outputs.ts: OutputNameFormat",
    )

    LEVEL_TOO_LOW = (
        "PS1608",
        "An H.264 level is too low for the size, frame rate or bitrate of its video.",
        "Recommendation ITU-T H.264, Tables A-1 and A-2",
    )
    HEVC_LEVEL_TOO_LOW = (
        "PS1609",
        "An H.265 level is too low for the size, frame rate or bitrate of its video, or has no "
        "High tier.",
        "Recommendation ITU-T H.265, Tables A.8 to A.10",
    )
    HEVC_B_FRAMES = (
        "PS1610",
        "H.265 with more than 1080 lines has more than two B-frames in a row, refers to them, or "
        "varies their number.",
        f"{MEDIALIVE}, H265Settings.GopNumBFrames, GopBReference and SubgopLength",
    )

    AAC_SAMPLE_RATE = (
        "PS1701",
        "AAC with this profile and coding mode does not support the sample rate.",
        f'{MEDIALIVE_GUIDE}, "Supported sampling rate and bitrate for AAC output"; for stereo, AWS '
        'Elemental MediaConvert, "AAC output reference tables"',
    )
    AAC_BITRATE = (
        "PS1702",
        "AAC at this sample rate does not support the bitrate.",
        "as for PS1701",
    )

    PUSH_WITHOUT_SECURITY_GROUP = (
        "PS1801",
        "A push input on the internet has no input security group.",
        f'{MEDIALIVE_GUIDE}, "Creating an input security group"; {CDK}, '
        "PushInputSecurityGroupsRequired",
    )
    SECURITY_GROUP_IN_VPC = (
        "PS1802",
        "An input in a VPC has an input security group instead of the VPC's.",
        f"{MEDIALIVE}, CreateInput.Vpc",
    )
    NO_ROLE_IN_VPC = ("PS1803", "An input in a VPC has no role.", f"{MEDIALIVE}, CreateInput.Vpc")
    RTMP_WITHOUT_DESTINATIONS = (
        "PS1804",
        "An input of type RTMP_PUSH has no destinations.",
        f'{MEDIALIVE_GUIDE}, "Create an RTMP push input"',
    )
    RTMP_WITHOUT_STREAM_NAME = (
        "PS1805",
        "A destination of an input of type RTMP_PUSH has no stream name.",
        f'{MEDIALIVE_GUIDE}, "Create an RTMP push input"',
    )

    ATTACHED_TO_NO_INPUT = (
        "PS1901",
        "A channel is attached to a resource that is not an input.",
        "AWS CloudFormation Template Reference, AWS::MediaLive::Channel InputAttachment",
    )
    GUARDED_BY_NO_SECURITY_GROUP = (
        "PS1902",
        "An input's security group refers to a resource that is not an input security group.",
        "AWS CloudFormation Template Reference, AWS::MediaLive::Input",
    )
    NOT_TWO_SOURCES = (
        "PS1903",
        "An input of a STANDARD channel does not have one source for each of the two pipelines.",
        f'{MEDIALIVE_GUIDE}, "Create an RTMP push input"; {MEDIALIVE}, CreateInput.Sources',
    )

    PACKAGER_NAME_UNKNOWN = (
        "PS2001",
        "A resource refers to a MediaPackage v2 channel group, channel or endpoint that is not in "
        "the template.",
        "ours: it does not exist, or it belongs to someone else, who would get the stream",
    )
    PACKAGER_TAKES_NO_CMAF = (
        "PS2002",
        "A MediaPackage v2 channel that MediaLive sends CMAF to does not accept it.",
        f'{PACKAGER_GUIDE}, "CMAF ingest"; API, CreateChannel.InputType',
    )
    SEGMENT_NOT_OF_WHOLE_SEGMENTS = (
        "PS2003",
        "A segment for viewers is not a whole number of the segments that MediaLive sends.",
        f"{PACKAGER}, Segment.SegmentDurationSeconds",
    )

    CODEC_NOT_SERVED = (
        "PS2004",
        "An endpoint with TS segments is fed no AVC rendition, or one for Smooth Streaming is fed "
        "other renditions.",
        f'{PACKAGER_GUIDE}, "Supported inputs and outputs"; that Smooth Streaming must be fed no '
        "others is ours, as their fate is not documented",
    )

    ONLY_WITH_CMAF = (
        "PS2101",
        "A MediaPackage v2 channel whose input is not CMAF has settings for CMAF.",
        f"{PACKAGER}, CreateChannel",
    )
    MANIFEST_OF_ANOTHER_CONTAINER = (
        "PS2102",
        "An endpoint has a kind of manifest that its container type does not support.",
        f'{PACKAGER_GUIDE}, "Supported inputs and outputs", "HLS and LL-HLS"',
    )
    MANIFEST_NAME_REPEATED = (
        "PS2103",
        "An HLS manifest and a low-latency one have the same name.",
        f"{PACKAGER}, CreateHlsManifestConfiguration",
    )

    MANIFEST_ADDRESS_REPEATED = (
        "PS2104",
        "Two manifests or child manifests of the same kind have the same name.",
        f"{PACKAGER}, CreateOriginEndpoint: MANIFEST_NAME_COLLISION",
    )
    DELAY_BEYOND_WINDOW = (
        "PS2105",
        "The suggested presentation delay is longer than the manifest's window.",
        'ISO/IEC 23009-1, "suggested presentation delay": what is beyond the time shift buffer '
        "can't be played",
    )
    TIMING_SOURCE = (
        "PS2106",
        "UTC timing has a mode that needs a source, and no source; or a source that its mode does "
        "not use.",
        f"{PACKAGER}, CreateOriginEndpoint: TIMING_SOURCE_MISSING, DIRECT_MODE_WITH_TIMING_SOURCE",
    )
    ENCRYPTION_OF_ANOTHER_CONTAINER = (
        "PS2107",
        "An endpoint has an encryption method for another container type.",
        f"{PACKAGER}, CreateOriginEndpoint: ENCRYPTION_METHOD_CONTAINER_TYPE_MISMATCH",
    )
    ENDS_BEFORE_START = (
        "PS2108",
        "A manifest's filter ends before it starts.",
        f"{PACKAGER}, CreateOriginEndpoint: END_TIME_EARLIER_THAN_START_TIME",
    )
    DELAY_BEYOND_STARTOVER = (
        "PS2109",
        "A manifest's time delay is not smaller than the endpoint's startover window.",
        f"{PACKAGER}, FilterConfiguration.TimeDelaySeconds; CreateOriginEndpoint: "
        "INVALID_TIME_DELAY_SECONDS",
    )

    TEMPLATE_TOO_LARGE = (
        "PS2201",
        "The template has more bytes than CloudFormation accepts from a bucket.",
        'AWS CloudFormation User Guide, "Quotas", template body',
    )

    CFN_LINT_STOPPED = (
        "PS2301",
        "The linter cfn-lint stopped with an error of its own and has not checked the template.",
        "ours: generator/protected_stream/lint/cloudformation.py",
    )
    REGION_UNKNOWN_TO_CFN_LINT = (
        "PS2302",
        "The linter cfn-lint does not know the Region yet and has checked the template for another "
        "one; does not count as a finding.",
        "ours: generator/protected_stream/lint/cloudformation.py",
    )

    MEDIA_WITHOUT_SIGNATURE = (
        "PS2401",
        "A cache behavior serves the packager's media without a signature, although the template "
        "has keys for signatures; or files of a folder of which another behavior requires one.",
        'Amazon CloudFront Developer Guide, "Specify signers that can create signed URLs and '
        'signed cookies"; that a stream is protected as a whole is ours',
    )

    def __init__(self, rule_id: str, meaning: str, source: str) -> None:
        self.id = rule_id
        self.meaning = meaning
        """A sentence that says what is wrong."""
        self.source = source
        """The documentation of it; "ours" and why, where AWS has none."""


RULES: Mapping[str, Rule] = {rule.id: rule for rule in Rule}
"""By ID."""


@dataclass(frozen=True)
class CfnLintRule:
    """A cfn-lint rule, which cfn-lint documents."""

    id: str
