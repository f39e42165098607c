"""The checks of a template, before anybody deploys it."""
