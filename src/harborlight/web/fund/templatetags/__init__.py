"""Template tags of the fund."""
