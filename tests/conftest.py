"""Before any test: what a run does depends on its environment, so the tests decide that themselves."""

from __future__ import annotations

import os

for name in list(os.environ):
    ours = name.startswith("SHEETFLOW_") and name != "SHEETFLOW_LIVE_SHEET"
    if ours or name in ("CI", "GITHUB_ACTIONS", "MAIL_USER", "MAIL_PASSWORD", "MAIL_HOST", "MAIL_DRAFTS"):
        del os.environ[name]
