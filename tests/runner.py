"""A GitHub runner in small: executes a job of a workflow file step by step, as the real one would.

``run:`` steps are executed for real, by bash, in an environment made from nothing. ``uses:`` steps cannot be (they
are downloaded), so each of the three that the project uses has a stand-in here that leaves behind what the real one
does. An expression or a key that is not known here raises an error instead of passing silently.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent
FILES = (
    ".github", "docs", "sheetflow", "templates", "LICENSE", "README.md", "pyproject.toml", "requirements.lock",
    "sample_sheet.csv",
)  # fmt: skip
"""What a checkout has, as far as a run can notice."""

Json = dict[str, Any]
Context = Mapping[str, Any]


def evaluate(expression: str, context: Context) -> Any:
    """The value of one expression: a name, a text, ``==``, ``!=`` or ``!``; unset names are ``""``."""
    text = expression.strip()
    if match := re.fullmatch(r"(\S+)\s*(==|!=)\s*(\S+|'.*')", text):
        left, operator, right = match.groups()
        equal = as_text(evaluate(left, context)).lower() == as_text(evaluate(right, context)).lower()
        return equal == (operator == "==")
    if text.startswith("!"):
        return evaluate(text[1:], context) in ("", False)
    if match := re.fullmatch(r"'([^']*)'", text):
        return match[1]
    if not re.fullmatch(r"[a-z]+(\.\w+)+", text):
        raise NotImplementedError(expression)
    root, *names = text.split(".")
    value = context[root]
    for name in names:
        value = value.get(name, "") if isinstance(value, Mapping) else ""
    return value


def as_text(value: Any) -> str:
    """A value as GitHub writes it into a string."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def filled(text: Any, context: Context) -> str:
    """A text with its ``${{ … }}`` replaced."""
    return re.sub(r"\$\{\{(.*?)\}\}", lambda match: as_text(evaluate(match[1], context)), as_text(text))


def condition(text: str | None, context: Context) -> bool:
    """Whether an ``if:`` holds; none always does."""
    if text is None:
        return True
    inner = re.fullmatch(r"\$\{\{(.*)\}\}", text.strip())
    return evaluate(inner[1] if inner else text, context) not in ("", False)


@dataclass
class Repository:
    """A copy of the project at GitHub, as its owner has set it up."""

    secrets: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    visibility: str = "private"
    files: dict[str, str] = field(default_factory=dict)
    """Path -> text, for what the owner has edited."""


@dataclass
class Done:
    """What a run left: its exit code, what anybody with access can read, and what was done."""

    code: int = 0
    log: str = ""
    summary: str = ""
    steps: list[str] = field(default_factory=list)
    """The names of the steps that were not skipped."""
    environments: list[dict[str, str]] = field(default_factory=list)
    """What each ``run:`` step could see."""

    @property
    def notices(self) -> list[str]:
        """The annotations of kind notice."""
        return [line for line in self.log.splitlines() if line.startswith("::notice")]


@dataclass
class Runner:
    """A machine that runs jobs.

    ``tools`` is the folder that setup-python puts first on the PATH. ``network`` says which variables lead a step
    (by name) to a network.
    """

    folder: Path
    tools: Path
    network: Callable[[str], dict[str, str]]
    key_file: Path | None = None
    """What google-github-actions/auth leaves behind."""
    extra: dict[str, str] = field(default_factory=dict)

    def run(
        self,
        repository: Repository,
        inputs: Mapping[str, bool] | None = None,
        debug: bool = False,
        name: str = "sheetflow.yml",
    ) -> Done:
        """One run of a workflow: started by hand with ``inputs``, else by the schedule."""
        workflow: Json = YAML(typ="safe", pure=True).load(ROOT / ".github" / "workflows" / name)
        event: Json = {
            "repository": {"visibility": repository.visibility, "private": repository.visibility != "public"}
        }
        context: Json = {
            "secrets": repository.secrets,
            "vars": repository.variables,
            "inputs": dict(inputs or {}),
            "github": {"event": event},
        }
        done = Done()
        for job in workflow["jobs"].values():
            if condition(job.get("if"), context):
                self._job(workflow, job, repository, context, debug, done)
        return done

    def _job(self, workflow: Json, job: Json, repository: Repository, context: Json, debug: bool, done: Done) -> None:
        machine = Path(mkdtemp(prefix="machine-", dir=self.folder))
        workspace = machine / "work"
        workspace.mkdir()
        for file in ("summary", "env", "output"):
            (machine / file).touch()
        environment = {
            "HOME": str(machine),
            "PATH": "/usr/bin:/bin",
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "sam/my-interviews",
            "GITHUB_WORKSPACE": str(workspace),
            "GITHUB_STEP_SUMMARY": str(machine / "summary"),
            "GITHUB_ENV": str(machine / "env"),
            "GITHUB_OUTPUT": str(machine / "output"),
            "RUNNER_TEMP": str(machine),
            **({"RUNNER_DEBUG": "1"} if debug else {}),
            **self.extra,
        }
        declared = {key: filled(value, context) for key, value in job.get("env", {}).items()}
        for step in job["steps"]:
            if done.code or not condition(step.get("if"), {**context, "env": declared}):
                continue
            done.steps.append(step["name"])
            if "uses" in step:
                environment |= self._use(step, repository, workspace)
                continue
            own = {key: filled(value, context) for key, value in step.get("env", {}).items()}
            shell = step.get("shell") or workflow.get("defaults", {}).get("run", {}).get("shell")
            seen = {**environment, **self.network(step["name"]), **declared, **own}
            done.environments.append(seen)
            self._execute(step["run"], shell, machine, seen, done)
        done.summary += (machine / "summary").read_text(encoding="utf-8")

    def _execute(self, script: str, shell: str | None, machine: Path, environment: Json, done: Done) -> None:
        file = machine / "step.sh"
        file.write_text(script, encoding="utf-8")
        options = {"bash": ["--noprofile", "--norc", "-eo", "pipefail"], None: ["-e"]}[shell]
        finished = subprocess.run(  # noqa: S603 - the workflow's own words
            ["/bin/bash", *options, str(file)],
            env=environment, cwd=machine / "work", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=300, check=False,
        )  # fmt: skip
        done.log += finished.stdout.decode("utf-8", "backslashreplace")
        done.code = finished.returncode

    def _use(self, step: Json, repository: Repository, workspace: Path) -> dict[str, str]:
        """Leave behind what an action would; returns the variables it sets for later steps."""
        action = step["uses"].partition("@")[0]
        if action == "actions/checkout":
            check_out(workspace, repository.files)
            return {}
        if action == "actions/setup-python":
            return {"PATH": f"{self.tools}:/usr/bin:/bin"}
        if action == "google-github-actions/auth" and self.key_file:
            shutil.copy(self.key_file, workspace / "gha-creds-0123.json")
            return {"GOOGLE_APPLICATION_CREDENTIALS": str(workspace / "gha-creds-0123.json")}
        raise NotImplementedError(action)


def check_out(workspace: Path, edited: Mapping[str, str]) -> None:
    """The project's files with the owner's edits; compiled modules come along, which saves a third of a run's time."""
    for name in FILES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, workspace / name)
        elif (ROOT / name).exists():
            shutil.copy(ROOT / name, workspace / name)
    for path, text in edited.items():
        (workspace / path).write_text(text, encoding="utf-8")


def stand_in_tools(folder: Path) -> Path:
    """A PATH folder as after a successful install, without one: ``pip`` only notes how it was called.

    ``sheetflow`` is the checkout's own code, run by the Python that runs the tests.
    """
    folder.mkdir()
    scripts = {
        "python": f'[ "$1 $2" = "-m pip" ] && echo "$*" >> "$HOME/pip" || exec {sys.executable} "$@"',
        "sheetflow": f'exec {sys.executable} -m sheetflow "$@"',
    }
    for name, script in scripts.items():
        (folder / name).write_text(f"#!/bin/bash\n{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder


def key_fields(key: str) -> Json:
    """A key file's fields."""
    fields: Json = json.loads(key)
    return fields
