"""CloudFront Functions: what they get, what they may answer, and which code is taken."""

import json
from typing import Any

import pytest

from preview.errors import NotSupported, PreviewError
from preview.services.edge.edge_function import EdgeFunction, edge_function
from preview.services.edge.viewer_request import viewer_request
from tests.preview.edges import viewer_asks

RUNTIME = "cloudfront-js-2.0"


def properties(code: str, **changed: Any) -> dict[str, Any]:
    return {"FunctionCode": code, "FunctionConfig": {"Runtime": RUNTIME, **changed}}


def made(code: str) -> EdgeFunction:
    return edge_function(properties(code), "Function")


def test_it_gets_the_request_as_the_viewer_sent_it() -> None:
    code = """
      function handler(event) {
        return { statusCode: 200, headers: {}, body: JSON.stringify(event) };
      }
    """
    asked = viewer_asks(
        "https://live.example.com/a%20b/?x=1&x=2&flag",
        cookies={"CloudFront-Policy": "p"},
        headers={"X-Test": "Yes"},
    )
    answer = made(code).answer(viewer_request(asked))
    assert answer is not None
    event = json.loads(answer.get_data(as_text=True))
    assert event["context"]["eventType"] == "viewer-request"
    assert event["viewer"] == {"ip": "203.0.113.7"}
    request = event["request"]
    assert (request["method"], request["uri"]) == ("GET", "/a%20b/")
    assert request["querystring"] == {
        "x": {"value": "2", "multiValue": [{"value": "1"}, {"value": "2"}]},
        "flag": {"value": ""},
    }
    assert request["headers"]["host"] == {"value": "live.example.com"}
    assert request["headers"]["x-test"] == {"value": "Yes"}
    assert "cookie" not in request["headers"]
    assert request["cookies"] == {"CloudFront-Policy": {"value": "p"}}


def asked_of(code: str) -> Any:
    return made(code).answer(viewer_request(viewer_asks("https://live.example.com/")))


def test_a_returned_request_passes() -> None:
    assert asked_of("function handler(event) { return event.request; }") is None


def test_nothing_is_kept_between_requests() -> None:
    code = "let n = 0; function handler(event) { n += 1; return { statusCode: 200 + n }; }"
    assert [asked_of(code).status_code for _ in range(2)] == [201, 201]


@pytest.mark.parametrize(
    "body",
    [
        "return missing.field;",
        "undeclared = 1;",
        "for (;;) {}",
        "throw new Error('no');",
        "const a = []; for (;;) a.push('a');",
    ],
)
def test_a_function_that_fails_is_a_503(body: str) -> None:
    answer = asked_of(f"function handler(event) {{ {body} }}")
    assert (answer.status_code, answer.headers["X-Cache"]) == (503, "Error from cloudfront")


def test_a_changed_request_is_unsupported() -> None:
    with pytest.raises(NotSupported, match="change the request"):
        asked_of("function handler(event) { event.request.uri = '/x'; return event.request; }")


@pytest.mark.parametrize(
    "code",
    [
        "class A {}",
        "import cf from 'cloudfront';",
        "for (const a of [1]) {}",
        "const { a } = {};",
        "const [a] = [1];",
        "const a = b?.c;",
        "const a = b ?? c;",
        "f(...[1, 2]);",
        "eval('1');",
        "setTimeout(f, 1);",
        "new Map();",
    ],
)
def test_javascript_that_cloudfront_does_not_list_is_unsupported(code: str) -> None:
    """QuickJS would run it."""
    with pytest.raises(NotSupported, match="do not document support"):
        made(code)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (properties("function {"), "the code is not JavaScript"),
        (properties("x" * 10_241), "FunctionSizeLimitExceeded"),
        (properties("", Runtime="cloudfront-js-1.0"), "does not support the runtime"),
        (properties("", KeyValueStoreAssociations=[{}]), "KeyValueStoreAssociations"),
    ],
)
def test_what_cannot_be_a_function_is_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(PreviewError, match=words):
        edge_function(given, "Function")


def test_rest_parameters_arrows_and_templates_are_taken() -> None:
    code = "const f = (...all) => `${all.length}`; function handler(e) { return e.request; }"
    assert asked_of(code) is None
