"""Stage 5: the constant wording and the slots of each group of ads."""
