"""All screenshots of the page on one: `python -m tests.browser.contact_sheet`.

tests/browser/test_layout.py takes them: every state, in every size and brand. The
page is build/screens/index.html.
"""

import html
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.browser.screenshots import FOLDER

HEAD = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Screens</title>
<style>
  body { margin: 1rem; font: 14px system-ui, sans-serif; background: #777; color: #fff; }
  div { display: flex; flex-wrap: wrap; align-items: end; gap: 1rem; }
  figure { margin: 0; }
  img { display: block; height: 15rem; }
</style>
"""


def contact_sheet(folder: Path) -> str:
    """A page that shows the screenshots in folders of sizes, which are in folders of brands."""
    return HEAD + "\n".join(_sections(folder))


def _sections(folder: Path) -> Iterator[str]:
    for size in sorted(path for path in folder.glob("*/*") if path.is_dir()):
        yield f"<h2>{html.escape(' '.join(size.relative_to(folder).parts))}</h2><div>"
        for image in sorted(size.glob("*.jpg")):
            address = html.escape(image.relative_to(folder).as_posix())
            yield (
                f'<figure><a href="{address}"><img src="{address}" alt="" loading="lazy"></a>'
                f"<figcaption>{html.escape(image.stem)}</figcaption></figure>"
            )
        yield "</div>"


def main() -> None:
    """Writes the page, and says where it is."""
    if not any(FOLDER.glob("*/*/*.jpg")):
        sys.exit(f"There are no screenshots in {FOLDER}. Take them with: make screens")
    page = FOLDER / "index.html"
    page.write_text(contact_sheet(FOLDER), "utf-8")
    print(page)


if __name__ == "__main__":
    main()
