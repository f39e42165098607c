"""S3 bucket of the page: upload of the page that was built, and removal of files that are gone."""

from collections.abc import Mapping
from pathlib import Path

from protected_stream.errors import AwsError, BuildError
from protected_stream.operator.aws_errors import explained
from protected_stream.operator.connection import Connection
from protected_stream.reading.commands import NOT_FOUND_CACHE, PAGE_CACHE

SITE, NOT_FOUND = "site", "404.html"
"""In the folder of a build: the page, and the page for unknown paths."""
CONTENT_TYPES: Mapping[str, str] = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
"""By suffix. Source: IANA, "Media Types"."""
MOST_DELETED = 1000
"""Source: Amazon S3 API Reference, DeleteObjects."""


def page_files(out: Path) -> dict[str, Path]:
    """The files of the page, by their keys in the bucket, in the order to upload them.

    What an HTML file refers to comes before it.

    Raises:
        BuildError: there is no page, or nobody has said what type a file has.
    """
    site = out / SITE
    paths = [path for path in sorted(site.rglob("*")) if path.is_file()]
    if not (site / "index.html").is_file() or not (out / NOT_FOUND).is_file():
        raise BuildError(f"{site}: there is no page; `protected-stream page` writes one.")
    files = {path.relative_to(site).as_posix(): path for path in paths} | {
        NOT_FOUND: out / NOT_FOUND
    }
    for key, path in files.items():
        if path.suffix not in CONTENT_TYPES:
            raise BuildError(f"{path}: no content type is known for {path.suffix or key}.")
    return dict(sorted(files.items(), key=lambda one: (one[1].suffix == ".html", one[0])))


def sync(connection: Connection, files: Mapping[str, Path], bucket: str) -> tuple[int, int]:
    """Uploads all files and deletes what else is in the bucket; returns how many of each.

    Raises:
        AwsError: AWS refuses, or cannot be reached; files that were uploaded stay, and the command
            can be repeated.
    """
    client = connection.client("s3")
    for key, path in files.items():
        with explained(f"upload {key} to the bucket {bucket}"):
            client.put_object(
                Bucket=bucket,
                Key=key,
                Body=path.read_bytes(),
                ContentType=CONTENT_TYPES[path.suffix],
                CacheControl=NOT_FOUND_CACHE if key == NOT_FOUND else PAGE_CACHE,
            )
    with explained(f"list the bucket {bucket}"):
        there = [
            item["Key"]
            for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
            for item in page.get("Contents", ())
        ]
    gone = [key for key in there if key not in files]
    for start in range(0, len(gone), MOST_DELETED):
        keys = gone[start : start + MOST_DELETED]
        with explained(f"delete former files from the bucket {bucket}"):
            answer = client.delete_objects(
                Bucket=bucket, Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True}
            )
        for error in answer.get("Errors", ()):
            raise AwsError(f"AWS refused to delete {error['Key']}: {error['Message']}.")
    return len(files), len(gone)
