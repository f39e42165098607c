"""What this machine gives: servers, processes, a browser, folders."""
