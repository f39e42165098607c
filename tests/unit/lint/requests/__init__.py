"""The checks against the models of the services' requests."""
