"""CloudFormation: reads a template and creates, updates, and deletes its resources."""
