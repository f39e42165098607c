"""MediaLive input security group: the addresses that may send to a push input."""

from dataclasses import dataclass

from troposphere import Parameter, Ref, medialive

from protected_stream.template.metadata import why
from protected_stream.template.section import LabelledParameter

OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
IPV4_CIDR_FROM_8_TO_32 = rf"^({OCTET}\.){{3}}{OCTET}/([89]|[12][0-9]|3[0-2])$"
UNDOCUMENTED_REF = {
    # cfn-lint expects IDs in another format than the one that Ref returns
    "cfn-lint": {"config": {"ignore_checks": ["E1041"]}}
}


@dataclass(frozen=True, kw_only=True)
class AllowList:
    """The input security group and its parameter."""

    parameter: LabelledParameter
    group: medialive.InputSecurityGroup


def allow_list(warning: str) -> AllowList:
    """The input security group for the addresses that the operator enters.

    Args:
        warning: why they should be few; the parameter's description ends with it.
    """
    cidr = Parameter(
        "InputCidr",
        Type="String",
        AllowedPattern=IPV4_CIDR_FROM_8_TO_32,
        ConstraintDescription="must be an IPv4 range from /8 to /32, such as 203.0.113.7/32",
        Description=f"IPv4 range of the encoder, such as 203.0.113.7/32. {warning}",
    )
    return AllowList(
        parameter=LabelledParameter("Addresses that may send the stream", cidr),
        group=medialive.InputSecurityGroup(
            "EncoderAllowList",
            Metadata=why("only the encoder's addresses may send"),
            WhitelistRules=[medialive.InputWhitelistRule(Cidr=Ref(cidr))],
        ),
    )
