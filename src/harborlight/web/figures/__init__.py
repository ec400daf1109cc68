"""Public figures that harm nobody."""
