"""Mutation tests of the emitted templates: one mistake at a time, which the preview must find."""
