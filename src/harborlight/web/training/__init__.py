"""Training of airline staff: courses taken here, staff, who is due, certificates, scores."""
