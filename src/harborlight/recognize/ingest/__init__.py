"""Stage 1: files become the table of ads, and the rows that were rejected."""
