"""Who did what to which record, and why: append-only, chained, and complete."""
