"""docs/from-the-post.md covers every name in the post, and refers only to existing names."""

import re
import tomllib

import pytest

from protected_stream import Stream, assemble
from protected_stream.config import load
from protected_stream.template.emit import document
from tests.conftest import CHECKOUT, STREAMS

PAGE = (CHECKOUT / "docs" / "from-the-post.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| the post")
]
# Every name of the post's first part that is a parameter, a resource, a variable or a function
OF_THE_POST = (
    "CognitoUserNameParam",
    "CognitoUserEmailParam",
    "SecretsMangerSecretName",
    "PrivateKeyString",
    "MediaStreamingUserPool",
    "LiveStreamingAppClient",
    "login.html",
    "LiveCognitoDemoUser",
    "PrivateKeyStore",
    "DemoApi",
    "GetCookiesApi",
    "DemoApiAuthorizer",
    "Auth",
    "{{Lambda_Arn}}",
    "DemoApiRootMethod",
    "getCookiesProduction",
    "REGION",
    "SECRET_NAME",
    "CLOUDFRONT_URL",
    "ACCESS_KEY_ID",
    "getSecret",
    "repairSecret",
    "getSignedCookies",
    "expireTime",
    "Access-Control-Allow-Origin: *",
)


def spans(text: str) -> list[str]:
    """The strings in backquotes."""
    return re.findall(r"`([^`]+)`", text)


def test_every_name_of_the_post_is_covered() -> None:
    told = {name for row in ROWS for name in spans(row[0])}
    assert [name for name in OF_THE_POST if name not in told] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_the_names_given_exist(row: list[str]) -> None:
    template = document(assemble(load(STREAMS["trusted-signer"])))
    functions = template["Resources"]["CookiesFunction"]["Properties"]["Environment"]["Variables"]
    known = {
        *template["Parameters"],
        *template["Resources"],
        *functions,
        *("TrustedSigners", "make template", "aws cloudformation deploy"),
        *STREAMS,
    }
    assert [name for name in spans(row[1]) if name not in known] == []


def test_the_stream_file_nearest_to_the_post_is_one() -> None:
    (block,) = re.findall(r"(?:^    .*\n|^\n(?=    ))+", PAGE, re.MULTILINE)
    stream = Stream.model_validate(tomllib.loads(block.replace("    [", "[")))
    assert stream.signing.mode == "trusted-signer"
    assert stream.api.token_header == "Auth"
