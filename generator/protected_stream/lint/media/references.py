"""MediaLive channel: checks that every name that one part refers to is defined in another."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from protected_stream.lint.finding import Finding
from protected_stream.lint.properties import Property
from protected_stream.lint.rules import Rule

DESCRIPTIONS = (
    ("VideoDescriptions", "VideoDescriptionName"),
    ("AudioDescriptions", "AudioDescriptionNames"),
    ("CaptionDescriptions", "CaptionDescriptionNames"),
)
"""What an output contains: the list of its descriptions, and the output's reference to them."""


@dataclass(frozen=True)
class Names:
    """Literal names in a template."""

    written: frozenset[str]
    complete: bool
    """False if a name is known only at deployment, so that it could be any."""

    def lack(self, name: Property) -> bool:
        """Whether the name is certainly not among them."""
        return self.complete and name.text is not None and name.text not in self.written


def names(properties: Iterable[Property]) -> Names:
    """The names in the properties."""
    given = [name for name in properties if not name.is_absent]
    return Names(
        written=frozenset(name.text for name in given if name.text is not None),
        complete=not any(name.is_unknown for name in given),
    )


def reference_findings(channel: Property) -> Iterator[Finding]:
    """Every name in the channel that is undefined, unused, or used twice."""
    for check in REFERENCE_CHECKS:
        yield from check(channel)


def descriptions_exist(channel: Property) -> Iterator[Finding]:
    """Every output refers to existing descriptions."""
    for listed, member in DESCRIPTIONS:
        described = names(item.at("Name") for item in channel.at("EncoderSettings", listed).each())
        for reference in _put_out(channel, member):
            if described.lack(reference):
                yield reference.finding(
                    Rule.DESCRIPTION_UNKNOWN, f'{listed} has nothing named "{reference.text}".'
                )


def descriptions_are_used(channel: Property) -> Iterator[Finding]:
    """Every description is used by an output."""
    for listed, member in DESCRIPTIONS:
        used = names(_put_out(channel, member))
        for description in channel.at("EncoderSettings", listed).each():
            if used.lack(description.at("Name")):
                yield description.at("Name").finding(
                    Rule.DESCRIPTION_UNUSED, "No output uses this description."
                )


def names_are_unique(channel: Property) -> Iterator[Finding]:
    """No two descriptions, outputs or selectors of the same kind have the same name."""
    encoder = channel.at("EncoderSettings")
    outputs = [output for group in encoder.at("OutputGroups").each() for output in _outputs(group)]
    for named in (
        *([item.at("Name") for item in encoder.at(listed).each()] for listed, _ in DESCRIPTIONS),
        [output.at("OutputName") for output in outputs],
        *(
            [selector.at("Name") for selector in attachment.at("InputSettings", listed).each()]
            for attachment in channel.at("InputAttachments").each()
            for listed in ("AudioSelectors", "CaptionSelectors")
        ),
    ):
        yield from _repeated(Rule.NAME_REPEATED, named)


def identifiers_are_unique(channel: Property) -> Iterator[Finding]:
    """No two destinations have the same identifier, and no two attachments the same name."""
    for listed, member in (("Destinations", "Id"), ("InputAttachments", "InputAttachmentName")):
        named = [item.at(member) for item in channel.at(listed).each()]
        yield from _repeated(Rule.IDENTIFIER_REPEATED, named)


def selectors_exist(channel: Property) -> Iterator[Finding]:
    """Every audio and caption description refers to a selector of every input.

    An input without audio selectors offers its audio under any name; captions need a selector.
    """
    sound = ("AudioSelectors", "AudioDescriptions", "AudioSelectorName")
    captions = ("CaptionSelectors", "CaptionDescriptions", "CaptionSelectorName")
    for rule, (listed, descriptions, member), always in (
        (Rule.AUDIO_SELECTOR_UNKNOWN, sound, False),
        (Rule.CAPTION_SELECTOR_UNKNOWN, captions, True),
    ):
        for attachment in channel.at("InputAttachments").each():
            selectors = list(attachment.at("InputSettings", listed).each())
            offered = names(selector.at("Name") for selector in selectors)
            for description in channel.at("EncoderSettings", descriptions).each():
                name = description.at(member)
                if (selectors or always) and offered.lack(name):
                    place = f"{attachment.path}.InputSettings.{listed}"
                    yield name.finding(rule, f'{place} has nothing named "{name.text}".')


def destinations_exist(channel: Property) -> Iterator[Finding]:
    """Every output group writes to a destination of the channel."""
    defined = names(destination.at("Id") for destination in channel.at("Destinations").each())
    for reference in channel.at("EncoderSettings", "OutputGroups").below("DestinationRefId"):
        if defined.lack(reference):
            yield reference.finding(
                Rule.DESTINATION_UNKNOWN,
                f'Destinations has nothing with the Id "{reference.text}".',
            )


def destinations_are_used(channel: Property) -> Iterator[Finding]:
    """Every destination is written to; an unused one is probably a mistake."""
    used = names(channel.at("EncoderSettings", "OutputGroups").below("DestinationRefId"))
    for destination in channel.at("Destinations").each():
        if used.lack(destination.at("Id")):
            yield destination.at("Id").finding(
                Rule.DESTINATION_UNUSED, "No output group writes to this destination."
            )


REFERENCE_CHECKS: tuple[Callable[[Property], Iterator[Finding]], ...] = (
    descriptions_exist,
    descriptions_are_used,
    names_are_unique,
    identifiers_are_unique,
    selectors_exist,
    destinations_exist,
    destinations_are_used,
)


def _put_out(channel: Property, member: str) -> Iterator[Property]:
    """The outputs' references in that member: one name, or a list of them."""
    for group in channel.at("EncoderSettings", "OutputGroups").each():
        for output in _outputs(group):
            named = output.at(member)
            yield from named.each() if isinstance(named.value, list) else (named,)


def _outputs(group: Property) -> Iterator[Property]:
    return group.at("Outputs").each()


def _repeated(rule: Rule, named: Iterable[Property]) -> Iterator[Finding]:
    seen: set[str] = set()
    for name in named:
        if name.text in seen:
            yield name.finding(
                rule, f'"{name.text}" is also the name of another item of the same kind.'
            )
        if name.text is not None:
            seen.add(name.text)
