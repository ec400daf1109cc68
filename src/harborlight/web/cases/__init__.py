"""Cases: people with roles, events, tasks, notes, transfers between agencies."""
