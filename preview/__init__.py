"""Local preview: creates the template's stack on this machine and serves its stream to viewers.

Of the project, it reads only the template and the functions' zip files.
"""
