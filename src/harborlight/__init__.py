"""Harborlight: the open platform on which a community's answer to human trafficking runs."""

import os
from importlib.metadata import version

# Nobody is told that, or on what, Harborlight runs: Daft and Ray report their use unless refused,
# and ask when they are imported.
os.environ["DO_NOT_TRACK"] = "true"
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
os.environ["DAFT_PROGRESS_BAR"] = "0"  # we show our own

__version__ = version("harborlight")
