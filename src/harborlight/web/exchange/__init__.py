"""Standards between systems: the API of the site."""
