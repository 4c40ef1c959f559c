"""A real mail server for the tests: Dovecot, started in a temporary folder, and a proxy in front of it.

Without Dovecot (``apt-get install dovecot-imapd``) these tests are left out and say so; with
``REQUIRE_DOVECOT=yes`` in the environment they fail instead.
"""

from __future__ import annotations

import importlib
import os
from typing import Any

import pytest

REQUIRED = os.environ.get("REQUIRE_DOVECOT") == "yes"


def needs(library: str) -> Any:
    """A library, or the test is left out; where it has to be there, it fails."""
    return importlib.import_module(library) if REQUIRED else pytest.importorskip(library)
