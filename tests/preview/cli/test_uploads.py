"""Uploads by the operator."""

from pathlib import Path

import pytest

from preview.account import Account
from preview.cli.uploads import template_of, upload_code, upload_page
from preview.errors import PreviewError
from tests.preview.operator import PARAMETERS, template_in

TYPES = {
    "index.html": "text/html",
    "style.css": "text/css",
    "lib/player.js": "text/javascript",
    "lib/LICENSES.txt": "text/plain",
    "icon.svg": "image/svg+xml",
    "something.unheard-of": "binary/octet-stream",
}


def test_each_file_of_the_page_has_a_content_type_and_max_age(tmp_path: Path) -> None:
    for name in TYPES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"this is {name}")
    with Account() as account:
        account.make_bucket("page")
        assert upload_page(account, "page", tmp_path) == len(TYPES)
        for name, kind in TYPES.items():
            found = account.client("s3").get_object(Bucket="page", Key=name)
            assert found["Body"].read().decode() == f"this is {name}"
            assert (found["ContentType"], found["CacheControl"]) == (kind, "max-age=60")


def test_the_page_for_unknown_paths_is_never_kept_by_browsers(tmp_path: Path) -> None:
    """It is next to the site; on its own, it is not a page."""
    (tmp_path / "404.html").write_text("not here")
    with Account() as account:
        account.make_bucket("page")
        assert upload_page(account, "page", tmp_path / "site") == 0
        (tmp_path / "site").mkdir()
        (tmp_path / "site" / "index.html").write_text("here")
        assert upload_page(account, "page", tmp_path / "site") == 2
        found = account.client("s3").get_object(Bucket="page", Key="404.html")
        assert (found["ContentType"], found["CacheControl"]) == ("text/html", "no-store")


def test_a_missing_page_uploads_nothing(tmp_path: Path) -> None:
    with Account() as account:
        account.make_bucket("page")
        assert upload_page(account, "page", tmp_path / "site") == 0


def test_the_code_is_uploaded_to_the_keys_in_the_template(built: Path) -> None:
    with Account() as account:
        parameters = {**PARAMETERS, "ArtifactPrefix": "a/b/"}
        upload_code(account, template_in(built), parameters, built / "lambda")
        objects = account.client("s3").list_objects_v2(Bucket=PARAMETERS["ArtifactBucket"])
        assert {one["Key"] for one in objects["Contents"]} == {
            f"a/b/{path.name}" for path in (built / "lambda").glob("*.zip")
        }


def test_missing_code_is_an_error(built: Path, tmp_path: Path) -> None:
    with (
        Account() as account,
        pytest.raises(PreviewError, match=r"zip is missing. Create it with: make"),
    ):
        upload_code(account, template_in(built), PARAMETERS, tmp_path)


def test_a_missing_or_invalid_template_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PreviewError, match="Create it with: make template"):
        template_of(tmp_path / "gone.json")
    (tmp_path / "text.json").write_text("no JSON")
    with pytest.raises(PreviewError, match="is not JSON"):
        template_of(tmp_path / "text.json")
