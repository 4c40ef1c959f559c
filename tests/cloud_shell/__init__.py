"""Google's Cloud Shell in small: a gcloud, a gh and a curl that remember, and refuse what they do not know."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
FAKE = Path(__file__).with_name("fake.py")
TOOLS = ("bash", "sed", "grep", "od", "tr", "base64", "sleep", "cat", "rm", "head", "env")
SHEET = "https://docs.google.com/spreadsheets/d/1AbcDefGhiJklMnoPqrStuVwxYz0123456789abcdefg/edit#gid=0"

Json = dict[str, Any]


@dataclass
class CloudShell:
    """One person's shell, and what Google and GitHub have of theirs."""

    folder: Path
    with_gh: bool = True
    answers: str = f"{SHEET}\nSam Lee\n\n"
    """What is typed, line by line."""
    given: dict[str, str] = field(default_factory=dict)
    """Variables set before the line."""

    def __post_init__(self) -> None:
        self.tools = self.folder / "bin"
        self.tools.mkdir(parents=True)
        self.home = self.folder / "home"
        self.home.mkdir()
        for name in TOOLS:
            (self.tools / name).symlink_to(f"/usr/bin/{name}")
        for name in ("gcloud", "curl", *(["gh"] if self.with_gh else [])):
            script = f'#!/bin/bash\nexec {sys.executable} -I -S {FAKE} {self.folder} {name} "$@"\n'
            (self.tools / name).write_text(script, encoding="utf-8")
            (self.tools / name).chmod(0o755)
        self.change()

    @property
    def state(self) -> Json:
        """What there is at Google and at GitHub now."""
        return dict(json.loads((self.folder / "state.json").read_text(encoding="utf-8")))

    def change(self, **changes: Any) -> None:
        """Set some of it by hand."""
        path = self.folder / "state.json"
        before = self.state if path.exists() else {}
        path.write_text(json.dumps({**before, **changes}), encoding="utf-8")

    @property
    def calls(self) -> list[list[str]]:
        """Every call so far, as it was made."""
        path = self.folder / "calls"
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []

    def run(self, *options: str, killed_at: int = 0, after: bool = False) -> subprocess.CompletedProcess[str]:
        """Run the script; ``killed_at``: all of it is killed at its n-th call, before or ``after`` the deed."""
        (self.folder / "kill").write_text(
            f"{len(self.calls) + killed_at if killed_at else 0} {int(after)}", encoding="utf-8"
        )
        environment = {"PATH": str(self.tools), "HOME": str(self.home), "PAUSE": "0", "TRIES": "4", **self.given}
        script = subprocess.Popen(  # noqa: S603 - the project's own script
            ["/bin/bash", str(ROOT / "setup.sh"), *options], env=environment, cwd=self.home, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            output, _ = script.communicate(self.answers, timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(script.pid, signal.SIGKILL)
            raise
        return subprocess.CompletedProcess(script.args, script.returncode, output)
