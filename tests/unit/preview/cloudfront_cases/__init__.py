"""What CloudFront answers to a signed request, row by row, from its documentation alone."""

from tests.unit.preview.cloudfront_cases import (
    addresses,
    alphabets,
    behaviors,
    canned,
    canned_texts,
    cookies,
    granted,
    hash_algorithm,
    key_ids,
    methods,
    omissions,
    policies,
    precedence,
    resources,
    signatures,
    signed_urls,
    times,
    url_sections,
)
from tests.unit.preview.cloudfront_cases.row import Row

ROWS: tuple[Row, ...] = (
    *addresses.ROWS,
    *alphabets.ROWS,
    *behaviors.ROWS,
    *canned.ROWS,
    *canned_texts.ROWS,
    *cookies.ROWS,
    *granted.ROWS,
    *hash_algorithm.ROWS,
    *key_ids.ROWS,
    *methods.ROWS,
    *omissions.ROWS,
    *policies.ROWS,
    *precedence.ROWS,
    *resources.ROWS,
    *signatures.ROWS,
    *signed_urls.ROWS,
    *times.ROWS,
    *url_sections.ROWS,
)
