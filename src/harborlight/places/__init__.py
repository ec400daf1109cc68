"""Places: towns by name and by position, and maps of them. Knows no Django and no other room."""
