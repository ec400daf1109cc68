"""Reports from the public: in by a form, a phone call or paper; triaged, routed, answered, never
lost."""
