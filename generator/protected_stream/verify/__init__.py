"""Checks of a deployed stream from outside: each promise to strangers, viewers and the operator.

`promises.py` lists the promises. The checks know the stack's outputs, facts of its template, and
whatever answers their requests, so that the preview's tests try the same ones.
"""
