"""What the templates of every app use."""
