"""Stage 2: texts as a reader sees them, and their words."""
