"""Troposphere classes that its generated ones lack or define differently from CloudFormation."""

from collections.abc import Callable

from troposphere import AWSObject, AWSProperty, PropsDictType, awslambda, mediapackagev2
from troposphere.validators.iam import policytypes
from troposphere.validators.route53 import AliasTarget

alias_target: Callable[..., AWSProperty] = AliasTarget
"""`AliasTarget` of a record, whose constructor has no types in troposphere 4.11."""


class FunctionLoggingConfig(awslambda.LoggingConfig):
    """`LoggingConfig` of a function; troposphere 4.11 has another resource's class of that name."""

    props: PropsDictType = {**awslambda.LoggingConfig.props, "LogFormat": (str, False)}


class OriginEndpointPolicy(mediapackagev2.OriginEndpointPolicy):
    """`OriginEndpointPolicy` that accepts an awacs policy; troposphere 4.11 accepts only a dict."""

    props: PropsDictType = {
        **mediapackagev2.OriginEndpointPolicy.props,
        "Policy": (policytypes, True),
    }


CALL: PropsDictType = {"ServiceToken": (str, True), "ServiceTimeout": (int, True)}
"""Properties of every custom resource."""


class SigningKeyPair(AWSObject):
    """Custom resource: the signing_key function creates the key pair."""

    resource_type = "Custom::SigningKeyPair"
    props: PropsDictType = {**CALL, "Algorithm": (str, True)}


class PublicKeyPem(AWSObject):
    """Custom resource: the public_key function gets a public key from KMS."""

    resource_type = "Custom::PublicKeyPem"
    props: PropsDictType = {**CALL, "KeyId": (str, True)}


class ChannelGuard(AWSObject):
    """Custom resource: the channel_guard function allows or rejects updates."""

    resource_type = "Custom::ChannelGuard"
    props: PropsDictType = {
        **CALL,
        "Channel": (str, True),
        "Definition": (str, True),
        "References": ([str], True),
        "StopChannelToUpdate": (str, True),
    }


class OnAir(AWSObject):
    """Custom resource: the channel_guard function starts and stops the channel.

    Its attributes are the addresses of push inputs, by application.
    """

    resource_type = "Custom::OnAir"
    props: PropsDictType = {
        **CALL,
        "ChannelId": (str, True),
        "InputIds": ([str], True),
        "StartChannel": (str, True),
    }
