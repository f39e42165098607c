"""Lambda functions, each a process with Lambda's runtime client."""
