"""Stream files of each release, and the templates that the release built from them."""
