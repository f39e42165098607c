"""Troposphere's classes where its generated ones fall short of CloudFormation's schemas."""

from troposphere import AWSObject, PropsDictType, awslambda, mediapackagev2
from troposphere.validators.iam import policytypes


class FunctionLoggingConfig(awslambda.LoggingConfig):
    """`LoggingConfig` of a function; troposphere 4.11 keeps another resource's of the same name."""

    props: PropsDictType = {**awslambda.LoggingConfig.props, "LogFormat": (str, False)}


class OriginEndpointPolicy(mediapackagev2.OriginEndpointPolicy):
    """`OriginEndpointPolicy` that takes an awacs policy; troposphere 4.11 takes a dict only."""

    props: PropsDictType = {
        **mediapackagev2.OriginEndpointPolicy.props,
        "Policy": (policytypes, True),
    }


CALL: PropsDictType = {"ServiceToken": (str, True), "ServiceTimeout": (int, True)}
"""What every custom resource has."""


class SigningKeyPair(AWSObject):
    """The custom resource behind which the signing_key function makes the key pair."""

    resource_type = "Custom::SigningKeyPair"
    props: PropsDictType = {**CALL, "Algorithm": (str, True)}


class PublicKeyPem(AWSObject):
    """The custom resource behind which the public_key function asks KMS for a public key."""

    resource_type = "Custom::PublicKeyPem"
    props: PropsDictType = {**CALL, "KeyId": (str, True)}


class ChannelGuard(AWSObject):
    """The custom resource behind which the channel_guard function allows updates, or not."""

    resource_type = "Custom::ChannelGuard"
    props: PropsDictType = {
        **CALL,
        "Channel": (str, True),
        "Definition": (str, True),
        "References": ([str], True),
        "StopChannelToUpdate": (str, True),
    }


class OnAir(AWSObject):
    """The custom resource behind which the channel_guard function starts and stops the channel."""

    resource_type = "Custom::OnAir"
    props: PropsDictType = {**CALL, "ChannelId": (str, True), "StartChannel": (str, True)}
