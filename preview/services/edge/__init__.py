"""CloudFront edge: cache behaviors, signed cookies and URLs, origin requests and responses."""
