"""The parts of the template: one noun of the viewer's path each."""
