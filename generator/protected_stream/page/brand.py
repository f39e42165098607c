"""The page's brand: the names, files, colors and language that viewers see."""

from dataclasses import dataclass

from protected_stream.page.colors import DEFAULT_ACCENT, DEFAULT_BACKGROUND

DEFAULT_TITLE = "Live stream"
DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, kw_only=True)
class Image:
    """A file of the brand."""

    suffix: str
    """What the file is, such as "svg"."""
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Brand:
    """What distinguishes the page of one stream from that of another."""

    title: str = DEFAULT_TITLE
    show_title: str = ""
    """The name of the current show; empty for none."""
    logo: Image | None = None
    poster: Image | None = None
    favicon: Image | None = None
    accent: str = DEFAULT_ACCENT
    background: str = DEFAULT_BACKGROUND
    help_link: str = ""
    """An https or mailto URL; empty for none."""
    language: str = DEFAULT_LANGUAGE
    """The name of a file in web_src/strings, which is a BCP 47 tag."""

    @property
    def images(self) -> dict[str, Image]:
        """The brand's files by their paths in the site, such as "brand/logo.svg"."""
        named = {"logo": self.logo, "poster": self.poster, "favicon": self.favicon}
        return {f"brand/{name}.{one.suffix}": one for name, one in named.items() if one}

    def url(self, name: str) -> str:
        """The URL of the logo, poster or favicon on the page's host; empty if there is none."""
        return next((f"/{path}" for path in self.images if path.startswith(f"brand/{name}.")), "")
