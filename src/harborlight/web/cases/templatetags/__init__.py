"""Names the room of the tags of cases."""
