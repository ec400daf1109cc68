"""Running a site: serving, the worker, backups, checks. What `harborlight serve` and its like
call."""
