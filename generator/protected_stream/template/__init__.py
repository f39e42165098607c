"""CloudFormation building blocks that the sections share."""
