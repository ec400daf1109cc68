"""The rules of law, one file for each body of it."""
