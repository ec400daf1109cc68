"""Arrests, charges, how they ended, sentences: of those who buy and sell, behind Safe Harbor."""
