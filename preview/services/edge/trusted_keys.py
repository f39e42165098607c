"""CloudFront trusted key groups, and trusted signers (accounts with CloudFront key pairs).

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-trusted-signers.html
"""

from preview.resource import Resource, values_at


def trusted_groups(distribution: Resource) -> set[str]:
    """The IDs of the key groups that a distribution's cache behaviors trust."""
    return _in_behaviors(distribution, "TrustedKeyGroups")


def trusted_signers(distribution: Resource) -> set[str]:
    """The account numbers that a distribution's cache behaviors trust, including "self"."""
    return _in_behaviors(distribution, "TrustedSigners")


def _in_behaviors(distribution: Resource, name: str) -> set[str]:
    """The items of a list in all cache behaviors."""
    config = distribution.properties["DistributionConfig"]
    return {
        item
        for path in (f"CacheBehaviors/*/{name}/*", f"DefaultCacheBehavior/{name}/*")
        for item in values_at(config, path.split("/"))
    }
