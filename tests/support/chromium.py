"""Where this machine's Chromium is."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
LEFT_OUT = "Left out: the page's tests in a browser (no Chromium; put one on the PATH or name it in MARGINBOT_CHROMIUM)"


def chromium() -> str | None:
    """The browser's program: the one that MARGINBOT_CHROMIUM names, else one on the PATH; None when there is none."""
    named = os.environ.get("MARGINBOT_CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)
