"""Paths of the page's host at which there is nothing."""

import pytest

from tests.browser.viewer import Viewer


@pytest.mark.parametrize("path", ["/nothing", "/a/b/c.html"])
def test_an_unknown_path_says_so_and_leads_to_the_stream(viewer: Viewer, path: str) -> None:
    """Style and files are found from every depth of path."""
    viewer.open(path)
    assert ("GET", path, 404) in viewer.answers
    assert viewer.page.get_by_role("heading").inner_text() == "Page not found"
    assert {answer for answer in viewer.answers if answer[1].endswith(".css")} == {
        ("GET", "/style.css", 200),
        ("GET", "/brand.css", 200),
    }
    viewer.page.get_by_role("link", name="Go to the stream").click()
    viewer.shows("welcome")
