"""MediaLive channel and encoder settings."""

from collections.abc import Callable

import pytest

from protected_stream import Stream
from tests.conftest import Document, of_type
from tests.resolve import Stack

LADDERS = {
    "HD-1080p": [
        (1920, 1080, 4_100_000),
        (1280, 720, 2_700_000),
        (960, 540, 1_800_000),
        (768, 432, 1_200_000),
        (640, 360, 800_000),
        (512, 288, 400_000),
    ],
    "HD-720p": [
        (1280, 720, 2_700_000),
        (960, 540, 1_800_000),
        (768, 432, 1_200_000),
        (640, 360, 800_000),
        (512, 288, 400_000),
    ],
    "SD-540p": [
        (960, 540, 1_800_000),
        (768, 432, 1_200_000),
        (640, 360, 800_000),
        (512, 288, 400_000),
    ],
    "SD-360p": [
        (640, 360, 800_000),
        (512, 288, 400_000),
        (384, 216, 200_000),
        (256, 144, 100_000),
    ],
    "UHD-2160p": [
        (3840, 2160, 16_800_000),
        (2560, 1440, 8_100_000),
        (1920, 1080, 5_800_000),
        (1280, 720, 3_400_000),
        (960, 540, 1_600_000),
    ],
}


def channel(template: Document) -> Document:
    """The properties of the template's channel."""
    (properties,) = of_type(template, "AWS::MediaLive::Channel").values()
    return properties


def videos(template: Document) -> list[Document]:
    """The video description of every rendition."""
    found: list[Document] = channel(template)["EncoderSettings"]["VideoDescriptions"]
    return found


def encoded(template: Document) -> list[Document]:
    """The settings of every rendition's codec."""
    return [one for video in videos(template) for one in video["CodecSettings"].values()]


def h264(template: Document) -> list[Document]:
    """The H.264 settings of every rendition that has them."""
    codecs = [video["CodecSettings"] for video in videos(template)]
    return [one["H264Settings"] for one in codecs if "H264Settings" in one]


@pytest.mark.parametrize("name", LADDERS)
def test_a_ladder_has_its_rungs(template_of: Callable[..., Document], name: str) -> None:
    template = template_of(encoding={"ladder": name})
    assert [
        (video["Width"], video["Height"], settings["MaxBitrate"])
        for video, settings in zip(videos(template), encoded(template), strict=True)
    ] == LADDERS[name]


def test_the_largest_ladder_is_all_hevc_from_a_source_in_uhd(
    template_of: Callable[..., Document],
) -> None:
    template = template_of(encoding={"ladder": "UHD-2160p"})
    assert h264(template) == []
    assert channel(template)["InputSpecification"] == {
        "Codec": "AVC",
        "Resolution": "UHD",
        "MaximumBitrate": "MAX_50_MBPS",
    }


OWN = [
    {"width": 1920, "height": 1080, "bitrate": 5_000_000, "quality": 9},
    {"width": 1920, "height": 1080, "bitrate": 3_000_000, "codec": "hevc"},
    {"width": 1280, "height": 720, "bitrate": 2_000_000, "profile": "high", "level": "4.1"},
    {"width": 1280, "height": 720, "bitrate": 1_500_000, "codec": "hevc", "profile": "main-10bit"},
    {"width": 1280, "height": 720, "bitrate": 1_000_000},
]


def test_renditions_of_ones_own_are_encoded_as_they_say(
    template_of: Callable[..., Document],
) -> None:
    template = template_of(encoding={"renditions": OWN})
    assert [
        (list(video["CodecSettings"]), video["Width"], video["Height"])
        for video in videos(template)
    ] == [
        (["H264Settings"], 1920, 1080),
        (["H265Settings"], 1920, 1080),
        (["H264Settings"], 1280, 720),
        (["H265Settings"], 1280, 720),
        (["H264Settings"], 1280, 720),
    ]
    assert [
        (one["MaxBitrate"], one["QvbrQualityLevel"], one["Profile"], one.get("Level"))
        for one in encoded(template)
    ] == [
        (5_000_000, 9, "HIGH", None),
        (3_000_000, 7, "MAIN", None),
        (2_000_000, 7, "HIGH", "H264_LEVEL_4_1"),
        (1_500_000, 7, "MAIN_10BIT", None),
        (1_000_000, 7, "MAIN", None),
    ]


def test_outputs_of_the_same_size_have_different_names(
    template_of: Callable[..., Document],
) -> None:
    template = template_of(encoding={"renditions": OWN})
    (group,) = channel(template)["EncoderSettings"]["OutputGroups"]
    assert [output["OutputName"] for output in group["Outputs"]] == [
        "video-1920x1080",
        "video-1920x1080-hevc",
        "video-1280x720-2000000",
        "video-1280x720-hevc",
        "video-1280x720-1000000",
        "audio",
    ]


@pytest.mark.parametrize(
    ("lines", "b_frames"), [(1080, (3, "ENABLED", None)), (1082, (2, "DISABLED", "FIXED"))]
)
def test_hevc_above_1080p_has_fewer_b_frames(
    template_of: Callable[..., Document], lines: int, b_frames: tuple[int, str, str | None]
) -> None:
    """AWS Elemental MediaLive API, H265Settings: GopBReference, GopNumBFrames, SubgopLength."""
    one = {"width": 1920, "height": lines, "bitrate": 5_000_000, "codec": "hevc"}
    (settings,) = encoded(template_of(encoding={"renditions": [one]}))
    assert (
        settings["GopNumBFrames"],
        settings["GopBReference"],
        settings.get("SubgopLength"),
    ) == b_frames


@pytest.mark.parametrize(
    ("lines", "source"),
    [
        (2160, ("UHD", "MAX_50_MBPS")),
        (1082, ("UHD", "MAX_50_MBPS")),
        (1080, ("HD", "MAX_20_MBPS")),
        (722, ("HD", "MAX_20_MBPS")),
        (720, ("HD", "MAX_10_MBPS")),
    ],
)
def test_the_source_is_as_large_as_the_largest_rendition(
    template_of: Callable[..., Document], lines: int, source: tuple[str, str]
) -> None:
    """AWS Elemental MediaLive API, InputResolution: UHD has more than 1080 lines."""
    one = {"width": 1280, "height": lines, "bitrate": 5_000_000}
    specification = channel(template_of(encoding={"renditions": [one]}))["InputSpecification"]
    assert (specification["Resolution"], specification["MaximumBitrate"]) == source


@pytest.mark.parametrize(("codec", "name"), [("hevc", "HEVC"), ("mpeg2", "MPEG2")])
def test_the_codec_of_the_source_is_stated(
    template_of: Callable[..., Document], codec: str, name: str
) -> None:
    template = template_of(ingest={"type": "rtp-push"}, encoding={"source_codec": codec})
    assert channel(template)["InputSpecification"]["Codec"] == name


def test_the_default_is_the_ladder_of_1080_lines(
    default: Document, template_of: Callable[..., Document]
) -> None:
    assert h264(default) == h264(template_of(encoding={"ladder": "HD-1080p"}))


def test_renditions_can_be_changed_at_any_segment(any_encoded_template: Document) -> None:
    """One frame rate, one GOP, closed, and no I-frames that only some renditions have."""
    assert len({_timing(settings) for settings in encoded(any_encoded_template)}) == 1
    assert all(settings["GopClosedCadence"] == 1 for settings in encoded(any_encoded_template))
    assert all(
        settings["SceneChangeDetect"] == "DISABLED" for settings in encoded(any_encoded_template)
    )


def test_the_packager_gets_its_own_segments_of_whole_gops(any_encoded_template: Document) -> None:
    """MediaPackage would have to join shorter segments.

    Source: aws-samples/aws-cdk-mediaservices-refarch, docs/troubleshooting.md.
    """
    (group,) = channel(any_encoded_template)["EncoderSettings"]["OutputGroups"]
    settings = group["OutputGroupSettings"]["MediaPackageGroupSettings"]
    ingested = settings["MediapackageV2GroupSettings"]
    endpoints = of_type(any_encoded_template, "AWS::MediaPackageV2::OriginEndpoint").values()
    lengths = {endpoint["Segment"]["SegmentDurationSeconds"] for endpoint in endpoints}
    assert ingested["SegmentLengthUnits"] == "SECONDS"
    assert {ingested["SegmentLength"]} == lengths
    for settings in encoded(any_encoded_template):
        assert ingested["SegmentLength"] % settings["GopSize"] == 0


def test_profile_and_entropy_coding_fit(any_encoded_template: Document) -> None:
    assert {settings["EntropyEncoding"] for settings in h264(any_encoded_template)} <= {"CABAC"}


def test_bits_are_spent_where_the_video_needs_them(any_encoded_template: Document) -> None:
    for settings in encoded(any_encoded_template):
        assert settings["RateControlMode"] == "QVBR"
        assert settings["BufSize"] == 2 * settings["MaxBitrate"]


def test_the_frame_rate_is_the_configured_one(template_of: Callable[..., Document]) -> None:
    template = template_of(encoding={"frame_rate": 50})
    assert {_timing(settings)[:2] for settings in h264(template)} == {(50, 1)}


@pytest.mark.parametrize(
    ("rate", "ratio"),
    [(23.976, (24_000, 1001)), (29.97, (30_000, 1001)), (59.94, (60_000, 1001))],
)
def test_the_rates_of_ntsc_are_exact(
    template_of: Callable[..., Document], rate: float, ratio: tuple[int, int]
) -> None:
    template = template_of(encoding={"frame_rate": rate})
    assert {_timing(settings)[:2] for settings in h264(template)} == {ratio}


def test_the_audio_has_a_language_only_if_it_is_stated(
    default: Document, template_of: Callable[..., Document]
) -> None:
    (audio,) = channel(default)["EncoderSettings"]["AudioDescriptions"]
    assert audio["LanguageCodeControl"] == "FOLLOW_INPUT"
    assert "LanguageCode" not in audio
    english = template_of(encoding={"audio_language": "en"})
    (audio,) = channel(english)["EncoderSettings"]["AudioDescriptions"]
    assert (audio["LanguageCodeControl"], audio["LanguageCode"]) == ("USE_CONFIGURED", "en")


def test_the_output_keeps_the_pace_of_medialives_clock(any_encoded_template: Document) -> None:
    settings = channel(any_encoded_template)["EncoderSettings"]["GlobalConfiguration"]
    assert settings["OutputTimingSource"] == "SYSTEM_CLOCK"


def test_nothing_is_logged_or_shown_in_the_console_by_default(default: Document) -> None:
    assert "LogLevel" not in channel(default)
    thumbnails = channel(default)["EncoderSettings"]["ThumbnailConfiguration"]
    assert thumbnails == {"State": "DISABLED"}


def test_a_log_needs_permission_for_medialives_log_group_and_no_other(
    template_of: Callable[..., Document],
) -> None:
    """MediaLive User Guide, "Reference: summary of trusted entity access".

    CloudWatch Logs lists groups only for a role that may list all.
    """
    template = template_of(encoding={"log_level": "warning"})
    assert channel(template)["LogLevel"] == "WARNING"
    stack = Stack(template=template)
    (policy,) = stack.properties("ChannelRole")["Policies"]
    (_, writing, listing) = policy["PolicyDocument"]["Statement"]
    assert len(writing["Action"]) == 6
    groups = "arn:aws:logs:us-east-1:123456789012:log-group:"
    group = f"{groups}ElementalMediaLive"
    assert writing["Resource"] == [group, f"{group}:*"]
    assert (listing["Action"], listing["Resource"]) == (["logs:DescribeLogGroups"], [f"{groups}*"])


def test_thumbnails_need_permission_to_write_to_a_bucket_that_is_not_known(
    template_of: Callable[..., Document],
) -> None:
    template = template_of(encoding={"thumbnails": True})
    thumbnails = channel(template)["EncoderSettings"]["ThumbnailConfiguration"]
    assert thumbnails == {"State": "AUTO"}
    role = template["Resources"]["ChannelRole"]["Properties"]
    (_, write) = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert (write["Action"], write["Resource"]) == (["s3:PutObject"], ["*"])


def test_medialive_uses_the_role_for_channels_of_this_account_and_region_only(
    any_encoded_template: Document,
) -> None:
    stack = Stack(template=any_encoded_template)
    (trust,) = stack.properties("ChannelRole")["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": ["medialive.amazonaws.com"]}
    assert trust["Action"] == ["sts:AssumeRole", "sts:TagSession"]
    assert trust["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": "arn:aws:medialive:us-east-1:123456789012:channel:*"},
    }


def test_all_renditions_share_one_encode_of_each_audio(any_encoded_template: Document) -> None:
    settings = channel(any_encoded_template)["EncoderSettings"]
    delivered = [
        name
        for output in settings["OutputGroups"][0]["Outputs"]
        for name in output.get("AudioDescriptionNames", ())
    ]
    assert delivered == [one["Name"] for one in settings["AudioDescriptions"]]


def test_every_output_carries_one_stream(any_encoded_template: Document) -> None:
    """AWS Elemental MediaLive User Guide: CMAF ingest allows one stream per output."""
    (group,) = channel(any_encoded_template)["EncoderSettings"]["OutputGroups"]
    for output in group["Outputs"]:
        video, audio = output.get("VideoDescriptionName"), output.get("AudioDescriptionNames", ())
        # captions inside the video belong to it
        captions = () if video else output.get("CaptionDescriptionNames", ())
        assert len([*filter(None, [video]), *audio, *captions]) == 1


def test_the_pipelines_run_in_step_without_a_timecode(default: Document) -> None:
    properties = channel(default)
    assert properties["ChannelClass"] == "STANDARD"
    assert properties["EncoderSettings"]["GlobalConfiguration"] == {
        "OutputTimingSource": "SYSTEM_CLOCK",
        "OutputLockingMode": "PIPELINE_LOCKING",
        "OutputLockingSettings": {
            "PipelineLockingSettings": {"PipelineLockingMethod": "VIDEO_ALIGNMENT"}
        },
    }
    assert properties["EncoderSettings"]["TimecodeConfig"] == {"Source": "SYSTEMCLOCK"}


def test_a_single_pipeline_needs_no_locking(template_of: Callable[..., Document]) -> None:
    """AWS Elemental MediaLive API, GlobalConfiguration: locking is for several pipelines."""
    single = template_of(encoding={"channel_class": "SINGLE_PIPELINE"})
    assert channel(single)["ChannelClass"] == "SINGLE_PIPELINE"
    settings = channel(single)["EncoderSettings"]["GlobalConfiguration"]
    assert settings == {"OutputTimingSource": "SYSTEM_CLOCK"}
    (input_,) = of_type(single, "AWS::MediaLive::Input").values()
    assert len(input_["Destinations"]) == 1
    assert "EncoderAddressPrimary" in single["Outputs"]
    assert "EncoderAddressBackup" not in single["Outputs"]


def test_another_class_is_another_channel_and_input(
    default: Document, template_of: Callable[..., Document]
) -> None:
    """UpdateChannel has no ChannelClass, and an input's class is immutable."""
    single = template_of(encoding={"channel_class": "SINGLE_PIPELINE"})
    for kind in ("AWS::MediaLive::Channel", "AWS::MediaLive::Input", "Custom::OnAir"):
        assert of_type(default, kind).keys().isdisjoint(of_type(single, kind))


OF_PARAMETER = ["ssm:GetParameter", "ssm:GetParameters"]
OF_SECRET = ["secretsmanager:GetSecretValue"]
READ_WITH = {
    "parameter": [OF_PARAMETER],
    "parameter-with-own-key": [OF_PARAMETER, ["kms:Decrypt"]],
    "generated": [OF_SECRET],
    "secret": [OF_SECRET],
    "secret-with-own-key": [OF_SECRET, ["kms:Decrypt"]],
}
"""What a channel may do to read its input, by where the password or passphrase is."""
OF_THE_CONSOLE = ("logs:", "s3:PutObject")
"""Actions for the encoder's log and thumbnails, which have tests of their own."""


def test_the_channel_may_read_its_input_deliver_to_its_packager_and_nothing_else(
    any_encoded_template: Document, any_encoded_stream: Stream
) -> None:
    role = any_encoded_template["Resources"]["ChannelRole"]["Properties"]
    (policy,) = role["Policies"]
    *reads, delivers = [
        statement
        for statement in policy["PolicyDocument"]["Statement"]
        if not statement["Action"][0].startswith(OF_THE_CONSOLE)
    ]
    assert delivers == {
        "Effect": "Allow",
        "Action": ["mediapackagev2:GetChannel", "mediapackagev2:PutObject"],
        "Resource": [{"Ref": "PackagerChannel"}],
    }
    asked = any_encoded_stream.ingest.model_dump()
    secret = asked.get("password") or asked.get("passphrase", "none")
    needed = [["s3:GetObject"]] if asked["type"] == "mp4-file" else READ_WITH.get(secret, [])
    assert [statement["Action"] for statement in reads] == needed


def _timing(settings: Document) -> tuple[int, int, int, str]:
    return (
        settings["FramerateNumerator"],
        settings["FramerateDenominator"],
        settings["GopSize"],
        settings["GopSizeUnits"],
    )


def test_nothing_is_encoded_at_a_higher_price_than_the_summary_counts(default: Document) -> None:
    """The enhanced quality level costs more; reading/prices.py has the price of the standard one.

    Source: MediaLive User Guide, "Setting up enhanced VQ mode".
    """
    (channel,) = of_type(default, "AWS::MediaLive::Channel").values()
    descriptions = channel["EncoderSettings"]["VideoDescriptions"]
    levels = {video["CodecSettings"]["H264Settings"]["QualityLevel"] for video in descriptions}
    assert levels == {"STANDARD_QUALITY"}


FILE = {"type": "mp4-file"}
TRANSPORT_STREAM = {"type": "rtp-push"}


def outputs(template: Document) -> dict[str, Document]:
    """The settings for MediaPackage v2 of each output, by the name of the output."""
    (group,) = channel(template)["EncoderSettings"]["OutputGroups"]
    return {
        output["OutputName"]: output["OutputSettings"]["MediaPackageOutputSettings"].get(
            "MediaPackageV2DestinationSettings", {}
        )
        for output in group["Outputs"]
    }


def selectors(template: Document, kind: str) -> list[Document]:
    """The selectors of the channel's input."""
    (attachment,) = channel(template)["InputAttachments"]
    found: list[Document] = attachment["InputSettings"].get(kind, [])
    return found


def test_several_audios_are_selected_encoded_and_delivered(
    template_of: Callable[..., Document],
) -> None:
    audio = [
        {"language": "en", "track": 3, "name": "English"},
        {"language": "pt-BR", "track": 2, "default": True},
        {"language": "de"},
    ]
    template = template_of(ingest=FILE, encoding={"ladder": "SD-360p", "audio": audio})
    assert selectors(template, "AudioSelectors") == [
        {
            "Name": f"track-{track}",
            "SelectorSettings": {"AudioTrackSelection": {"Tracks": [{"Track": track}]}},
        }
        for track in (2, 3)
    ] + [{"Name": "default"}]
    described = channel(template)["EncoderSettings"]["AudioDescriptions"]
    assert [
        (one["Name"], one["AudioSelectorName"], one["LanguageCode"], one.get("StreamName"))
        for one in described
    ] == [
        ("audio-2-pt-BR", "track-2", "pt-BR", None),
        ("audio-1-en", "track-3", "en", "English"),
        ("audio-3-de", "default", "de", None),
    ]
    assert {one["LanguageCodeControl"] for one in described} == {"USE_CONFIGURED"}
    assert {name: said for name, said in outputs(template).items() if said} == {
        "audio-1-en": {"HlsDefault": "NO"},
        "audio-2-pt-BR": {"HlsDefault": "YES", "HlsAutoSelect": "YES"},
        "audio-3-de": {"HlsDefault": "NO"},
    }


@pytest.mark.parametrize(
    ("choice", "selector"),
    [
        (
            {"pid": 482},
            {"Name": "pid-482", "SelectorSettings": {"AudioPidSelection": {"Pid": 482}}},
        ),
        (
            {"source_language": "deu"},
            {
                "Name": "source-deu",
                "SelectorSettings": {
                    "AudioLanguageSelection": {
                        "LanguageCode": "deu",
                        "LanguageSelectionPolicy": "STRICT",
                    }
                },
            },
        ),
        ({}, {"Name": "default"}),
    ],
)
def test_an_audio_of_a_transport_stream_is_selected(
    template_of: Callable[..., Document], choice: Document, selector: Document
) -> None:
    template = template_of(
        ingest=TRANSPORT_STREAM, encoding={"audio": [{"language": "de", **choice}]}
    )
    assert selectors(template, "AudioSelectors") == [selector]


def test_the_first_audio_is_the_default_if_none_says_so(
    template_of: Callable[..., Document],
) -> None:
    audio = [{"language": "en"}, {"language": "de", "pid": 33}]
    template = template_of(ingest=TRANSPORT_STREAM, encoding={"audio": audio})
    assert outputs(template)["audio-1-en"]["HlsDefault"] == "YES"
    assert outputs(template)["audio-2-de"]["HlsDefault"] == "NO"


def test_dolby_passes_through_besides_aac(template_of: Callable[..., Document]) -> None:
    audio = [{"language": "en", "pid": 33, "dolby": True}]
    template = template_of(ingest=TRANSPORT_STREAM, encoding={"audio": audio})
    described = channel(template)["EncoderSettings"]["AudioDescriptions"]
    assert [
        (one["Name"], one["AudioSelectorName"], *one["CodecSettings"].items()) for one in described
    ] == [
        ("audio-1-en", "pid-33", ("AacSettings", described[0]["CodecSettings"]["AacSettings"])),
        ("audio-1-en-dolby", "pid-33", ("PassThroughSettings", {})),
    ]
    assert selectors(template, "AudioSelectors") == [
        {"Name": "pid-33", "SelectorSettings": {"AudioPidSelection": {"Pid": 33}}}
    ]
    assert outputs(template)["audio-1-en"] == {"HlsDefault": "YES", "HlsAutoSelect": "YES"}
    assert outputs(template)["audio-1-en-dolby"] == {"HlsDefault": "NO"}


def test_a_table_for_the_only_audio_leaves_the_rest_as_it_is(
    default: Document, template_of: Callable[..., Document]
) -> None:
    one = template_of(encoding={"audio": [{"language": "en"}]})
    assert {name for name, said in outputs(one).items() if said} == set()
    assert selectors(one, "AudioSelectors") == selectors(default, "AudioSelectors")


def test_embedded_captions_are_inside_every_rendition_with_their_languages(
    template_of: Callable[..., Document],
) -> None:
    captions = [{"language": "eng"}, {"language": "spa", "name": "Spanish", "channel": 3}]
    template = template_of(encoding={"ladder": "SD-360p", "captions": captions})
    assert selectors(template, "CaptionSelectors") == [
        {"Name": "captions", "SelectorSettings": {"EmbeddedSourceSettings": {}}}
    ]
    settings = channel(template)["EncoderSettings"]
    assert settings["CaptionDescriptions"] == [
        {
            "Name": "captions",
            "CaptionSelectorName": "captions",
            "DestinationSettings": {"EmbeddedDestinationSettings": {}},
        }
    ]
    (group,) = settings["OutputGroups"]
    package = group["OutputGroupSettings"]["MediaPackageGroupSettings"]
    assert package["MediapackageV2GroupSettings"]["CaptionLanguageMappings"] == [
        {"CaptionChannel": 1, "LanguageCode": "eng", "LanguageDescription": "eng"},
        {"CaptionChannel": 3, "LanguageCode": "spa", "LanguageDescription": "Spanish"},
    ]
    assert [output.get("CaptionDescriptionNames") for output in group["Outputs"]] == [
        *4 * [["captions"]],
        None,
    ]


def test_tracks_of_captions_are_ttml_in_outputs_of_their_own(
    template_of: Callable[..., Document],
) -> None:
    """MediaPackage v2 takes no WebVTT from MediaLive."""
    captions = [
        {"source": "teletext", "form": "track", "page": 888, "language": "deu", "name": "Deutsch"},
        {"form": "track", "channel": 2, "language": "eng"},
    ]
    template = template_of(
        ingest=TRANSPORT_STREAM, encoding={"ladder": "SD-360p", "captions": captions}
    )
    assert selectors(template, "CaptionSelectors") == [
        {
            "Name": "captions-1-deu",
            "SelectorSettings": {"TeletextSourceSettings": {"PageNumber": "888"}},
        },
        {
            "Name": "captions-2-eng",
            "SelectorSettings": {"EmbeddedSourceSettings": {"Source608ChannelNumber": 2}},
        },
    ]
    settings = channel(template)["EncoderSettings"]
    assert [
        (one["Name"], one["CaptionSelectorName"], one["LanguageCode"], one["LanguageDescription"])
        for one in settings["CaptionDescriptions"]
    ] == [
        ("captions-1-deu", "captions-1-deu", "deu", "Deutsch"),
        ("captions-2-eng", "captions-2-eng", "eng", "eng"),
    ]
    assert {
        kind for one in settings["CaptionDescriptions"] for kind in one["DestinationSettings"]
    } == {"TtmlDestinationSettings"}
    (group,) = settings["OutputGroups"]
    assert [output.get("CaptionDescriptionNames") for output in group["Outputs"]] == [
        *5 * [None],
        ["captions-1-deu"],
        ["captions-2-eng"],
    ]
    package = group["OutputGroupSettings"]["MediaPackageGroupSettings"]
    assert "CaptionLanguageMappings" not in package["MediapackageV2GroupSettings"]


def test_without_a_table_for_them_no_captions_are_read(default: Document) -> None:
    assert "CaptionDescriptions" not in channel(default)["EncoderSettings"]
    assert selectors(default, "CaptionSelectors") == []
