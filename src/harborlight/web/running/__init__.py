"""Running a site: serving, the worker, backups, checks."""
