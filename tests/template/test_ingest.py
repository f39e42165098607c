"""MediaLive input: where the encoder sends the stream."""

import json
import re
from collections.abc import Callable
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from protected_stream import Stream
from protected_stream.reading.references import references
from protected_stream.sections.ingest import INPUTS, ingest
from protected_stream.template.iam import roles
from tests.conftest import Document, of_type
from tests.resolve import Stack


@pytest.mark.parametrize(
    "text", ["203.0.113.7/32", "10.0.0.0/8", "255.255.255.255/9", "192.0.2.0/24", "1.2.3.4/10"]
)
def test_an_address_range_of_an_encoder_is_accepted(default: Document, text: str) -> None:
    assert re.fullmatch(default["Parameters"]["InputCidr"]["AllowedPattern"], text)


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0/0",
        "10.0.0.0/7",
        "10.0.0.0/33",
        "256.0.0.1/32",
        "1.2.3.4",
        "1.2.3/24",
        "01.2.3.4/32",
        "2001:db8::/32",
        "1.2.3.4/32\n",
        "",
    ],
)
def test_a_range_that_is_too_wide_or_invalid_is_rejected(default: Document, text: str) -> None:
    assert not re.fullmatch(default["Parameters"]["InputCidr"]["AllowedPattern"], text)


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("a" * 15, False),
        ("a" * 16, True),
        ("Z9-_" * 16, True),
        ("a" * 65, False),
        ("/" * 20, False),
        ("with spaces in the key", False),
    ],
)
def test_a_stream_key_is_long_enough_to_be_a_password(
    default: Document, text: str, taken: bool
) -> None:
    assert bool(re.fullmatch(default["Parameters"]["StreamKey"]["AllowedPattern"], text)) == taken


def test_the_stream_key_is_never_shown(default: Document) -> None:
    assert default["Parameters"]["StreamKey"]["NoEcho"] is True
    assert "Default" not in default["Parameters"]["StreamKey"]


def test_two_pipelines_have_a_destination_each(default: Document) -> None:
    """AWS Elemental MediaLive User Guide: a STANDARD channel needs two pushes."""
    properties = Stack(template=default).properties("EncoderInput")
    assert properties["Type"] == "RTMP_PUSH"
    assert properties["Destinations"] == [
        {"StreamName": "primary/parameter-StreamKey"},
        {"StreamName": "backup/parameter-StreamKey"},
    ]


def test_only_the_given_addresses_may_send(default: Document) -> None:
    (group,) = of_type(default, "AWS::MediaLive::InputSecurityGroup").values()
    assert group == {"WhitelistRules": [{"Cidr": {"Ref": "InputCidr"}}]}
    (encoder,) = of_type(default, "AWS::MediaLive::Input").values()
    assert encoder["InputSecurityGroups"] == [{"Ref": "EncoderAllowList"}]


@pytest.mark.parametrize("networks", [1, 2, 10])
def test_each_network_is_a_parameter_and_a_rule(
    template_of: Callable[..., Document], networks: int
) -> None:
    template = template_of(ingest={"encoder_networks": networks})
    names = ["InputCidr", *(f"InputCidr{number}" for number in range(2, networks + 1))]
    parameters = template["Parameters"]
    assert [name for name in parameters if name.startswith("InputCidr")] == names
    (group,) = of_type(template, "AWS::MediaLive::InputSecurityGroup").values()
    assert group == {"WhitelistRules": [{"Cidr": {"Ref": name}} for name in names]}
    first = parameters["InputCidr"]
    for name in names:
        assert parameters[name]["AllowedPattern"] == first["AllowedPattern"]
        assert "a wider one would let strangers" in parameters[name]["ConstraintDescription"]
    assert "If the address changes" in first["Description"]


@pytest.mark.parametrize("networks", [0, 11, "2", 1.5])
def test_a_group_has_one_to_ten_networks(
    template_of: Callable[..., Document], networks: object
) -> None:
    with pytest.raises(ValidationError):
        template_of(ingest={"encoder_networks": networks})


def test_the_guard_does_not_know_the_networks(template_of: Callable[..., Document]) -> None:
    """They change while the channel is on air."""
    one, two = (template_of(ingest={"encoder_networks": networks}) for networks in (1, 2))
    assert one["Resources"]["ChannelGuard"] == two["Resources"]["ChannelGuard"]
    assert "InputCidr" not in json.dumps(two["Resources"]["ChannelGuard"])


def test_the_addresses_are_those_that_a_function_reads_from_the_input(default: Document) -> None:
    told = {"primary": "rtmp://192.0.2.1:1935/primary", "backup": "rtmp://192.0.2.2:1935/backup"}
    stack = Stack(
        template=default, attributes={f"ChannelOnAir.{name}": told[name] for name in told}
    )
    assert stack.properties("ChannelOnAir")["InputIds"] == [stack.value({"Ref": "EncoderInput"})]
    for name, address in told.items():
        output = default["Outputs"][f"EncoderAddress{name.capitalize()}"]
        assert stack.value(output["Value"]) == address


def test_no_attribute_of_an_input_is_used(any_encoded_template: Document) -> None:
    """CloudFormation does not have them in every Region, and they carry the stream key."""
    inputs = of_type(any_encoded_template, "AWS::MediaLive::Input").keys()
    used = {name for name, attribute in references(any_encoded_template) if attribute}
    assert inputs
    assert not inputs & used


MP4 = {"ingest": {"type": "mp4-file"}}


@pytest.mark.parametrize(("channel_class", "times"), [("STANDARD", 2), ("SINGLE_PIPELINE", 1)])
def test_every_pipeline_plays_the_file_in_a_loop(
    template_of: Callable[..., Document], channel_class: str, times: int
) -> None:
    template = template_of(**MP4, encoding={"channel_class": channel_class})
    (source,) = of_type(template, "AWS::MediaLive::Input").values()
    assert source["Type"] == "MP4_FILE"
    assert source["Sources"] == [{"Url": {"Fn::Sub": "s3ssl://${SourceObject}"}}] * times
    (channel,) = of_type(template, "AWS::MediaLive::Channel").values()
    (attachment,) = channel["InputAttachments"]
    assert attachment["InputSettings"]["SourceEndBehavior"] == "LOOP"
    assert not of_type(template, "AWS::MediaLive::InputSecurityGroup")
    assert not [name for name in template["Outputs"] if name.startswith("EncoderAddress")]


def test_the_channel_may_read_this_file_only(template_of: Callable[..., Document]) -> None:
    role = template_of(**MP4)["Resources"]["ChannelRole"]["Properties"]
    statements = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert [one["Resource"] for one in statements if one["Action"] == ["s3:GetObject"]] == [
        [{"Fn::Sub": "arn:${AWS::Partition}:s3:::${SourceObject}"}]
    ]


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("my-bucket/loop.mp4", True),
        ("my-bucket/shows/2026-11-30/loop_1.mp4", True),
        ("my.bucket/loop.mp4", False),
        ("my-bucket/loop.mov", False),
        ("my-bucket/*.mp4", False),
        ("my-bucket/a?.mp4", False),
        ("my-bucket/loop.mp4\n", False),
        ("my-bucket/${aws:username}.mp4", False),
        ("*/loop.mp4", False),
        ("s3://my-bucket/loop.mp4", False),
        ("loop.mp4", False),
        ("my-bucket/loop.ts", False),
    ],
)
def test_a_file_is_a_bucket_and_a_key_without_wildcards(
    template_of: Callable[..., Document], text: str, taken: bool
) -> None:
    """The channel's policy would give access to more than one object."""
    pattern = template_of(**MP4)["Parameters"]["SourceObject"]["AllowedPattern"]
    assert bool(re.fullmatch(pattern, text)) == taken


def test_options_of_another_type_are_refused(template_of: Callable[..., Document]) -> None:
    with pytest.raises(ValidationError):
        template_of(ingest={"type": "mp4-file", "encoder_networks": 1})


PULLS = {"rtmp-pull": ("RTMP_PULL", "RtmpSource"), "url-pull": ("URL_PULL", "HlsSource")}


@pytest.mark.parametrize("kind", PULLS)
def test_each_pipeline_pulls_from_an_address_of_its_own(
    template_of: Callable[..., Document], kind: str
) -> None:
    """Create an RTMP pull input: two URLs for a STANDARD channel, otherwise one."""
    aws, name = PULLS[kind]
    for channel_class, names in {
        "STANDARD": [name, f"Backup{name}"],
        "SINGLE_PIPELINE": [name],
    }.items():
        template = template_of(ingest={"type": kind}, encoding={"channel_class": channel_class})
        (source,) = of_type(template, "AWS::MediaLive::Input").values()
        assert source["Type"] == aws
        assert source["Sources"] == [{"Url": {"Ref": one}} for one in names]
        assert [one for one in template["Parameters"] if "Source" in one] == names
        (channel,) = of_type(template, "AWS::MediaLive::Channel").values()
        (attachment,) = channel["InputAttachments"]
        assert attachment["InputSettings"]["SourceEndBehavior"] == "CONTINUE"


def test_the_server_of_an_hls_source_must_prove_its_name(
    template_of: Callable[..., Document],
) -> None:
    (channel,) = of_type(
        template_of(ingest={"type": "url-pull"}), "AWS::MediaLive::Channel"
    ).values()
    network = channel["InputAttachments"][0]["InputSettings"]["NetworkInputSettings"]
    assert network["ServerValidation"] == "CHECK_CRYPTOGRAPHY_AND_VALIDATE_NAME"


@pytest.mark.parametrize("kind", PULLS)
@pytest.mark.parametrize(
    ("password", "actions"),
    [
        ("none", []),
        ("parameter", [["ssm:GetParameter", "ssm:GetParameters"]]),
        (
            "parameter-with-own-key",
            [["ssm:GetParameter", "ssm:GetParameters"], ["kms:Decrypt"]],
        ),
    ],
)
def test_the_channel_may_read_the_password_that_the_source_asks_for(
    template_of: Callable[..., Document], kind: str, password: str, actions: list[list[str]]
) -> None:
    template = template_of(ingest={"type": kind, "password": password})
    role = template["Resources"]["ChannelRole"]["Properties"]
    *reads, _ = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert [statement["Action"] for statement in reads] == actions
    (source,) = of_type(template, "AWS::MediaLive::Input").values()
    stack = Stack(template=template)
    for one in source["Sources"]:
        assert ("Username" in one, "PasswordParam" in one) == (bool(actions), bool(actions))
        if actions:
            name = stack.value(one["PasswordParam"])
            (arn,) = stack.value(reads[0]["Resource"])
            assert arn == f"arn:aws:ssm:us-east-1:123456789012:parameter{name}"


@pytest.mark.parametrize(
    ("kind", "text", "taken"),
    [
        ("rtmp-pull", "rtmp://203.0.113.13:1935/live/curling", True),
        ("rtmp-pull", "rtmp://media.example.com/live/a?key=b", True),
        ("rtmp-pull", "rtmp://user:password@media.example.com/live/a", False),
        ("rtmp-pull", "https://media.example.com/live/a", False),
        ("rtmp-pull", "rtmp://media.example.com", False),
        ("url-pull", "https://media.example.com/live/index.m3u8", True),
        ("url-pull", "http://203.0.113.13:8080/a/index.m3u8?token=1", True),
        ("url-pull", "https://user:password@media.example.com/index.m3u8", False),
        ("url-pull", "https://media.example.com/index.mpd", False),
        ("url-pull", "https://media.example.com/a b/index.m3u8", False),
    ],
)
def test_an_address_has_the_right_scheme_and_no_password(
    template_of: Callable[..., Document], kind: str, text: str, taken: bool
) -> None:
    """Anyone who may describe the stack sees the parameters."""
    _, name = PULLS[kind]
    parameters = template_of(ingest={"type": kind})["Parameters"]
    for one in (name, f"Backup{name}"):
        assert bool(re.fullmatch(parameters[one]["AllowedPattern"], text)) == taken


def notes_of(tables: dict[str, Any], label: str) -> list[str]:
    """What the summary says of the source under that label."""
    stream = Stream.model_validate(tables)
    section = ingest(stream.ingest, stream.encoding.pipelines, roles(stream.roles))
    return [note.text for note in section.notes if note.label == label]


def input_of(template: Document) -> Document:
    """The properties of the stream's input."""
    (source,) = of_type(template, "AWS::MediaLive::Input").values()
    return source


@pytest.mark.parametrize("kind", ["rtp-push", "srt-listener"])
def test_only_the_allowed_addresses_may_push(
    template_of: Callable[..., Document], kind: str
) -> None:
    template = template_of(ingest={"type": kind, "encoder_networks": 2})
    assert input_of(template)["InputSecurityGroups"] == [{"Ref": "EncoderAllowList"}]
    (group,) = of_type(template, "AWS::MediaLive::InputSecurityGroup").values()
    assert group == {
        "WhitelistRules": [{"Cidr": {"Ref": one}} for one in ("InputCidr", "InputCidr2")]
    }


@pytest.mark.parametrize("kind", ["rtp-push", "srt-listener"])
@pytest.mark.parametrize(
    ("channel_class", "names"),
    [("STANDARD", ["Primary", "Backup"]), ("SINGLE_PIPELINE", ["Primary"])],
)
def test_the_encoder_has_an_address_for_each_pipeline(
    template_of: Callable[..., Document], kind: str, channel_class: str, names: list[str]
) -> None:
    template = template_of(ingest={"type": kind}, encoding={"channel_class": channel_class})
    outputs = [name for name in template["Outputs"] if name.startswith("EncoderAddress")]
    assert outputs == [f"EncoderAddress{name}" for name in names]


def test_rtp_has_no_destinations_as_medialive_makes_both_addresses(
    template_of: Callable[..., Document],
) -> None:
    assert "Destinations" not in input_of(template_of(ingest={"type": "rtp-push"}))


def test_an_srt_encoder_encrypts_with_a_random_passphrase_that_no_output_shows(
    template_of: Callable[..., Document],
) -> None:
    """The limits are those of MediaLive's passphrases: 10 to 79 characters, plain text."""
    template = template_of(ingest={"type": "srt-listener"})
    (secret,) = (
        resource["Properties"]
        for title, resource in template["Resources"].items()
        if title == "EncoderPassphrase"
    )
    assert secret["GenerateSecretString"] == {"PasswordLength": 32, "ExcludePunctuation": True}
    assert input_of(template)["SrtSettings"]["SrtListenerSettings"]["Decryption"] == {
        "Algorithm": "AES256",
        "PassphraseSecretArn": {"Ref": "EncoderPassphrase"},
    }
    assert template["Outputs"]["EncoderPassphraseArn"]["Value"] == {"Ref": "EncoderPassphrase"}


@pytest.mark.parametrize("kind", ["srt-listener", "srt-caller"])
@pytest.mark.parametrize(
    ("passphrase", "actions"),
    [
        ("secret", [["secretsmanager:GetSecretValue"]]),
        ("secret-with-own-key", [["secretsmanager:GetSecretValue"], ["kms:Decrypt"]]),
    ],
)
def test_the_channel_may_read_an_existing_passphrase_and_nothing_else(
    template_of: Callable[..., Document], kind: str, passphrase: str, actions: list[list[str]]
) -> None:
    template = template_of(ingest={"type": kind, "passphrase": passphrase})
    role = template["Resources"]["ChannelRole"]["Properties"]
    *reads, _ = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert [one["Action"] for one in reads] == actions
    names = ["PassphraseSecretArn", "PassphraseKeyArn"][: len(actions)]
    assert [one["Resource"] for one in reads] == [[{"Ref": name}] for name in names]


@pytest.mark.parametrize("latency", [119, 15_001])
@pytest.mark.parametrize("kind", ["srt-listener", "srt-caller"])
def test_the_latency_of_srt_is_within_the_bounds_of_medialive(
    template_of: Callable[..., Document], kind: str, latency: int
) -> None:
    with pytest.raises(ValidationError):
        template_of(ingest={"type": kind, "latency_milliseconds": latency})


def test_the_channel_calls_one_srt_encoder_for_each_pipeline(
    template_of: Callable[..., Document],
) -> None:
    template = template_of(ingest={"type": "srt-caller", "stream_id": True, "passphrase": "none"})
    source = input_of(template)
    assert "InputSecurityGroups" not in source
    assert source["SrtSettings"]["SrtCallerSources"] == [
        {
            "SrtListenerAddress": {"Ref": f"{which}SrtAddress"},
            "SrtListenerPort": {"Ref": f"{which}SrtPort"},
            "StreamId": {"Ref": "SrtStreamId"},
            "MinimumLatency": 1000,
        }
        for which in ("", "Backup")
    ]


@pytest.mark.parametrize(
    ("tables", "warned"),
    [
        ({"ingest": {"type": "srt-listener"}}, "one address or two"),
        ({"ingest": {"type": "srt-caller", "passphrase": "none"}}, "is not encrypted"),
    ],
)
def test_the_summary_warns_of_what_may_fail(tables: dict[str, Any], warned: str) -> None:
    (warning,) = notes_of(tables, "warning")
    assert warned in warning


@pytest.mark.parametrize(
    "tables",
    [
        {"ingest": {"type": "srt-listener"}, "encoding": {"channel_class": "SINGLE_PIPELINE"}},
        {"ingest": {"type": "srt-caller"}},
    ],
)
def test_the_summary_does_not_warn_without_need(tables: dict[str, Any]) -> None:
    assert notes_of(tables, "warning") == []


@pytest.mark.parametrize(
    "kind",
    [one.model_fields["type"].annotation for one in INPUTS],
    ids=lambda one: get_args(one)[0],
)
def test_the_summary_says_what_to_do_first_and_what_viewers_see_without_the_source(
    kind: Any,
) -> None:
    """mp4-file has a file that may be missing instead of a source that may be lost."""
    tables = {"ingest": {"type": get_args(kind)[0]}}
    assert notes_of(tables, "first")
    assert len(notes_of(tables, "if lost")) + len(notes_of(tables, "if missing")) == 1


def test_the_input_may_add_itself_to_flows_of_this_account_only(
    template_of: Callable[..., Document],
) -> None:
    """MediaLive User Guide, "Reference: summary of trusted entity access"."""
    template = template_of(ingest={"type": "mediaconnect"})
    source = input_of(template)
    assert source["MediaConnectFlows"] == [
        {"FlowArn": {"Ref": "FlowArn"}},
        {"FlowArn": {"Ref": "BackupFlowArn"}},
    ]
    assert source["RoleArn"] == {"Fn::GetAtt": ["InputRole", "Arn"]}
    role = Stack(template=template).properties("InputRole")
    (statement,) = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert statement["Resource"] == ["arn:aws:mediaconnect:us-east-1:123456789012:*"]
    assert [action.partition(":")[2] for action in statement["Action"]] == [
        "ManagedDescribeFlow",
        "ManagedAddOutput",
        "ManagedRemoveOutput",
    ]


def test_each_pipeline_has_a_link_device_of_its_own(template_of: Callable[..., Document]) -> None:
    source = input_of(template_of(ingest={"type": "elemental-link"}))
    assert source["InputDevices"] == [
        {"Id": {"Ref": "LinkDeviceId"}},
        {"Id": {"Ref": "BackupLinkDeviceId"}},
    ]


@pytest.mark.parametrize(
    ("kind", "parameter", "text", "taken"),
    [
        ("srt-caller", "SrtAddress", "203.0.113.13", True),
        ("srt-caller", "SrtAddress", "srt://203.0.113.13", False),
        ("srt-caller", "SrtPort", "5000", True),
        ("srt-caller", "SrtPort", "0", False),
        ("srt-caller", "SrtPort", "65535", True),
        ("srt-caller", "SrtPort", "65536", False),
        ("srt-caller", "SrtPort", "5000/udp", False),
        (
            "mediaconnect",
            "FlowArn",
            "arn:aws:mediaconnect:us-east-1:123456789012:flow:1-a:live",
            True,
        ),
        (
            "mediaconnect",
            "FlowArn",
            "arn:aws:mediaconnect:us-east-1:123456789012:entitlement:1",
            False,
        ),
        ("elemental-link", "LinkDeviceId", "hd-123456789abcdef", True),
        ("elemental-link", "LinkDeviceId", "arn:aws:medialive:device", False),
    ],
)
def test_the_parameters_of_a_source_have_its_form(
    template_of: Callable[..., Document], kind: str, parameter: str, text: str, taken: bool
) -> None:
    template = template_of(ingest={"type": kind})
    assert bool(re.fullmatch(template["Parameters"][parameter]["AllowedPattern"], text)) == taken
