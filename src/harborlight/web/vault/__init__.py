"""Records whose content is sealed: nothing readable in the database, every opening audited."""
