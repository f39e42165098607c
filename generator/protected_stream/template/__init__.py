"""What every section of the template is made of."""
