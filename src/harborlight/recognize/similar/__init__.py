"""Stage 4: which ads share an unusual amount of wording."""
