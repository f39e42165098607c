"""The rehearsal of a first deployment: steps, what AWS may do otherwise, and the evidence."""
