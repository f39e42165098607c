"""The generator's version, written into every template's Metadata."""

VERSION = "0.2.0"
