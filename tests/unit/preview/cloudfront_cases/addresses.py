"""From which addresses a policy may be used."""

from tests.unit.preview.cloudfront_cases.row import Row, Saying
from tests.unit.preview.cloudfront_cases.setting import HOST, LATER, VIEWER
from tests.unit.preview.cloudfront_cases.signing import (
    compact,
    custom_cookies,
    custom_url,
    policy,
    statement,
)

PAGE = "private-content-setting-signed-cookie-custom-policy"
URL = f"https://{HOST}/live/1.ts"

ANY = Saying(PAGE, "To allow any IP address to access the file, omit the IpAddress parameter.")
ONE = Saying(PAGE, 'To allow access from a single IP address, you specify: "IPv4 IP address/32".')
RANGE = Saying(
    PAGE,
    "You must specify IP address ranges in standard IPv4 CIDR format (for example, 192.0.2.0/24).",
)
EITHER = Saying(
    PAGE,
    "You can specify either one IP address or one IP address range. You can't set the policy to "
    "allow access if the client's IP address is in one of two separate ranges.",
)
NO_IPV6 = Saying(
    PAGE, "IP addresses in IPv6 format, such as 2001:0db8:85a3::8a2e:0370:7334, are not supported."
)
CLIENT = Saying(
    "private-content-creating-signed-url-custom-policy",
    "IpAddress (Optional): The IP address of the client making the HTTP request.",
)

# The sentence, the policy's address, the viewer's, and whether the one covers the other.
_CASES = (
    (ONE, "203.0.113.7/32", "203.0.113.7", True),
    (ONE, "203.0.113.7/32", "203.0.113.6", False),
    (ONE, "203.0.113.7/32", "203.0.113.8", False),
    (ONE, "203.0.113.7/32", "203.0.113.70", False),
    (ONE, "203.0.113.7/32", "7.113.0.203", False),
    (RANGE, "192.0.2.0/24", "192.0.2.0", True),
    (RANGE, "192.0.2.0/24", "192.0.2.1", True),
    (RANGE, "192.0.2.0/24", "192.0.2.255", True),
    (RANGE, "192.0.2.0/24", "192.0.1.255", False),
    (RANGE, "192.0.2.0/24", "192.0.3.0", False),
    (RANGE, "192.0.2.0/24", "203.0.113.7", False),
    (RANGE, "203.0.113.8/31", "203.0.113.9", True),
    (RANGE, "203.0.113.8/31", "203.0.113.10", False),
    (RANGE, "203.0.113.128/25", "203.0.113.128", True),
    (RANGE, "203.0.113.128/25", "203.0.113.127", False),
    (RANGE, "198.51.96.0/20", "198.51.111.255", True),
    (RANGE, "198.51.96.0/20", "198.51.112.0", False),
    (RANGE, "10.0.0.0/8", "10.255.255.255", True),
    (RANGE, "10.0.0.0/8", "11.0.0.0", False),
    (RANGE, "128.0.0.0/1", "255.255.255.254", True),
    (RANGE, "128.0.0.0/1", "127.255.255.255", False),
    (RANGE, "0.0.0.0/0", "203.0.113.7", True),
    (RANGE, "0.0.0.0/0", "10.0.0.1", True),
    (RANGE, "203.0.113.0-203.0.113.9", VIEWER, False),
    (RANGE, "203.0.113.*", VIEWER, False),
    (RANGE, "203.0.113.0/33", VIEWER, False),
    (RANGE, "203.0.113", VIEWER, False),
    (RANGE, "any", VIEWER, False),
    (EITHER, "203.0.113.0/24,192.0.2.0/24", VIEWER, False),
    (EITHER, "192.0.2.0/24 203.0.113.0/24", VIEWER, False),
    (NO_IPV6, "2001:db8::7/128", "2001:db8::7", False),
    (NO_IPV6, "2001:db8::/32", "2001:db8::7", False),
    (NO_IPV6, "2001:db8::/32", "203.0.113.7", False),
    (NO_IPV6, "203.0.113.7/32", "2001:db8::7", False),
    (NO_IPV6, "192.0.2.0/24", "2001:db8::c000:201", False),
)
_TWO = compact(
    statement(
        URL,
        DateLessThan={"AWS:EpochTime": LATER},
        IpAddress={"AWS:SourceIp": ["203.0.113.0/24", "192.0.2.0/24"]},
    )
)

ROWS: tuple[Row, ...] = (
    *(
        saying.row(
            f"cookies for {address} and a viewer at {viewer}",
            URL,
            custom_cookies(policy(URL, source_ip=address)),
            viewer=viewer,
            allowed=allowed,
        )
        for saying, address, viewer, allowed in _CASES
    ),
    EITHER.row("cookies for a list of two ranges", URL, custom_cookies(_TWO), allowed=False),
    *(
        ANY.row(
            f"cookies for any address and a viewer at {viewer}",
            URL,
            custom_cookies(policy(URL)),
            viewer=viewer,
            allowed=True,
        )
        for viewer in ("203.0.113.7", "10.0.0.1", "2001:db8::7")
    ),
    *(
        CLIENT.row(
            f"a URL signed for {address} and a viewer at {viewer}",
            custom_url(URL, policy(URL, source_ip=address)),
            viewer=viewer,
            allowed=allowed,
        )
        for address, viewer, allowed in (
            ("203.0.113.7/32", "203.0.113.7", True),
            ("203.0.113.7/32", "203.0.113.8", False),
            ("192.0.2.0/24", "192.0.2.200", True),
            ("192.0.2.0/24", "192.0.3.200", False),
        )
    ),
)
