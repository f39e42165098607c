"""The signing part of each example's template: what its signing mode adds.

Most examples have most of it in common. A piece with the same bytes in two examples of the same
mode is mutated in only one of them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from troposphere import AWSObject, encode_to_dict

from protected_stream.config import Stream, load
from protected_stream.lambda_code import code_of, zip_bundles
from protected_stream.reading.references import references
from protected_stream.sections.signing import Signing
from protected_stream.stack import assembled, sections
from protected_stream.template.emit import document
from protected_stream.template.section import Section
from tests.conftest import STREAMS
from tests.mutation.operators import Mutation, mutations
from tests.mutation.templates import Path as Place
from tests.mutation.templates import Template, changed_to, named, walk
from tests.preview.scenario_given import private_keys, public_keys

OF_FUNCTION: Place = ("Properties", "Environment", "Variables")
VARIABLES: Place = ("Resources", "CookiesFunction", *OF_FUNCTION)
OF_ROLE: Place = ("Properties", "Policies", 0, "PolicyDocument", "Statement")
BEHAVIORS: Place = (
    "Resources",
    "Distribution",
    "Properties",
    "DistributionConfig",
    "CacheBehaviors",
)
UNRELATED = ("schedule", "alarms")
"""The section with the channel guard, which is slow, as it takes two processes, and the alarms."""

BY_HAND: Mapping[str, Mapping[Place, Any]] = {
    "kms": {
        ("Resources", "SigningKey1", "Properties", "KeySpec"): "ECC_NIST_P256",
        ("Resources", "CookiesByKmsFunction", *OF_FUNCTION, "KEYS"): {
            "Fn::Sub": "${SigningKey1Public}=${SigningKey1.Arn}"
            "=ECDSA_SHA_256=${SigningKey1Pem.Since}"
        },
    },
    "supplied": {
        (*VARIABLES, "KEY_PAIR_IDS"): {"Fn::Sub": "0123456789abcdef=${CookieKey3699765c135a4e70}"},
        (
            "Resources",
            "CookieKey3699765c135a4e70",
            "Properties",
            "PublicKeyConfig",
            "EncodedKey",
        ): public_keys()[1],
    },
    "trusted-signer": {
        (*BEHAVIORS, 1, "TrustedSigners", 0): "self",
        (*VARIABLES, "ACCESS_KEY_ID"): "APKAOFANOTHERKEYPAIR",
        ("Resources", "PrivateKeySecret", "Properties", "SecretString"): private_keys()[1],
    },
}
"""Mistakes that no operator makes, by example: another account, another key, another ID."""


@dataclass(frozen=True, kw_only=True)
class SigningPart:
    """The signing part of an example."""

    example: str
    mode: str
    template: Template
    """The example's template, without what is unrelated to keys."""
    pieces: Mapping[str, tuple[Place, ...]]
    """Where the part is: resources, their properties, and what it adds to other sections."""
    architecture: str
    bundles: tuple[zip_bundles.Bundle, ...]
    """The code of the template's functions that is in zip files."""

    def content(self, piece: str) -> str:
        """The content of a piece."""
        return json.dumps([_at(self.template, place) for place in self.pieces[piece]])

    @property
    def whole(self) -> tuple[str, ...]:
        """Identical, byte for byte, for examples with the same mode and pieces."""
        return (self.mode, *(f"{piece} {self.content(piece)}" for piece in self.pieces))

    def mistakes(self, pieces: Iterable[str]) -> Iterator[Mutation]:
        """The mutations of these pieces."""
        places = [place for piece in pieces for place in self.pieces[piece]]
        for mutation in mutations(self.template):
            if any(_is_at(mutation, place) for place in places):
                yield mutation

    def by_hand(self) -> Iterator[Mutation]:
        """The mistakes from BY_HAND."""
        for place, value in BY_HAND.get(self.example, {}).items():
            template = changed_to(self.template, place, value)
            yield Mutation(operator="value", place=f"{named(place)}: changed", template=template)


def signing_parts() -> list[SigningPart]:
    """The signing parts of the default stream and every example, from those that set least.

    Not of a stream in the middle of a change of keys: the preview's viewers have no cookies of the
    former key. tests/preview/test_kms_keys.py and test_mode_change.py try such changes. Nor of a
    stream without a channel, which the scenario starts; tests/preview/test_existing.py tries those.
    """
    streams = {name: load(path) for name, path in STREAMS.items()}
    settled = {
        name: stream
        for name, stream in streams.items()
        if stream.packaging.is_encoded and not _is_changing(stream)
    }
    by_tables = sorted(settled, key=lambda name: len(settled[name].model_fields_set))
    first = ["default", *(name for name in by_tables if name != "default")]
    return [_part(name, settled[name]) for name in first]


def _is_changing(stream: Stream) -> bool:
    return bool(stream.former_signing) or len(getattr(stream.signing, "generations", ())) > 1


def distinct(parts: Iterable[SigningPart]) -> list[SigningPart]:
    """The parts without duplicates."""
    first: dict[tuple[str, ...], SigningPart] = {}
    for part in parts:
        first.setdefault(part.whole, part)
    return list(first.values())


def new_pieces(parts: Iterable[SigningPart]) -> Iterator[tuple[SigningPart, list[str]]]:
    """Each part, with its pieces that no earlier part of the same mode has."""
    seen: set[tuple[str, str, str]] = set()
    for part in parts:
        there = {piece: (part.mode, piece, part.content(piece)) for piece in part.pieces}
        yield part, [piece for piece, known in there.items() if known not in seen]
        seen |= set(there.values())


def _part(name: str, stream: Stream) -> SigningPart:
    code = code_of(architecture=stream.functions.architecture, inline=stream.signing.inline)
    there = sections(stream, code)
    (key,) = (section for section in there if isinstance(section, Signing))
    whole = document(assembled(stream, there))
    unrelated = (section for section in there if section.source in UNRELATED)
    template = _without(whole, unrelated)
    text = json.dumps(template)
    return SigningPart(
        example=name,
        mode=stream.signing.mode,
        template=template,
        pieces=_pieces(key, template),
        architecture=stream.functions.architecture,
        bundles=tuple(
            bundle
            for bundle in code.values()
            if isinstance(bundle, zip_bundles.Bundle) and bundle.file_name in text
        ),
    )


def _without(template: Template, left_out: Iterable[Section]) -> Template:
    """The template without these sections' resources, and without what refers to them."""
    titles = {str(resource.title) for section in left_out for resource in section.resources}
    resources = {}
    for title, resource in template["Resources"].items():
        waits = [one for one in _listed(resource.get("DependsOn")) if one not in titles]
        bare = {name: value for name, value in resource.items() if name != "DependsOn"}
        if title not in titles:
            resources[title] = {**bare, **({"DependsOn": waits} if waits else {})}
    outputs = {
        name: output
        for name, output in template["Outputs"].items()
        if not titles & {reference.name for reference in references(output)}
    }
    return {**template, "Resources": resources, "Outputs": outputs}


def _listed(names: str | list[str] | None) -> list[str]:
    return [names] if isinstance(names, str) else names or []


def _pieces(key: Signing, template: Template) -> dict[str, tuple[Place, ...]]:
    mine = [encode_to_dict(statement) for statement in key.signing_statements]
    variables: Place = ("Resources", key.signer, *OF_FUNCTION)
    statements: Place = ("Resources", f"{key.signer}Role", *OF_ROLE)
    granted = _at(template, statements)
    return {
        **{named(place): (place,) for one in key.resources for place in _places(one, template)},
        **{f"Outputs/{one.title}": (("Outputs", str(one.title)),) for one in key.outputs},
        "environment": tuple((*variables, name) for name in key.environment),
        "may sign": tuple((*statements, granted.index(one)) for one in mine),
        "trust": tuple(path for path, _ in walk(template) if path[-1:] and path[-1] in key.trust),
    }


def _places(resource: AWSObject, template: Template) -> Iterator[Place]:
    place: Place = ("Resources", str(resource.title))
    yield place
    for name in _at(template, place).get("Properties", {}):
        yield (*place, "Properties", name)


def _is_at(mutation: Mutation, place: Place) -> bool:
    """Whether it mutates the value there; for a resource, anything but its properties."""
    is_resource = place[0] == "Resources" and len(place) == 2
    beginning, rest = named(place), mutation.place.removeprefix(named(place))
    follows = (" ",) if is_resource else ("/", ":", " ")
    return mutation.place.startswith(beginning) and rest.startswith(follows)


def _at(template: Template, place: Place) -> Any:
    there: Any = template
    for key in place:
        there = there[key]
    return there


def write_code(parts: Iterable[SigningPart], folder: Path) -> None:
    """Write the zip files of the functions; all parts must have the same architecture."""
    bundles = {bundle.file_name: bundle for part in parts for bundle in part.bundles}
    zip_bundles.write(bundles.values(), folder / "lambda", lambda _: None)
