"""MediaLive channel and encoder settings."""

from collections.abc import Callable

import pytest

from tests.conftest import Document, of_type

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
}


def channel(template: Document) -> Document:
    """The properties of the template's channel."""
    (properties,) = of_type(template, "AWS::MediaLive::Channel").values()
    return properties


def h264(template: Document) -> list[Document]:
    """The H.264 settings of every rendition."""
    videos = channel(template)["EncoderSettings"]["VideoDescriptions"]
    return [video["CodecSettings"]["H264Settings"] for video in videos]


@pytest.mark.parametrize("name", LADDERS)
def test_a_ladder_has_its_rungs(template_of: Callable[..., Document], name: str) -> None:
    template = template_of(encoding={"ladder": name})
    videos = channel(template)["EncoderSettings"]["VideoDescriptions"]
    assert [
        (video["Width"], video["Height"], settings["MaxBitrate"])
        for video, settings in zip(videos, h264(template), strict=True)
    ] == LADDERS[name]


def test_the_default_is_the_ladder_of_1080_lines(
    default: Document, template_of: Callable[..., Document]
) -> None:
    assert h264(default) == h264(template_of(encoding={"ladder": "HD-1080p"}))


def test_renditions_can_be_changed_at_any_segment(any_template: Document) -> None:
    """One frame rate, one GOP, closed, and no I-frames that only some renditions have."""
    assert len({_timing(settings) for settings in h264(any_template)}) == 1
    assert all(settings["GopClosedCadence"] == 1 for settings in h264(any_template))
    assert all(settings["SceneChangeDetect"] == "DISABLED" for settings in h264(any_template))


def test_segments_are_whole_numbers_of_gops(any_template: Document) -> None:
    (group,) = channel(any_template)["EncoderSettings"]["OutputGroups"]
    settings = group["OutputGroupSettings"]["MediaPackageGroupSettings"]
    ingested = settings["MediapackageV2GroupSettings"]["SegmentLength"]
    (endpoint,) = of_type(any_template, "AWS::MediaPackageV2::OriginEndpoint").values()
    packaged = endpoint["Segment"]["SegmentDurationSeconds"]
    for encoded in h264(any_template):
        assert ingested % encoded["GopSize"] == 0
        assert packaged % ingested == 0


def test_profile_and_entropy_coding_fit(any_template: Document) -> None:
    assert {settings["EntropyEncoding"] for settings in h264(any_template)} == {"CABAC"}


def test_bits_are_spent_where_the_video_needs_them(any_template: Document) -> None:
    for settings in h264(any_template):
        assert settings["RateControlMode"] == "QVBR"
        assert settings["BufSize"] == 2 * settings["MaxBitrate"]


def test_the_frame_rate_is_the_configured_one(template_of: Callable[..., Document]) -> None:
    template = template_of(encoding={"frame_rate": 50})
    assert {_timing(settings)[:2] for settings in h264(template)} == {(50, 1)}


def test_all_renditions_share_one_audio(any_template: Document) -> None:
    settings = channel(any_template)["EncoderSettings"]
    assert len(settings["AudioDescriptions"]) == 1


def test_every_output_carries_one_stream(any_template: Document) -> None:
    """AWS Elemental MediaLive User Guide: CMAF ingest allows one stream per output."""
    (group,) = channel(any_template)["EncoderSettings"]["OutputGroups"]
    for output in group["Outputs"]:
        streams = [output.get("VideoDescriptionName"), *output.get("AudioDescriptionNames", ())]
        assert len(list(filter(None, streams))) == 1


def test_the_pipelines_run_in_step_without_a_timecode(default: Document) -> None:
    properties = channel(default)
    assert properties["ChannelClass"] == "STANDARD"
    assert properties["EncoderSettings"]["GlobalConfiguration"] == {
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
    assert "GlobalConfiguration" not in channel(single)["EncoderSettings"]
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


def test_the_channel_may_deliver_to_its_packager_and_nothing_else(any_template: Document) -> None:
    role = any_template["Resources"]["ChannelRole"]["Properties"]
    (policy,) = role["Policies"]
    assert policy["PolicyDocument"]["Statement"] == [
        {
            "Effect": "Allow",
            "Action": ["mediapackagev2:GetChannel", "mediapackagev2:PutObject"],
            "Resource": [{"Ref": "PackagerChannel"}],
        }
    ]


def _timing(settings: Document) -> tuple[int, int, int, str]:
    return (
        settings["FramerateNumerator"],
        settings["FramerateDenominator"],
        settings["GopSize"],
        settings["GopSizeUnits"],
    )


def test_nothing_is_encoded_at_a_higher_price_than_the_summary_counts(default: Document) -> None:
    """The enhanced quality level costs more; reading/cost.py has the price of the standard one.

    Source: MediaLive User Guide, "Setting up enhanced VQ mode".
    """
    (channel,) = of_type(default, "AWS::MediaLive::Channel").values()
    descriptions = channel["EncoderSettings"]["VideoDescriptions"]
    levels = {video["CodecSettings"]["H264Settings"]["QualityLevel"] for video in descriptions}
    assert levels == {"STANDARD_QUALITY"}
