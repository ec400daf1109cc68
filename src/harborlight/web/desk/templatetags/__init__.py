"""Names the room of the desk's tags."""
