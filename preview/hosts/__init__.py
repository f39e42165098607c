"""Host names of the stack: CloudFront, API Gateway, and Cognito."""
