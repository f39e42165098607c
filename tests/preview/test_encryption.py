"""A key of the stack's own encrypts what it stores: AWS's services may use it, and no others."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from preview.account import Account
from preview.cloudformation.stack import Stack
from preview.errors import NotSupported, PreviewError, Rejected
from protected_stream.building import build
from protected_stream.config import Stream
from tests.conftest import Document
from tests.preview.operator import copy_code, template_in
from tests.preview.scenario_given import given
from tests.preview.signed_streams import Live, stream_on_air

TABLES: dict[str, Any] = {
    "signing": {"mode": "kms"},
    "buckets": {"former_version_days": 90, "events": True},
    "encryption": {"key": "customer-managed"},
    "functions": {"reserved_concurrency": 50},
}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("encrypted")
    with stream_on_air(Stream.model_validate(TABLES), folder) as one:
        yield one


def without(template: Document, sid: str) -> Document:
    """The template without that statement of the key's policy."""
    changed = deepcopy(template)
    policy = changed["Resources"]["DataKey"]["Properties"]["KeyPolicy"]
    (gone,) = [one for one in policy["Statement"] if one["Sid"] == sid]
    policy["Statement"].remove(gone)
    return changed


def test_cloudfront_reads_the_page_as_long_as_the_key_policy_lets_it(live: Live) -> None:
    assert live.browser.get("/404.html").status_code == 200
    live.stack.deploy(without(live.template, "CloudFront"), given(live.template))
    assert live.browser.get("/").status_code == 403
    live.stack.deploy(live.template, given(live.template))


def test_a_replaced_page_can_be_read_again(live: Live) -> None:
    s3, bucket = live.account.client("s3"), live.stack.outputs["PageBucketName"]
    before = s3.get_object(Bucket=bucket, Key="404.html")
    s3.put_object(Bucket=bucket, Key="404.html", Body=b"replaced")
    former = s3.get_object(Bucket=bucket, Key="404.html", VersionId=before["VersionId"])
    assert former["Body"].read() == before["Body"].read() != b"replaced"


@contextmanager
def built(folder: Path, tables: dict[str, Any]) -> Iterator[tuple[Stack, Document]]:
    build(Stream.model_validate(tables), folder, lambda _: None)
    with Account() as account:
        copy_code(account, folder)
        yield Stack(account=account, say=lambda _: None), template_in(folder)


def test_cloudwatch_logs_refuses_a_key_that_it_may_not_use(tmp_path: Path) -> None:
    words = "KMS key does not exist or is not allowed to be used"
    with built(tmp_path, TABLES) as (stack, template), pytest.raises(Rejected, match=words):
        stack.deploy(without(template, "Logs"), given(template))


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        ({**TABLES, "signing": {"mode": "managed"}}, "SigningSecret: .* not support KmsKeyId"),
    ],
)
def test_the_preview_refuses_what_it_does_not_know(
    tmp_path: Path, tables: dict[str, Any], words: str
) -> None:
    with built(tmp_path, tables) as (stack, template), pytest.raises(NotSupported, match=words):
        stack.deploy(template, given(template))


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"AccelerateConfiguration": {"AccelerationStatus": "Enabled"}}, "AccelerateConfiguration"),
        ({"NotificationConfiguration": {"TopicConfigurations": []}}, "TopicConfigurations"),
    ],
)
def test_the_preview_refuses_a_bucket_that_it_does_not_know(
    properties: dict[str, Any], words: str
) -> None:
    template = {"Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": properties}}}
    with Account() as account, pytest.raises(PreviewError, match=f"Bucket: .*{words}"):
        Stack(account=account, say=lambda _: None).deploy(template, {})
