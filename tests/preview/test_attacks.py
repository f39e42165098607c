"""Nobody gets media without a valid signature, however a request is written.

In every example whose distribution answers differently: 42 ways to write the path, eight methods,
ten kinds of cookies.
"""

import copy
from collections.abc import Callable, Mapping

import pytest

from protected_stream import assemble
from protected_stream.config import load
from protected_stream.template.emit import document
from tests.conftest import STREAMS, Document
from tests.preview.attacks import MEDIA, leaks, target_of, valid_cookies, what_is_served


@pytest.fixture(scope="module")
def templates() -> Mapping[str, Document]:
    """One template for each distribution that answers differently."""
    distinct: dict[str, tuple[str, Document]] = {}
    for name, path in STREAMS.items():
        template = document(assemble(load(path)))
        distinct.setdefault(what_is_served(template), (name, template))
    return dict(distinct.values())


def test_valid_cookies_get_the_media(templates: Mapping[str, Document]) -> None:
    """So that the attacks ask for something that exists."""
    for name, template in templates.items():
        target = target_of(template)
        assert target.paths, name
        for path in target.paths:
            cookies = valid_cookies(target.host)
            assert target.answer(path, "GET", cookies).get_data() == MEDIA, (name, path)
            assert target.answer(path, "OPTIONS", cookies).get_data() != MEDIA, (name, path)


def test_no_request_gets_media_without_valid_cookies(templates: Mapping[str, Document]) -> None:
    print(f"the distributions of {', '.join(templates)}")
    found = {name: list(leaks(target_of(template))) for name, template in templates.items()}
    assert {name: several[:5] for name, several in found.items() if several} == {}


def _unsigned(config: Document) -> None:
    del config["CacheBehaviors"][0]["TrustedKeyGroups"]


def _options_allowed(config: Document) -> None:
    config["CacheBehaviors"][0]["AllowedMethods"] = ["GET", "HEAD", "OPTIONS"]


def _media_as_the_rest(config: Document) -> None:
    config["DefaultCacheBehavior"]["TargetOriginId"] = "packager"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (_unsigned, "as the path with no cookies"),
        (_options_allowed, "OPTIONS"),
        (_media_as_the_rest, "as capital letters with no cookies"),
    ],
)
def test_a_fault_of_the_template_lets_an_attack_through(
    default: Document, fault: Callable[[Document], None], words: str
) -> None:
    template = copy.deepcopy(default)
    fault(template["Resources"]["Distribution"]["Properties"]["DistributionConfig"])
    assert any(words in leak for leak in leaks(target_of(template)))
