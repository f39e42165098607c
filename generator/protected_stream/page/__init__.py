"""The page where viewers watch, and its libraries, built for S3."""
