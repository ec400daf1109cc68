"""Keys, sealing and blind indexes. Knows bytes, and no Django."""
