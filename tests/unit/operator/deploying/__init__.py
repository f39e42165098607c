"""`protected-stream deploy`, against CloudFormation and S3 as Python functions."""
