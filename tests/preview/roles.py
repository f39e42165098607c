"""IAM roles for small test templates."""

LAMBDA_MAY_TAKE_IT = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
"""Trust policy: Lambda may assume the role."""
