"""Stage 6: templates and identifiers become organizations."""
