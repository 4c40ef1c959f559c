"""The fast inner loop: the tests of the core, which knows no file, network or clock. The same list as the mutants' run.

python .ci/core_tests.py -x
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent

if __name__ == "__main__":
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    files = tools["mutmut"]["pytest_add_cli_args_test_selection"]
    command = [sys.executable, "-m", "pytest", "-q", *sys.argv[1:], *files]
    sys.exit(subprocess.run(command, cwd=ROOT, check=False).returncode)  # noqa: S603 - pytest
