"""AWS endpoint on this machine: the previewed account for real clients, by AWS_ENDPOINT_URL."""
