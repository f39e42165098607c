"""Files that the operator uploads: the template, the functions' code, the page."""

import json
import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from preview.account import Account
from preview.cloudformation.expressions import Scope
from preview.cloudformation.parameters import parameter_values
from preview.errors import PreviewError

# RFC 9239; Python 3.11 has another content type for scripts
CONTENT_TYPES = {".js": "text/javascript"}
UNKNOWN = "binary/octet-stream"
NOT_FOUND = "404.html"


def template_of(path: Path) -> dict[str, Any]:
    """The template in a file.

    Raises:
        PreviewError: it cannot be read, or is not JSON.
    """
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise PreviewError(f"{path}: {error.strerror}. Create it with: make template") from None
    except ValueError as error:
        raise PreviewError(f"{path} is not JSON ({error}).") from None


def upload_code(
    account: Account, template: Mapping[str, Any], parameters: Mapping[str, str], folder: Path
) -> None:
    """Uploads the functions' zip files to the bucket and keys in the template.

    Raises:
        PreviewError: a file is missing, or a parameter is wrong.
    """
    names = parameter_values(template.get("Parameters", {}), parameters)
    scope = Scope(names={**names, **account.stack.pseudo_parameters})
    for resource in template["Resources"].values():
        code = resource.get("Properties", {}).get("Code", {})
        if resource["Type"] == "AWS::Lambda::Function" and "S3Key" in code:
            bucket, key = scope.text(code["S3Bucket"]), scope.text(code["S3Key"])
            file = folder / key.rpartition("/")[2]
            if not file.is_file():
                raise PreviewError(f"{file} is missing. Create it with: make template")
            account.put_object(bucket, key, file.read_bytes())


def upload_page(account: Account, bucket: str, folder: Path) -> int:
    """Uploads a folder as `aws s3 sync` does, and the page for unknown paths, which is next to it.

    Returns the number of files, 0 if the folder is missing.

    The type comes from the file name: https://docs.aws.amazon.com/cli/latest/reference/s3/sync.html
    """
    files = {
        path.relative_to(folder).as_posix(): path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    if files and (folder.parent / NOT_FOUND).is_file():
        files[NOT_FOUND] = folder.parent / NOT_FOUND
    for key, path in files.items():
        account.client("s3").put_object(
            Bucket=bucket,
            Key=key,
            Body=path.read_bytes(),
            ContentType=_content_type(path),
            CacheControl="no-store" if key == NOT_FOUND else "max-age=60",
        )
    return len(files)


def _content_type(path: Path) -> str:
    return CONTENT_TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or UNKNOWN
