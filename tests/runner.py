"""A GitHub runner in small: executes a workflow's jobs step by step, and a composite action's, as the real one would.

``run:`` steps are executed for real, by bash, in an environment made from nothing. ``uses:`` of the project's own
action runs the steps of ``action.yml``; other actions cannot be run (they are downloaded), so each of the three that
the project uses has a stand-in here that leaves behind what the real one does. An expression or a key that is not
known here raises an error instead of passing silently.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
"""

from __future__ import annotations

import fnmatch
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
    ".github", "docs", "sheetflow", "templates", "LICENSE", "README.md", "action.yml", "pyproject.toml",
    "requirements.lock", "requirements-uv.lock", "sample_sheet.csv",
)  # fmt: skip
"""What a checkout of the project has, as far as a run can notice."""

Json = dict[str, Any]
Context = Mapping[str, Any]


def load(path: Path) -> Json:
    """A YAML 1.2 file, in which ``on`` is a word."""
    parsed: Json = YAML(typ="safe", pure=True).load(path)
    return parsed


# --- expressions ------------------------------------------------------------------------------------------------

_TOKENS = re.compile(r"\s*(?:('(?:[^']|'')*')|(&&|\|\||==|!=|!|\(|\))|([a-z]+\(\))|([a-z]+(?:\.[\w-]+)+)|(true|false))")


def evaluate(expression: str, context: Context) -> Any:
    """The value of one expression: names, texts, ``== != ! && || ()``, ``cancelled()``; unset names are ``""``."""
    tokens, position = [], 0
    text = expression.strip()
    while position < len(text):
        match = _TOKENS.match(text, position)
        if not match:
            raise NotImplementedError(expression)
        tokens.append(match[0].strip())
        position = match.end()
    value, rest = _either(tokens, context)
    if rest:
        raise NotImplementedError(expression)
    return value


def truth(value: Any) -> bool:
    """Whether GitHub takes a value for true."""
    return value not in ("", False, None)


def _either(tokens: list[str], context: Context) -> tuple[Any, list[str]]:
    value, rest = _both(tokens, context)
    while rest[:1] == ["||"]:
        other, rest = _both(rest[1:], context)
        value = value if truth(value) else other
    return value, rest


def _both(tokens: list[str], context: Context) -> tuple[Any, list[str]]:
    value, rest = _comparison(tokens, context)
    while rest[:1] == ["&&"]:
        other, rest = _comparison(rest[1:], context)
        value = other if truth(value) else value
    return value, rest


def _comparison(tokens: list[str], context: Context) -> tuple[Any, list[str]]:
    value, rest = _single(tokens, context)
    if rest[:1] in (["=="], ["!="]):
        other, after = _single(rest[1:], context)
        equal = as_text(value).lower() == as_text(other).lower()
        return equal == (rest[0] == "=="), after
    return value, rest


def _single(tokens: list[str], context: Context) -> tuple[Any, list[str]]:
    if not tokens:
        raise NotImplementedError("an expression that ends too soon")
    first, rest = tokens[0], tokens[1:]
    if first == "!":
        value, rest = _single(rest, context)
        return not truth(value), rest
    if first == "(":
        value, rest = _either(rest, context)
        if rest[:1] != [")"]:
            raise NotImplementedError("a parenthesis that is not closed")
        return value, rest[1:]
    if first.startswith("'"):
        return first[1:-1].replace("''", "'"), rest
    if first in ("true", "false"):
        return first == "true", rest
    if first.endswith("()"):
        if first != "cancelled()":
            raise NotImplementedError(first)
        return False, rest
    root, *names = first.split(".")
    value = context[root]
    for name in names:
        value = value.get(name, "") if isinstance(value, Mapping) else ""
    return value, rest


def as_text(value: Any) -> str:
    """A value as GitHub writes it into a string."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def filled(text: Any, context: Context) -> str:
    """A text with its ``${{ … }}`` replaced."""
    return re.sub(r"\$\{\{(.*?)\}\}", lambda match: as_text(evaluate(match[1], context)), as_text(text))


def condition(text: str | None, context: Context, healthy: bool) -> bool:
    """Whether an ``if:`` holds; one that does not say otherwise holds only while all went well."""
    if text is None:
        return healthy
    inner = re.fullmatch(r"\$\{\{(.*)\}\}", text.strip())
    whole = inner[1] if inner else text
    return (healthy or "cancelled()" in whole) and truth(evaluate(whole, context))


# --- jobs and steps ---------------------------------------------------------------------------------------------


@dataclass
class Repository:
    """A copy of the project at GitHub, as its owner has set it up."""

    secrets: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    visibility: str = "private"
    files: dict[str, str] = field(default_factory=dict)
    """Path -> text, for what the owner has edited."""
    thin: bool = False
    """Whether it is a copy of ``starter/``, rather than of the whole project."""

    def workflow(self, name: str) -> Json:
        """A workflow file of it."""
        return load((ROOT / "starter" if self.thin else ROOT) / ".github" / "workflows" / name)


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
    artifacts: dict[str, dict[str, bytes]] = field(default_factory=dict)
    """Name -> file -> bytes: what one job hands on to others, and anybody may read in a public repository."""
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    """Each job's outputs, by its name; a job that was skipped has no entry."""

    @property
    def notices(self) -> list[str]:
        """The annotations of kind notice."""
        return [line for line in self.log.splitlines() if line.startswith("::notice")]


@dataclass
class _Machine:
    """Where one job runs."""

    folder: Path
    repository: Repository
    environment: dict[str, str]
    done: Done
    code: int = 0

    @property
    def workspace(self) -> Path:
        return self.folder / "work"


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
    token: str = "ghs_token"
    lost_outputs: bool = False
    """Whether GitHub drops the outputs, as it does when it finds a secret's text in them."""

    def run(
        self,
        repository: Repository,
        inputs: Mapping[str, bool | str] | None = None,
        debug: bool = False,
        name: str = "sheetflow.yml",
    ) -> Done:
        """One run of a workflow: started by hand with ``inputs``, else by the schedule."""
        workflow = repository.workflow(name)
        about = {"visibility": repository.visibility, "private": repository.visibility != "public"}
        event: Json = {"repository": about}
        if inputs is not None:
            event["inputs"] = {key: as_text(value) for key, value in inputs.items()}
        context: Json = {
            "secrets": repository.secrets,
            "vars": repository.variables,
            "inputs": dict(inputs or {}),
            "github": {"event": event, "token": self.token},
            "needs": {},
        }
        done = Done()
        for key, job in workflow["jobs"].items():
            healthy = all(context["needs"].get(other, {}).get("result") == "success" for other in _needs(job))
            if not condition(job.get("if"), context, healthy):
                continue
            code, outputs = 0, {}
            for combination in _matrix(job, context):
                one, outputs = self._job(workflow, job, repository, {**context, **combination}, debug, done)
                code = code or one
            done.code = done.code or code
            done.outputs[key] = outputs
            context["needs"][key] = {"result": "failure" if code else "success", "outputs": outputs}
        return done

    def _job(
        self, workflow: Json, job: Json, repository: Repository, context: Json, debug: bool, done: Done
    ) -> tuple[int, dict[str, str]]:
        folder = Path(mkdtemp(prefix="machine-", dir=self.folder))
        machine = _Machine(folder, repository, self._environment(folder, debug), done)
        machine.workspace.mkdir()
        (folder / "event.json").write_text(json.dumps(context["github"]["event"]), encoding="utf-8")
        for file in ("summary", "env"):
            (folder / file).touch()
        declared = {key: filled(value, context) for key, value in job.get("env", {}).items()}
        steps = self._steps(job["steps"], workflow, machine, {**context, "env": declared}, declared)
        done.summary += (folder / "summary").read_text(encoding="utf-8")
        outputs = {key: filled(text, {**context, "steps": steps}) for key, text in job.get("outputs", {}).items()}
        return machine.code, {key: "" if self.lost_outputs and key == "due" else text for key, text in outputs.items()}

    def _environment(self, folder: Path, debug: bool) -> dict[str, str]:
        return {
            "HOME": str(folder),
            "PATH": "/usr/bin:/bin",
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": "sam/my-interviews",
            "GITHUB_RUN_ID": "4711",
            "GITHUB_WORKFLOW_REF": "sam/my-interviews/.github/workflows/sheetflow.yml@refs/heads/main",
            "GITHUB_WORKSPACE": str(folder / "work"),
            "GITHUB_EVENT_PATH": str(folder / "event.json"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            "GITHUB_ENV": str(folder / "env"),
            "RUNNER_TEMP": str(folder),
            **({"RUNNER_DEBUG": "1"} if debug else {}),
            **self.extra,
        }

    def _steps(
        self, steps: list[Json], whole: Json, machine: _Machine, context: Json, declared: Mapping[str, str]
    ) -> Json:
        """Some steps, of a job or of an action; returns the ``steps`` context with their outputs."""
        seen: Json = {}
        for step in steps:
            now = {**context, "steps": seen}
            if not condition(step.get("if"), now, not machine.code):
                continue
            action = step.get("uses", "").partition("@")[0]
            if action == "./" or action.endswith("/sheetflow"):
                outputs = self._own_action(step, machine, now)
            elif action:
                machine.done.steps.append(step.get("name", action))
                given = {key: filled(value, now) for key, value in step.get("with", {}).items()}
                machine.environment |= self._use(action, machine, given)
                outputs = {}
            else:
                outputs = self._execute(step, whole, machine, now, declared)
            if "id" in step:
                seen[step["id"]] = {"outputs": outputs}
        return seen

    def _own_action(self, step: Json, machine: _Machine, context: Json) -> dict[str, str]:
        """The project's own action: its steps, with its inputs and with nothing of the workflow's secrets."""
        here = step["uses"].startswith("./")
        if here and not (machine.workspace / "action.yml").exists():
            raise FileNotFoundError("an action of the repository's own, before it is checked out")
        action = load(ROOT / "action.yml")
        given = {key: filled(value, context) for key, value in step.get("with", {}).items()}
        unknown = set(given) - set(action["inputs"])
        if unknown:
            raise NotImplementedError(f"inputs that the action does not have: {unknown}")
        inputs = {name: given.get(name, one.get("default", "")) for name, one in action["inputs"].items()}
        inside = {"inputs": inputs, "github": context["github"]}
        place = {"GITHUB_ACTION_PATH": str(machine.workspace if here else ROOT)}
        seen = self._steps(action["runs"]["steps"], action, machine, inside, place)
        return {name: filled(one["value"], {**inside, "steps": seen}) for name, one in action["outputs"].items()}

    def _execute(
        self, step: Json, whole: Json, machine: _Machine, context: Json, declared: Mapping[str, str]
    ) -> dict[str, str]:
        machine.done.steps.append(step["name"])
        own = {key: filled(value, context) for key, value in step.get("env", {}).items()}
        output = machine.folder / "output"
        output.write_text("", encoding="utf-8")
        seen = {
            **machine.environment, **self.network(step["name"]), **declared, **own, "GITHUB_OUTPUT": str(output),
        }  # fmt: skip
        machine.done.environments.append(seen)
        file = machine.folder / "step.sh"
        file.write_text(step["run"], encoding="utf-8")
        shell = step.get("shell") or whole.get("defaults", {}).get("run", {}).get("shell")
        options = {"bash": ["--noprofile", "--norc", "-eo", "pipefail"], None: ["-e"]}[shell]
        finished = subprocess.run(  # noqa: S603 - the workflow's own words
            ["/bin/bash", *options, str(file)],
            env=seen, cwd=machine.workspace, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=300, check=False,
        )  # fmt: skip
        machine.done.log += finished.stdout.decode("utf-8", "backslashreplace")
        machine.code = machine.code or finished.returncode
        return dict(line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines())

    def _use(self, action: str, machine: _Machine, given: Mapping[str, str]) -> dict[str, str]:
        """Leave behind what an action would; returns the variables it sets for later steps."""
        if action == "actions/checkout":
            check_out(machine.workspace, machine.repository)
            return {}
        if action == "actions/setup-python":
            return {"PATH": f"{self.tools}:/usr/bin:/bin"}
        if action == "google-github-actions/auth" and self.key_file:
            shutil.copy(self.key_file, machine.workspace / "gha-creds-0123.json")
            return {"GOOGLE_APPLICATION_CREDENTIALS": str(machine.workspace / "gha-creds-0123.json")}
        artifacts = machine.done.artifacts
        if action == "actions/upload-artifact":
            folder = machine.workspace / given["path"]
            artifacts[given["name"]] = {path.name: path.read_bytes() for path in folder.iterdir()}
            return {}
        if action == "actions/download-artifact":
            assert given["merge-multiple"] == "true"
            (machine.workspace / given["path"]).mkdir(exist_ok=True)
            for name in fnmatch.filter(artifacts, given["pattern"]):
                for file, data in artifacts[name].items():
                    (machine.workspace / given["path"] / file).write_bytes(data)
            return {}
        raise NotImplementedError(action)


def _matrix(job: Json, context: Context) -> list[Json]:
    """The contexts of a job's runs: one for each entry of its matrix, else a single one."""
    if "strategy" not in job:
        return [{}]
    assert not job["strategy"]["fail-fast"], "one run of the matrix would end the others"
    ((name, text),) = job["strategy"]["matrix"].items()
    match = re.fullmatch(r"\$\{\{ fromJSON\((.*)\) \}\}", text)
    if not match:
        raise NotImplementedError(text)
    return [{"matrix": {name: value}} for value in json.loads(evaluate(match[1], context))]


def _needs(job: Json) -> list[str]:
    needs = job.get("needs", [])
    return [needs] if isinstance(needs, str) else list(needs)


def check_out(workspace: Path, repository: Repository) -> None:
    """The repository's files with the owner's edits; compiled modules come along, which saves time."""
    if repository.thin:
        shutil.copytree(ROOT / "starter", workspace, dirs_exist_ok=True)
    else:
        for name in FILES:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, workspace / name)
            elif (ROOT / name).exists():
                shutil.copy(ROOT / name, workspace / name)
    for path, text in repository.files.items():
        (workspace / path).parent.mkdir(parents=True, exist_ok=True)
        (workspace / path).write_text(text, encoding="utf-8")


def stand_in_tools(folder: Path) -> Path:
    """A PATH folder as after setup-python; pip and uv only note how they were called.

    ``uv venv`` makes the place in which ``sheetflow`` is the checkout's own code, run by the Python of these tests.
    """
    folder.mkdir()
    own = f'#!/bin/bash\nexec {sys.executable} -m sheetflow "$@"\n'
    (folder / "own").write_text(own, encoding="utf-8")
    script = f"""#!/bin/bash
case "$1 $2" in
  "-m pip") echo "$*" >> "$HOME/installed" ;;
  "-m uv") echo "$*" >> "$HOME/installed"
    if [ "$3" = venv ]; then mkdir -p "${{@: -1}}/bin" && install -m 755 {folder}/own "${{@: -1}}/bin/sheetflow"; fi ;;
  *) exec {sys.executable} "$@" ;;
esac
"""
    (folder / "python").write_text(script, encoding="utf-8")
    (folder / "python").chmod(0o755)
    return folder


def key_fields(key: str) -> Json:
    """A key file's fields."""
    fields: Json = json.loads(key)
    return fields
