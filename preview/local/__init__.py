"""This machine's resources for the preview: servers, processes, a browser, folders."""
