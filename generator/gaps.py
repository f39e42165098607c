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


class SigningKeyPair(AWSObject):
    """The custom resource behind which the signing_key function makes the key pair."""

    resource_type = "Custom::SigningKeyPair"
    props: PropsDictType = {
        "ServiceToken": (str, True),
        "ServiceTimeout": (int, True),
        "Algorithm": (str, True),
    }
