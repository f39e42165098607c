"""The key pair behind the viewer's cookies: made in the account, known to CloudFront, removed."""
