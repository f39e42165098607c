"""Other ways to write the path of media, which CloudFront and its origins might read differently.

tests/preview/attacks.py has many more, for the preview's edge; these are a few of each kind.
"""

from collections.abc import Callable, Mapping

DISGUISES: Mapping[str, Callable[[str], str]] = {
    "dot segments": lambda path: f"/static/..{path}",
    "dot segments through the settings": lambda path: f"/api/config/../..{path}",
    "encoded dot segments": lambda path: f"/static/%2e%2e{path}",
    "encoded slashes": lambda path: path[:1] + path[1:].replace("/", "%2F"),
    "two slashes": lambda path: f"/{path}",
    "capital letters": str.upper,
    "a null byte at the end": lambda path: f"{path}%00.html",
    "a parameter in front": lambda path: f"/api/config;{path}",
    "the path as a query": lambda path: f"/api/config?{path}",
}
"""By what is done to the path."""
