"""The page and its libraries, as the page's bucket takes them."""
