"""Courses for people who may recognize trafficking, their practice, and the yearly report."""
