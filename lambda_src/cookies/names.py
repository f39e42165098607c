"""The names of the cookies that open the stream to a viewer."""

NAMES = (
    "CloudFront-Policy",
    "CloudFront-Signature",
    "CloudFront-Key-Pair-Id",
    "CloudFront-Hash-Algorithm",
)
"""The cookies' names. The last is always sent: without it CloudFront checks with SHA-1.

https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-setting-signed-cookie-custom-policy.html
"""
