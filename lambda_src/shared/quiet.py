"""What the functions' log never shows, whatever level it is set to."""

import logging


def keep_bodies_out() -> None:
    """No line of level DEBUG: in such lines botocore shows whole requests and answers.

    A secret's value is one of them, and the function's own session token.
    """
    logging.disable(logging.DEBUG)
