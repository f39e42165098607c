"""A handwritten template of a whole stream, for the tests of the media checks."""

from typing import Any

Document = dict[str, Any]

LADDER = (
    # width, height, bits per second, quality level, profile
    (1920, 1080, 4_100_000, 8, "HIGH"),
    (1280, 720, 2_700_000, 8, "MAIN"),
    (960, 540, 1_800_000, 7, "MAIN"),
    (768, 432, 1_200_000, 7, "MAIN"),
    (640, 360, 800_000, 7, "MAIN"),
    (512, 288, 400_000, 6, "MAIN"),
)


def example_stream() -> Document:
    """A STANDARD channel with RTMP input and, through MediaPackage v2, HLS and DASH."""
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Parameters": {"InputCidr": {"Type": "String"}, "StreamKey": {"Type": "String"}},
        "Resources": {
            "AllowList": {
                "Type": "AWS::MediaLive::InputSecurityGroup",
                "Properties": {
                    "WhitelistRules": [{"Cidr": {"Ref": "InputCidr"}}, {"Cidr": "192.0.2.1/32"}],
                    "Tags": {"team": "video"},
                },
            },
            "Encoder": {"Type": "AWS::MediaLive::Input", "Properties": _input()},
            "ChannelRole": {"Type": "AWS::IAM::Role", "Properties": {}},
            "Channel": {"Type": "AWS::MediaLive::Channel", "Properties": _channel()},
            "PackagerGroup": {
                "Type": "AWS::MediaPackageV2::ChannelGroup",
                "Properties": {
                    "ChannelGroupName": {"Fn::Sub": "${AWS::StackName}-live"},
                    "Tags": [{"Key": "team", "Value": "video"}],
                },
            },
            "PackagerChannel": {
                "Type": "AWS::MediaPackageV2::Channel",
                "Properties": {
                    "ChannelGroupName": _from_arn(1, "PackagerGroup"),
                    "ChannelName": "channel-1191b4",
                    "Description": "both pipelines send here",
                    "InputType": "CMAF",
                    "OutputLockingMode": "NON_EPOCH_LOCKED",
                    "InputSwitchConfiguration": {
                        "MQCSInputSwitching": True,
                        "PreferredInput": 1,
                    },
                },
            },
            "Endpoint": {"Type": "AWS::MediaPackageV2::OriginEndpoint", "Properties": _endpoint()},
            "OnlyDelivery": {
                "Type": "AWS::MediaPackageV2::OriginEndpointPolicy",
                "Properties": _policy(),
            },
            "KeyGroup": {"Type": "AWS::CloudFront::KeyGroup", "Properties": {}},
            "Distribution": {
                "Type": "AWS::CloudFront::Distribution",
                "Properties": {"DistributionConfig": _distribution()},
            },
        },
    }


def _input() -> Document:
    return {
        "Name": {"Fn::Sub": "${AWS::StackName}-encoder"},
        "Type": "RTMP_PUSH",
        "InputSecurityGroups": [{"Ref": "AllowList"}],
        "Destinations": [
            {"StreamName": {"Fn::Sub": "primary/${StreamKey}"}},
            {"StreamName": {"Fn::Sub": "backup/${StreamKey}"}},
        ],
        "Tags": {"team": "video"},
    }


def _channel() -> Document:
    return {
        "Name": {"Fn::Join": ["-", [{"Ref": "AWS::StackName"}, "channel"]]},
        "ChannelClass": "STANDARD",
        "LogLevel": "DISABLED",
        "RoleArn": {"Fn::GetAtt": ["ChannelRole", "Arn"]},
        "InputAttachments": [
            {
                "InputAttachmentName": "encoder",
                "InputId": {"Ref": "Encoder"},
                "InputSettings": {
                    "AudioSelectors": [{"Name": "default"}],
                    "SourceEndBehavior": "CONTINUE",
                    "FilterStrength": 1,
                },
            }
        ],
        "InputSpecification": {
            "Codec": "AVC",
            "Resolution": "HD",
            "MaximumBitrate": "MAX_20_MBPS",
        },
        "Destinations": [
            {
                "Id": "packager",
                "MediaPackageSettings": [
                    {
                        "ChannelGroup": _from_arn(1, "PackagerChannel"),
                        "ChannelName": _from_arn(3, "PackagerChannel"),
                    }
                ],
            }
        ],
        "EncoderSettings": {
            "TimecodeConfig": {"Source": "SYSTEMCLOCK", "SyncThreshold": 300},
            "GlobalConfiguration": {
                "OutputLockingMode": "PIPELINE_LOCKING",
                "OutputLockingSettings": {
                    "PipelineLockingSettings": {"PipelineLockingMethod": "VIDEO_ALIGNMENT"}
                },
                "InputLossBehavior": {"BlackFrameMsec": 1000, "InputLossImageColor": "101010"},
            },
            "VideoDescriptions": [_video(*rung) for rung in LADDER],
            "AudioDescriptions": [_audio()],
            "OutputGroups": [_output_group()],
        },
    }


def _video(width: int, height: int, bitrate: int, quality: int, profile: str) -> Document:
    return {
        "Name": f"video-{width}x{height}",
        "Width": width,
        "Height": height,
        "ScalingBehavior": "DEFAULT",
        "Sharpness": 50,
        "CodecSettings": {
            "H264Settings": {
                "RateControlMode": "QVBR",
                "MaxBitrate": bitrate,
                "BufSize": 2 * bitrate,
                "QvbrQualityLevel": quality,
                "Profile": profile,
                "EntropyEncoding": "CABAC",
                "FramerateControl": "SPECIFIED",
                "FramerateNumerator": 30,
                "FramerateDenominator": 1,
                "ParControl": "SPECIFIED",
                "ParNumerator": 1,
                "ParDenominator": 1,
                "ScanType": "PROGRESSIVE",
                "GopSize": 2,
                "GopSizeUnits": "SECONDS",
                "GopClosedCadence": 1,
                "GopNumBFrames": 3,
                "NumRefFrames": 3,
                "SceneChangeDetect": "DISABLED",
            }
        },
    }


def _audio() -> Document:
    return {
        "Name": "audio",
        "AudioSelectorName": "default",
        "LanguageCode": "eng",
        "LanguageCodeControl": "FOLLOW_INPUT",
        "AudioNormalizationSettings": {"Algorithm": "ITU_1770_2", "TargetLkfs": -23.0},
        "CodecSettings": {
            "AacSettings": {
                "Bitrate": 96000,
                "SampleRate": 48000,
                "CodingMode": "CODING_MODE_2_0",
                "Profile": "LC",
                "RateControlMode": "CBR",
            }
        },
    }


def _output_group() -> Document:
    return {
        "Name": "packager",
        "OutputGroupSettings": {
            "MediaPackageGroupSettings": {
                "Destination": {"DestinationRefId": "packager"},
                "MediapackageV2GroupSettings": {
                    "SegmentLength": 2,
                    "SegmentLengthUnits": "SECONDS",
                },
            }
        },
        "Outputs": [
            *(
                {
                    "OutputName": f"video-{width}x{height}",
                    "VideoDescriptionName": f"video-{width}x{height}",
                    "OutputSettings": {"MediaPackageOutputSettings": {}},
                }
                for width, height, *_ in LADDER
            ),
            {
                "OutputName": "audio",
                "AudioDescriptionNames": ["audio"],
                "OutputSettings": {"MediaPackageOutputSettings": {}},
            },
        ],
    }


def _endpoint() -> Document:
    return {
        "ChannelGroupName": _from_arn(1, "PackagerChannel"),
        "ChannelName": _from_arn(3, "PackagerChannel"),
        "OriginEndpointName": "cmaf-aef8ba",
        "ContainerType": "CMAF",
        "Segment": {
            "SegmentDurationSeconds": 4,
            "SegmentName": "segment",
            "IncludeIframeOnlyStreams": False,
        },
        "StartoverWindowSeconds": 0,
        "HlsManifests": [
            {
                "ManifestName": "index",
                "ManifestWindowSeconds": 300,
                "ProgramDateTimeIntervalSeconds": 4,
                "UrlEncodeChildManifest": True,
                "StartTag": {"TimeOffset": -12.5},
            }
        ],
        "DashManifests": [
            {
                "ManifestName": "index",
                "ManifestWindowSeconds": 300,
                "MinUpdatePeriodSeconds": 4,
                "MinBufferTimeSeconds": 8,
                "SuggestedPresentationDelaySeconds": 12,
                "SegmentTemplateFormat": "NUMBER_WITH_TIMELINE",
                "UtcTiming": {"TimingMode": "UTC_DIRECT"},
                "PeriodTriggers": ["AVAILS"],
            }
        ],
    }


def _policy() -> Document:
    arn = "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"
    return {
        "ChannelGroupName": _from_arn(1, "Endpoint"),
        "ChannelName": _from_arn(3, "Endpoint"),
        "OriginEndpointName": _from_arn(5, "Endpoint"),
        "Policy": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "cloudfront.amazonaws.com"},
                    "Action": "mediapackagev2:GetObject",
                    "Resource": {"Ref": "Endpoint"},
                    "Condition": {"StringEquals": {"aws:SourceArn": {"Fn::Sub": arn}}},
                }
            ],
        },
    }


def _distribution() -> Document:
    packager = {"Fn::GetAtt": ["PackagerGroup", "EgressDomain"]}
    return {
        "Origins": [
            {"Id": "packager", "DomainName": packager},
            {"Id": "page", "DomainName": {"Fn::GetAtt": ["PageBucket", "RegionalDomainName"]}},
        ],
        "CacheBehaviors": [
            {
                "PathPattern": "/out/v1/*",
                "TargetOriginId": "packager",
                "TrustedKeyGroups": [{"Ref": "KeyGroup"}],
            }
        ],
        "DefaultCacheBehavior": {"TargetOriginId": "page"},
    }


def _from_arn(part: int, resource: str) -> Document:
    return {"Fn::Select": [part, {"Fn::Split": ["/", {"Ref": resource}]}]}
