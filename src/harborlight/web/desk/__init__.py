"""The first page of everybody, what waits for them today, and the one search."""
