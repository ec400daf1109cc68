"""Cases as packages of HTCDS 2.0: given out by consent, brought in row by row."""
