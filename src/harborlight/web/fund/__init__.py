"""A double-entry ledger: from what a court ordered to the services it pays for."""
