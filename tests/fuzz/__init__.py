"""Generated input: stream files, viewers' requests and answers of AWS, the same in every run."""
