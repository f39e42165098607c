"""The generator's version, written into every template's Metadata."""

VERSION = "0.1.0"
