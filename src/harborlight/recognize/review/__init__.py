"""Stage 8: evidence, counter-evidence and leads in review order."""
