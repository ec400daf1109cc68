"""What every page has around it: the base templates, their styles, and the headers that protect
them."""
