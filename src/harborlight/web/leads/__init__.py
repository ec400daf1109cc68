"""Leads of Recognize in front of a reviewer, who decides and says why."""
