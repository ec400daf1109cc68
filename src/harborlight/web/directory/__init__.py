"""Services that help: organizations, locations, capacity; addresses that stay safe."""
