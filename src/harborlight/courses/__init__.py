"""Courses: what staff learn, how answers are scored, packages for an LMS. Knows no Django."""
