"""Channel guard of a stream with planned shows, which the template has no room for without."""
