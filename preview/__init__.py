"""A protected stream on this machine: creates an emitted template here and lets a viewer through.

It reads nothing of the project but the template and the functions' zip files.
"""
