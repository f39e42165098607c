"""AWS CLI command lines that deploy the template and the page, for the user to copy.

What the user replaces in them has the name of the parameter or output with the value.
"""

import shlex
from pathlib import Path

from protected_stream.reading.written import Written

PAGE = "protected-stream page"
PAGE_CACHE, NOT_FOUND_CACHE = "max-age=60", "no-store"
"""Cache-Control of the page's files, and of the page for unknown paths."""


def copy_parameters(written: Written) -> str:
    """The line that creates the operator's own copy of the parameters.

    Each stream has a copy of its own, and `-i` asks before it overwrites one that is filled in.
    """
    return f"cp -i {shlex.quote(str(written.folder))}/parameters.json {_parameters(written)}"


def _parameters(written: Written) -> str:
    return f"parameters-{written.name}.json"


def deploy(written: Written) -> tuple[str, ...]:
    """The lines that upload the functions' code, if it is in zip files, and deploy the template."""
    folder, where = shlex.quote(str(written.folder)), _where(written)
    zip_files = '--recursive --exclude "*" --include "*.zip"'
    copy_code = f"aws s3 cp {folder}/lambda/ s3://ArtifactBucket/ {zip_files}{where}"
    by_bucket = " --s3-bucket ArtifactBucket" if written.needs_bucket else ""
    return (
        *([copy_code] if written.has_zip_files else []),
        f"aws cloudformation deploy --template-file {folder}/template.json "
        f"--stack-name {written.name} --parameter-overrides file://{_parameters(written)} "
        f"--capabilities CAPABILITY_IAM{by_bucket}{where}",
    )


def print_outputs(written: Written) -> str:
    """The line that prints the stack's outputs, whose values the other lines need."""
    outputs = '--query "Stacks[0].Outputs[].[OutputKey,OutputValue]" --output table'
    where = _where(written)
    return f"aws cloudformation describe-stacks --stack-name {written.name} {outputs}{where}"


def deploy_page(written: Written) -> tuple[str, ...]:
    """The lines that write the page and upload it."""
    command, stream, out = (
        ("make site", "STREAM=", "OUT=") if written.in_checkout else (PAGE, "", "--out ")
    )
    options = (
        f" {option}{shlex.quote(str(path))}"
        for option, path, default in (
            (stream, written.stream_file, Path("stream.toml")),
            (out, written.folder, Path("build")),
        )
        if path not in (None, default)
    )
    return (f"{command}{''.join(options)}", *upload_page(written.folder, _where(written)))


def _where(written: Written) -> str:
    return "" if written.region == "any" else f" --region {written.region}"


def upload_page(out: Path, where: str = "") -> tuple[str, str]:
    """The lines that upload the page of the build in the folder `out`, and that for unknown paths.

    With CachingOptimized, a file is cached for at least a second, and for a day if it sets no
    Cache-Control. So each file is cached for a minute; otherwise viewers would see a new page a
    day later. The page for unknown paths is also the body of the media's 404s, and brings its own
    headers: a browser that cached it would not notice that the stream is on air.
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
    """
    folder = shlex.quote(str(out))
    bucket = "s3://PageBucketName/"
    return (
        f"aws s3 sync {folder}/site/ {bucket} --delete --cache-control {PAGE_CACHE}{where}",
        f"aws s3 cp {folder}/404.html {bucket} --cache-control {NOT_FOUND_CACHE}{where}",
    )
