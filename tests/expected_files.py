"""The generator's expected output, as files for review.

For every stream: a line for each resource, with the resources that it refers to. For the default
stream and one stream of each signing mode: the whole template. Besides, how many mutations of the
templates there are. `make expected` regenerates all of it; read the diff before committing it.
"""

import json

from protected_stream import assemble
from protected_stream.config import load
from protected_stream.reading.references import names_in
from protected_stream.template.emit import document, documents
from tests.conftest import CHECKOUT, STREAMS, Document
from tests.mutation.all_mutations import COUNTS, counts

EXPECTED = CHECKOUT / "tests" / "expected"
TEMPLATES = EXPECTED / "templates"
WHOLE = ("default", "supplied", "kms", "trusted-signer")
"""The streams whose whole templates are kept; the default's signing mode is managed."""


def resource_overview(template: Document) -> str:
    """One line for each resource: logical ID, type, and the resources that it refers to."""
    titles = list(template["Resources"])
    lines = []
    for title, resource in template["Resources"].items():
        used = names_in(resource) & set(titles)
        arrow = "  -> " + ", ".join(sorted(used, key=titles.index)) if used else ""
        lines.append(f"{title}  {resource['Type']}{arrow}\n")
    return "".join(lines)


def whole(name: str) -> str:
    """The template of that stream, as in template.yaml."""
    return documents(assemble(load(STREAMS[name]))).yaml


if __name__ == "__main__":
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    for name in WHOLE:
        (TEMPLATES / f"{name}.yaml").write_text(whole(name), encoding="utf-8")
    COUNTS.write_text(json.dumps(counts(), indent=2) + "\n", encoding="utf-8")
    for name, path in STREAMS.items():
        (EXPECTED / f"{name}.txt").write_text(resource_overview(document(assemble(load(path)))))
