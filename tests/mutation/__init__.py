"""Mutation tests of the generated templates: one mistake at a time, which the preview must find."""
