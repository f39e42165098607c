"""CloudFront's edge: behaviours, signed cookies and URLs, what goes to the origin and back."""
