"""Browser tests of the page."""
