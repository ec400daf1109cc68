"""Static files of the U.S. Web Design System, as Harborlight serves them."""

from __future__ import annotations

import json
from pathlib import Path

#: The folder to serve: `uswds/css`, `uswds/js`, `uswds/fonts`, `uswds/img`.
STATIC = Path(__file__).resolve().parent / "static"

#: The version of USWDS in it.
USWDS_VERSION: str = json.loads((STATIC / "uswds" / "version.json").read_text("utf-8"))["version"]
