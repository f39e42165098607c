"""What CloudFormation does with a template: reads it, and makes its resources."""
