"""The alphabet in which a policy and its signature are written."""

import base64

from tests.unit.preview.cloudfront_cases.row import Row, Saying
from tests.unit.preview.cloudfront_cases.setting import HOST, LATER
from tests.unit.preview.cloudfront_cases.signing import custom_cookies, custom_url, policy, sign

PAGE = "private-content-setting-signed-cookie-custom-policy"
FOLDER = f"https://{HOST}/live/"

ALPHABET = Saying(
    PAGE,
    "Replace characters that are invalid in a URL query string with characters that are valid: "
    "+ with - (hyphen), = with _ (underscore), / with ~ (tilde).",
)


# The base64 of a text ends in `=` or holds `+` or `/` where an octet stands at the right place:
# so many letters before it.
_LETTERS = tuple("a" * number for number in range(6))
_TABLE = str.maketrans("+=/", "-_~")

# The character of base64, its name, what the Resource holds so that the policy holds the
# character, and what is asked for then.
_CHARACTERS = (
    ("+", "plus sign", "~*", "~1.ts"),
    ("/", "slash", "?*", "x1.ts"),
    ("=", "equals sign", "*", "1.ts"),
)


def _base64(octets: bytes) -> str:
    return base64.b64encode(octets).decode("ascii")


def _policy_with(character: str, ending: str, asked: str) -> tuple[str, str]:
    """A policy in whose base64 the character occurs, and a URL that it covers."""
    for letters in _LETTERS:
        text = policy(f"{FOLDER}{letters}{ending}")
        if character in _base64(text.encode()):
            return text, f"{FOLDER}{letters}{asked}"
    raise ValueError(f"No policy holds {character}.")


def _text_with_all() -> str:
    """A policy in the base64 of whose signature all three characters occur."""
    for until in range(LATER, LATER + 1000):
        text = policy(f"{FOLDER}*", until)
        if set("+/=") <= set(_base64(sign(text))):
            return text
    raise ValueError("No signature holds all three characters.")


_POLICIES = tuple(
    (character, name, *_policy_with(character, ending, asked))
    for character, name, ending, asked in _CHARACTERS
)
_TEXT = _text_with_all()
_SIGNATURE = _base64(sign(_TEXT))


def _but(plain: str, character: str, instead: str) -> str:
    """In CloudFront's alphabet, but for one character."""
    return plain.translate({**_TABLE, ord(character): instead})


ROWS: tuple[Row, ...] = (
    ALPHABET.row(
        "a signature with all three characters replaced",
        f"{FOLDER}1.ts",
        custom_cookies(_TEXT),
        allowed=True,
    ),
    *(
        ALPHABET.row(f"a policy with its {name} replaced", url, custom_cookies(text), allowed=True)
        for _, name, text, url in _POLICIES
    ),
    *(
        ALPHABET.row(
            f"a signed URL whose policy has its {name} replaced",
            custom_url(url, text),
            allowed=True,
        )
        for _, name, text, url in _POLICIES
    ),
    *(
        ALPHABET.row(
            f"a policy with its {name} left as it is",
            url,
            custom_cookies(text)
            | {"CloudFront-Policy": _but(_base64(text.encode()), character, character)},
            allowed=False,
        )
        for character, name, text, url in _POLICIES
    ),
    *(
        ALPHABET.row(
            f"a signature with its {name} {how}",
            f"{FOLDER}1.ts",
            custom_cookies(_TEXT) | {"CloudFront-Signature": _but(_SIGNATURE, character, instead)},
            allowed=False,
        )
        for character, name, how, instead in (
            ("+", "plus sign", "left as it is", "+"),
            ("/", "slash", "left as it is", "/"),
            ("=", "equals sign", "left as it is", "="),
            ("/", "slash", "replaced by an underscore, as in base64url", "_"),
            ("+", "plus sign", "replaced by a tilde", "~"),
            ("/", "slash", "replaced by a hyphen", "-"),
        )
    ),
)
