"""Lambda functions; each is a process with Lambda's runtime client."""
