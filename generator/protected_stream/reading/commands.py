"""Command lines that deploy the template and the page, for the user to copy.

They are this project's, and those of the AWS CLI. What the user replaces in the latter has the name
of the parameter or output with the value.
"""

import shlex
from pathlib import Path

from protected_stream.reading.written import Written

COMMAND = "protected-stream"
PAGE_CACHE, NOT_FOUND_CACHE = "max-age=60", "no-store"
"""Cache-Control of the page's files, and of the page for unknown paths."""


def program(*, in_checkout: bool) -> str:
    """The project's command, as it is called in a checkout or elsewhere."""
    return f".venv/bin/{COMMAND}" if in_checkout else COMMAND


def own_commands(written: Written) -> tuple[str, ...]:
    """The lines of the project's own command that fill in the parameters, and deploy everything."""
    own, out = program(in_checkout=written.in_checkout), out_option(written.folder)
    bucket = " --create-bucket" if written.needs_bucket else ""
    return (f"{own} parameters{out}", write_page(written), f"{own} deploy{bucket}{out}")


def out_option(folder: Path) -> str:
    """The option that names the folder of the build, unless it is the default."""
    return "" if folder == Path("build") else f" --out {shlex.quote(str(folder))}"


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
        f"--capabilities CAPABILITY_IAM --no-fail-on-empty-changeset{by_bucket}{where}",
    )


def print_outputs(written: Written) -> str:
    """The line that prints the stack's outputs, whose values the other lines need."""
    outputs = '--query "Stacks[0].Outputs[].[OutputKey,OutputValue]" --output table'
    where = _where(written)
    return f"aws cloudformation describe-stacks --stack-name {written.name} {outputs}{where}"


def write_page(written: Written) -> str:
    """The line that writes the page."""
    command, stream, out = (
        ("make site", "STREAM=", "OUT=")
        if written.in_checkout
        else (f"{COMMAND} page", "", "--out ")
    )
    options = (
        f" {option}{shlex.quote(str(path))}"
        for option, path, default in (
            (stream, written.stream_file, Path("stream.toml")),
            (out, written.folder, Path("build")),
        )
        if path not in (None, default)
    )
    return f"{command}{''.join(options)}"


def deploy_page(written: Written) -> tuple[str, ...]:
    """The lines that write the page and upload it."""
    return (write_page(written), *upload_page(written.folder, _where(written)))


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
