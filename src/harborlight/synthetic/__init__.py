"""Made-up ads of which the truth is known; the demo and the bench stand on it."""
