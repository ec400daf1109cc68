"""Stage 9: the page that an analyst opens offline."""
