"""S3 bucket for the page."""

from tests.conftest import Document, of_type
from tests.resolve import Stack


def test_nothing_of_a_bucket_is_public(any_template: Document) -> None:
    buckets = of_type(any_template, "AWS::S3::Bucket")
    assert "PageBucket" in buckets
    for bucket in buckets.values():
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        (rule,) = bucket["OwnershipControls"]["Rules"]
        assert rule["ObjectOwnership"] == "BucketOwnerEnforced"
        assert bucket["BucketEncryption"]


def test_every_bucket_denies_requests_without_tls(any_template: Document) -> None:
    policies = of_type(any_template, "AWS::S3::BucketPolicy").values()
    denied = {
        policy["Bucket"]["Ref"]
        for policy in policies
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
        and statement["Condition"]["Bool"]["aws:SecureTransport"] in (False, "false")
    }
    assert denied == set(of_type(any_template, "AWS::S3::Bucket"))


def test_only_this_distribution_reads_the_page(default: Document) -> None:
    stack = Stack(template=default, ids={"Distribution": "E123"})
    statements = stack.properties("PageBucketPolicy")["PolicyDocument"]["Statement"]
    (allowed,) = (item for item in statements if item["Effect"] == "Allow")
    assert allowed["Principal"] == {"Service": ["cloudfront.amazonaws.com"]}
    assert allowed["Action"] == ["s3:GetObject", "s3:ListBucket"]
    assert allowed["Condition"] == {
        "StringEquals": {"aws:SourceArn": "arn:aws:cloudfront::123456789012:distribution/E123"}
    }


def test_unfinished_uploads_are_deleted(any_template: Document) -> None:
    for bucket in of_type(any_template, "AWS::S3::Bucket").values():
        rules = bucket["LifecycleConfiguration"]["Rules"]
        assert any("AbortIncompleteMultipartUpload" in rule for rule in rules)
