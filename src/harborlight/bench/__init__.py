"""Benches: Harborlight measured on what is known, next to its peers."""
