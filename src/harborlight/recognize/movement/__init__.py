"""Stage 7: where postings went, and what a closed section changed."""
