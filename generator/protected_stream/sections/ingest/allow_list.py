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


MOST_NETWORKS = 10
"""Most rules of an input security group.

https://docs.aws.amazon.com/medialive/latest/ug/working-with-input-security-groups.html
"""


@dataclass(frozen=True, kw_only=True)
class AllowList:
    """The input security group and its parameters."""

    parameters: tuple[LabelledParameter, ...]
    group: medialive.InputSecurityGroup


def allow_list(networks: int, warning: str) -> AllowList:
    """The input security group for the addresses that the operator enters.

    MediaLive documents no widest range: the limit of /8 is this project's.

    Args:
        networks: how many ranges there are, 1 to `MOST_NETWORKS`.
        warning: why they should be narrow; the first parameter's description has it.
    """
    first = _network(
        "InputCidr",
        f"IPv4 range of the encoder, such as 203.0.113.7/32. {warning} If the address changes: "
        "update this, enter the provider's range, or send through a VPN with a fixed address.",
    )
    others = [
        _network(f"InputCidr{number}", "Another IPv4 range of the encoder.")
        for number in range(2, networks + 1)
    ]
    return AllowList(
        parameters=(
            LabelledParameter("Addresses that may send the stream", first),
            *(LabelledParameter("More addresses that may send it", one) for one in others),
        ),
        group=medialive.InputSecurityGroup(
            "EncoderAllowList",
            Metadata=why("only the encoder's addresses may send"),
            WhitelistRules=[
                medialive.InputWhitelistRule(Cidr=Ref(one)) for one in (first, *others)
            ],
        ),
    )


def _network(title: str, description: str) -> Parameter:
    return Parameter(
        title,
        Type="String",
        AllowedPattern=IPV4_CIDR_FROM_8_TO_32,
        ConstraintDescription="must be an IPv4 range from /8 to /32, such as 203.0.113.7/32; "
        "a wider one would let strangers send",
        Description=description,
    )
