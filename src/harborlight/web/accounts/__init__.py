"""Agencies, the people in them, and what each of them may do."""
