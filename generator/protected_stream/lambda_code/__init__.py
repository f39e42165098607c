"""Lambda function code: in zip files, or in the template itself."""

from collections.abc import Mapping

from protected_stream.lambda_code.inline import InlineCode, inline_code
from protected_stream.lambda_code.zip_bundles import Bundle, Target, bundles

FunctionCode = Bundle | InlineCode

INLINE: Mapping[str, str] = {
    "channel_guard": "channel_guard",
    "channel_guard_with_shows": "channel_guard_with_shows",
    "cookies": "cookies_by_kms",
    "cookies_with_options": "cookies_by_kms_with_options",
    "public_key": "public_key",
    "signing_key_age": "signing_key_age",
}
"""Names of functions' code, and the folders of lambda_src with its inline version."""


def code_of(*, architecture: str, inline: bool) -> Mapping[str, FunctionCode]:
    """The code of every function, by its name, as it is in lambda_src now.

    Code without a zip file is always in the template.

    Args:
        architecture: the processor that the zip files are for, "arm64" or "x86_64".
        inline: whether the template contains all code that it can.
    """
    zips = bundles(Target(architecture=architecture))
    # the zip file's code has every option
    zips["cookies_with_options"] = zips["cookies"]
    wanted = INLINE if inline else INLINE.keys() - zips.keys()
    return {**zips, **{name: inline_code(INLINE[name]) for name in wanted}}
