"""The template as CloudFormation reads it: parameters, expressions, order, schemas, names."""
