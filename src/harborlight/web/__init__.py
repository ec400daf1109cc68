"""The platform: a Django project, one app for each room of the house."""
