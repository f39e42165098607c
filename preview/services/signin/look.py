"""Look of the sign-in pages: colors and logo as CSS variables, in one style sheet."""

import base64
import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Look:
    """Colors and logo of the sign-in pages; by default, the preview's own.

    Colors are CSS colors. One that is set is the same in light and dark mode.
    """

    accent: str = ""
    """Of the button, and of the outline around what has the focus."""
    on_accent: str = ""
    """Of the text on the button."""
    background: str = ""
    """Behind the card."""
    card: str = ""
    text: str = ""
    quiet: str = ""
    """Of text that matters less."""
    line: str = ""
    """Around fields."""
    color_scheme: str = ""
    """"light" or "dark"; otherwise, as the browser prefers."""
    logo: str = ""
    """An image as a data URL, shown above the title: pages may not load anything else."""

    @property
    def style_sheet(self) -> str:
        """The rules of the pages."""
        chosen = {
            "--accent": self.accent,
            "--on-accent": self.on_accent,
            "--background": self.background,
            "--card": self.card,
            "--text": self.text,
            "--quiet": self.quiet,
            "--line": self.line,
            "color-scheme": self.color_scheme,
        }
        rules = "".join(f"{name}: {value}; " for name, value in chosen.items() if value)
        return f"{RULES}:root {{ {rules}}}\n" if rules else RULES

    def content_security_policy(self, action: str) -> str:
        """The Content-Security-Policy of a page with that style sheet, and no scripts.

        Args:
            action: the origin of the address to which a sign-in returns: browsers apply
                `form-action` to redirects after a form, too.
        """
        digest = hashlib.sha256(self.style_sheet.encode()).digest()
        return (
            f"default-src 'none'; style-src 'sha256-{base64.b64encode(digest).decode()}';"
            f" img-src data:; form-action 'self' {action}; base-uri 'none'; frame-ancestors 'none'"
        )


RULES = """
:root {
  color-scheme: light dark;
  --accent: #0b57c4;
  --on-accent: #fff;
  --background: #eef1f5;
  --card: #fff;
  --text: #17202b;
  --quiet: #4d5a69;
  --line: #75818f;
  --error: #a8151c;
  --error-background: #fdeced;
}
@media (prefers-color-scheme: dark) {
  :root {
    --accent: #8ab8ff;
    --on-accent: #0a1626;
    --background: #11151b;
    --card: #1c222b;
    --text: #eaeef3;
    --quiet: #b3bdc9;
    --line: #7f8b99;
    --error: #ffb3b3;
    --error-background: #45191c;
  }
}
* { box-sizing: border-box; }
body {
  display: grid;
  min-height: 100vh;
  min-height: 100svh;
  place-items: center;
  margin: 0;
  padding: 1rem;
  background: var(--background);
  color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif;
  overflow-wrap: anywhere;
}
main {
  width: 100%;
  max-width: 25rem;
  padding: 2rem;
  border: 1px solid transparent;
  border-radius: 0.75rem;
  background: var(--card);
  box-shadow: 0 1px 2px rgb(0 0 0 / 12%), 0 8px 24px rgb(0 0 0 / 8%);
}
.logo { display: block; max-width: 100%; max-height: 4rem; margin: 0 auto 1.5rem; }
h1 { margin: 0 0 1.5rem; font-size: 1.5rem; line-height: 1.25; }
p { margin: 0 0 1.25rem; }
[role="alert"] {
  padding: 0.75rem 1rem;
  border-left: 4px solid var(--error);
  border-radius: 0.25rem;
  background: var(--error-background);
  color: var(--error);
}
label { display: block; margin-bottom: 0.25rem; font-weight: 600; }
input, button {
  width: 100%;
  min-height: 2.75rem;
  border: 1px solid var(--line);
  border-radius: 0.375rem;
  font: inherit;
}
input { padding: 0.5rem 0.75rem; background: transparent; color: inherit; }
input[aria-invalid="true"] { border-color: var(--error); }
button {
  margin-top: 0.25rem;
  padding: 0.5rem 1rem;
  border-color: transparent;
  background: var(--accent);
  color: var(--on-accent);
  font-weight: 600;
  cursor: pointer;
}
button:hover { filter: brightness(1.1); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
code, kbd { font: 0.9375rem/1.5 ui-monospace, monospace; }
footer {
  margin-top: 1.75rem;
  padding-top: 1rem;
  border-top: 1px solid color-mix(in srgb, var(--line) 50%, transparent);
  color: var(--quiet);
  font-size: 0.875rem;
}
@media (max-width: 30rem) {
  body { place-items: start center; }
  main { padding: 1.5rem 1.25rem; }
}
"""
