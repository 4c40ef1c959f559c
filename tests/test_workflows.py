"""The workflow files as text: what GitHub would accept, and what its own checkers let pass but must not be.

How the steps behave when they run is in test_workflow_run.py. Offline: zizmor and check-jsonschema carry what
they need.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / ".github" / "workflows"
NAMES = sorted(path.name for path in FOLDER.glob("*.y*ml"))
FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
"""Smallest and largest number of each of cron's five fields."""

Json = dict[str, Any]


def workflow(name: str = "sheetflow.yml") -> Json:
    """A workflow file, parsed as YAML 1.2 (so that ``on`` is a word)."""
    parsed: Json = YAML(typ="safe", pure=True).load(FOLDER / name)
    return parsed


def jobs(*names: str) -> Iterator[tuple[str, Json]]:
    """Every job of some workflows, with where it is; of all of them unless named."""
    for name in names or NAMES:
        for key, job in workflow(name)["jobs"].items():
            yield f"{name}: {key}", job


def steps(*names: str) -> Iterator[tuple[str, Json]]:
    """Every step, with where it is."""
    for where, job in jobs(*names):
        for step in job["steps"]:
            yield f"{where}: {step.get('name')}", step


def cron_numbers(text: str) -> list[set[int]]:
    """The numbers that each field of a cron line stands for. Raises ``ValueError`` for what is not one."""
    fields = text.split()
    if len(fields) != len(FIELDS):
        raise ValueError(f"not cron: {text}")
    return [_field(field, *bounds) for field, bounds in zip(fields, FIELDS, strict=True)]


def _field(text: str, least: int, most: int) -> set[int]:
    numbers: set[int] = set()
    for part in text.split(","):
        match = re.fullmatch(r"(\*|(\d+)(-(\d+))?)(/(\d+))?", part)
        if not match:
            raise ValueError(f"not cron: {text}")
        first = int(match[2]) if match[2] else least
        last = int(match[4]) if match[4] else most if match[1] == "*" or match[6] else first
        step = int(match[6] or 1)
        if not least <= first <= last <= most or not step:
            raise ValueError(f"not cron: {text}")
        numbers |= set(range(first, last + 1, step))
    return numbers


def run_tool(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A checker from the environment that runs these tests."""
    tool = Path(sys.executable).with_name(name)
    command = [tool, *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)  # noqa: S603


# --- the checkers everybody knows ------------------------------------------------------------------------------


def test_zizmor_finds_nothing() -> None:
    done = run_tool("zizmor", "--offline", "--persona=pedantic", ".github")
    assert done.returncode == 0, done.stdout
    assert "anchors" not in done.stderr, "zizmor does not look through anchors"


def test_zizmor_at_its_strictest_wants_only_environments() -> None:
    """Private repositories of the Free plan have no environments, so the secrets cannot live in one."""
    done = run_tool("zizmor", "--offline", "--persona=auditor", "--format=json", ".github")
    assert set(re.findall(r'"ident":\s*"([^"]+)"', done.stdout)) == {"secrets-outside-env"}


def test_the_files_fit_githubs_schema() -> None:
    files = [str(FOLDER / name) for name in NAMES]
    done = run_tool("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *files)
    assert done.returncode == 0, done.stdout


# --- the schedule ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "minutes", "hours"),
    [
        ("17 7,12,18 * * *", {17}, {7, 12, 18}),
        ("*/20 1-3 * * 1-5", {0, 20, 40}, {1, 2, 3}),
        ("5/30 0 1 1 0", {5, 35}, {0}),
    ],
)
def test_cron_lines_are_understood(text: str, minutes: set[int], hours: set[int]) -> None:
    assert cron_numbers(text)[:2] == [minutes, hours]


@pytest.mark.parametrize(
    "text",
    ["99 7 * * *", "17 24 * * *", "17 7 * *", "17 7 0 * *", "@daily", "17 9-7 * * *", "x 7 * * *", "*/0 7 * * *"],
)
def test_cron_lines_that_github_would_refuse(text: str) -> None:
    with pytest.raises(ValueError, match="not cron"):
        cron_numbers(text)


def test_schedule() -> None:
    """Several looks a day, in waking hours, at minutes when few others run, in a zone that exists."""
    lines = workflow()["on"]["schedule"]
    looks = 0
    for line in lines:
        assert set(line) == {"cron", "timezone"}
        minutes, hours, *days = cron_numbers(line["cron"])
        assert len(minutes) == 1
        (minute,) = minutes
        assert minute % 2 == 1
        assert minute % 5 != 0
        assert hours <= set(range(6, 23))
        assert days == [_field("*", *bounds) for bounds in FIELDS[2:]]
        assert line["timezone"] in available_timezones()
        looks += len(hours)
    assert looks == 3


def test_manual_run_offers_two_ticks() -> None:
    inputs = workflow()["on"]["workflow_dispatch"]["inputs"]
    assert {name: (one["type"], one["default"]) for name, one in inputs.items()} == {
        "dry_run": ("boolean", False),
        "force": ("boolean", False),
    }
    assert set(workflow()["on"]) == {"schedule", "workflow_dispatch"}


# --- least privilege -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_allowed_at_the_top(name: str) -> None:
    assert workflow(name)["permissions"] == {}


def test_each_job_may_do_only_what_it_needs() -> None:
    allowed = {where: job["permissions"] for where, job in jobs()}
    assert allowed == {
        "ci.yml: gate": {"contents": "read"},
        "sheetflow.yml: update": {"contents": "read"},
        "sheetflow.yml: update_keyless": {"contents": "read", "id-token": "write"},
    }


def test_actions_are_pinned_to_a_commit_with_its_version() -> None:
    used = set()
    for name in NAMES:
        for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
            if "uses:" in line:
                match = re.fullmatch(r"\s+uses: ([\w-]+/[\w-]+)@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)
                assert match, line
                used.add((line.split()[1], line.split()[-1]))
    assert {action.split("@")[0] for action, _ in used} == {
        "actions/checkout",
        "actions/setup-python",
        "google-github-actions/auth",
    }
    assert len(used) == 3, "the same action at two commits"


def test_checkout_leaves_no_token_behind() -> None:
    checkouts = [step for _, step in steps() if step.get("uses", "").startswith("actions/checkout@")]
    assert len(checkouts) == 3
    assert all(step["with"] == {"persist-credentials": False} for step in checkouts)


def test_no_expression_reaches_a_shell() -> None:
    for where, step in steps():
        assert "${{" not in step.get("run", ""), where


def test_secrets_reach_one_step() -> None:
    """Elsewhere only whether there is one is known."""
    for key, job in workflow()["jobs"].items():
        assert job["env"] == {"CONFIGURED": "${{ secrets.SHEETFLOW_SHEET != '' }}"}
        last = job["steps"][-1]
        wanted = {"SHEETFLOW_SHEET"} | ({"GOOGLE_CREDENTIALS"} if key == "update" else set())
        for step in job["steps"]:
            seen = set(re.findall(r"secrets\.(\w+)", str(step)))
            assert seen == (wanted if step is last else set()), (key, step["name"])
            assert "secrets[" not in str(step)
    top = {name: value for name, value in workflow().items() if name != "jobs"}
    assert "secrets" not in str(top)
    assert "secrets" not in str(workflow("ci.yml"))


def test_one_run_at_a_time_and_not_for_long() -> None:
    assert workflow()["concurrency"] == {"group": "sheetflow", "cancel-in-progress": False}
    for where, job in jobs("sheetflow.yml"):
        assert job["timeout-minutes"] == 10, where
    for where, job in jobs("ci.yml"):
        assert job["timeout-minutes"] <= 20, where


def test_nothing_is_kept_between_runs() -> None:
    text = (FOLDER / "sheetflow.yml").read_text(encoding="utf-8")
    assert workflow()["cache-mode"] == "none"
    assert not re.search(r"actions/cache|artifact|keep-?alive|git (commit|push)|cache:", text, re.IGNORECASE)


def test_a_copy_without_settings_runs_one_step() -> None:
    """Every step but the notice waits for the settings, so a fresh copy makes no network call."""
    for _, job in jobs("sheetflow.yml"):
        notice, *others = job["steps"]
        assert notice["if"] == "env.CONFIGURED != 'true'"
        assert set(notice) == {"name", "if", "run"}
        assert {step["if"] for step in others} == {"env.CONFIGURED == 'true'"}


def test_the_two_jobs_differ_in_the_key_alone() -> None:
    key, keyless = workflow()["jobs"].values()
    assert key["if"] == "vars.GOOGLE_WORKLOAD_IDENTITY_PROVIDER == ''"
    assert keyless["if"] == "vars.GOOGLE_WORKLOAD_IDENTITY_PROVIDER != ''"
    first, *same, sign_in, last = keyless["steps"]
    assert same == key["steps"][1:-1]
    assert sign_in["uses"].startswith("google-github-actions/auth@")
    assert set(sign_in["with"]) == {"workload_identity_provider", "service_account"}
    assert "secrets" not in str(sign_in)
    with_key = key["steps"][-1]
    assert with_key["env"].pop("GOOGLE_CREDENTIALS") == "${{ secrets.GOOGLE_CREDENTIALS }}"
    assert with_key == last
    assert "GOOGLE_CREDENTIALS" not in first["run"]
    assert "docs/keyless.md" in first["run"]


def test_private_copies_do_not_run_our_tests() -> None:
    """They would cost their owner minutes, and a reworded note would mail them a failure."""
    assert all(job["if"] == "${{ !github.event.repository.private }}" for _, job in jobs("ci.yml"))


# --- what ci runs ----------------------------------------------------------------------------------------------


def test_ci_runs_the_gate_on_every_supported_python() -> None:
    (job,) = workflow("ci.yml")["jobs"].values()
    classifiers = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["classifiers"]
    supported = [text.rpartition(" ")[2] for text in classifiers if re.search(r":: 3\.\d+$", text)]
    assert job["strategy"]["matrix"]["python"] == supported
    assert job["steps"][-1]["run"] == ".ci/run"
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_gate_runs_the_readmes_test_command() -> None:
    """The gate takes the command out of the README by this very pattern."""
    gate = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    match = re.search(r'grep -m1 -o "(.+?)" README\.md', gate)
    assert match
    pattern = match[1]
    command = "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]' && .venv/bin/python -m pytest"
    found = re.findall(pattern, (ROOT / "README.md").read_text(encoding="utf-8"))
    assert found[:1] == [command]
    for tool in ("ruff format --check", "ruff check", "mypy", "zizmor", "check-jsonschema"):
        assert f"check .venv/bin/{tool}" in gate


# --- the lock --------------------------------------------------------------------------------------------------


def locked() -> dict[str, list[tuple[Requirement, list[str]]]]:
    """Canonical name -> each pinned requirement with its hashes (several where the version hangs on a marker)."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    pins: dict[str, list[tuple[Requirement, list[str]]]] = {}
    for line in text.splitlines():
        if line.strip() and not line.lstrip().startswith("#"):
            pin, *hashes = line.split(" --hash=")
            requirement = Requirement(pin)
            pins.setdefault(canonicalize_name(requirement.name), []).append((requirement, [h.strip() for h in hashes]))
    return pins


def pinned(requirement: Requirement) -> bool:
    """Whether the lock has a version that a requirement allows, in this environment."""
    for pin, _ in locked().get(canonicalize_name(requirement.name), []):
        (exact,) = pin.specifier
        if (pin.marker is None or pin.marker.evaluate()) and requirement.specifier.contains(exact.version, True):
            return True
    return False


def test_every_line_of_the_lock_is_exact_and_hashed() -> None:
    pins = locked()
    assert len(pins) > 20
    for name, several in pins.items():
        for pin, hashes in several:
            (exact,) = pin.specifier
            assert exact.operator == "==", name
            Version(exact.version)
            assert hashes, name
            assert all(re.fullmatch("sha256:[0-9a-f]{64}", one) for one in hashes), name


def test_the_lock_names_no_place() -> None:
    """No index, proxy or folder of whoever made it; pip asks PyPI."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"://|^\s*-|^\s*\.?/| @ ", text.replace("    --hash=", ""), re.MULTILINE)


def test_the_lock_is_fresh() -> None:
    """Everything pyproject.toml asks for is in it; if not, docs/schedule.md has the line that renews it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [Requirement(text) for text in project["project"]["dependencies"] + project["build-system"]["requires"]]
    missing = [str(requirement) for requirement in wanted if not pinned(requirement)]
    assert not missing


def installed_before(name: str) -> bool:
    """Whether a package is older here than in the lock: then what it needs is not what the lock's needs."""
    ((pin, _),) = locked()[canonicalize_name(name)]
    (exact,) = pin.specifier
    return Version(metadata.version(name)) < Version(exact.version)


def test_the_lock_is_complete() -> None:
    """What the dependencies need in turn is in it as well, as far as it is installed here to be asked."""
    if installed_before("pandas") or installed_before("google-auth"):
        pytest.skip("the lowest versions are installed, and the lock is of newer ones")
    todo, seen = ["sheetflow"], set()
    while todo:
        name = todo.pop()
        for text in metadata.requires(name) or []:
            requirement = Requirement(text)
            if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
                continue
            assert pinned(requirement), f"{name} needs {text}"
            if (key := canonicalize_name(requirement.name)) not in seen:
                seen.add(key)
                todo.append(key)
    assert {"gspread", "pandas", "cryptography"} <= seen


def test_the_docs_say_how_to_renew_the_lock() -> None:
    docs = (ROOT / "docs" / "schedule.md").read_text(encoding="utf-8")
    assert re.search(r"uv pip compile .*--generate-hashes.* -o requirements\.lock", docs)
    assert '"Newer versions"' in (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "\n## Newer versions\n" in docs


# --- the docs ---------------------------------------------------------------------------------------------------


def test_setting_up_takes_at_most_eight_clicks_and_pastes() -> None:
    docs = (ROOT / "docs" / "schedule.md").read_text(encoding="utf-8")
    steps = [int(number) for number in re.findall(r"^\| (\d+) \|", docs, re.MULTILINE)]
    assert steps == list(range(1, len(steps) + 1))
    assert 1 < len(steps) <= 8


def test_the_docs_show_the_schedule_as_it_is() -> None:
    docs = (ROOT / "docs" / "schedule.md").read_text(encoding="utf-8")
    for line in workflow()["on"]["schedule"]:
        assert f'- cron: "{line["cron"]}"\n      timezone: "{line["timezone"]}"\n' in docs


def test_the_docs_name_the_settings_that_the_workflow_reads() -> None:
    names = {"schedule.md": "secrets", "keyless.md": "vars"}
    for file, kind in names.items():
        docs = (ROOT / "docs" / file).read_text(encoding="utf-8")
        read = set(re.findall(rf"\b{kind}\.(\w+)", (FOLDER / "sheetflow.yml").read_text(encoding="utf-8")))
        assert len(read) == 2
        for name in read:
            assert f"`{name}`" in docs


def test_keyless_trusts_numbers() -> None:
    """A name that its owner gives up can be taken by somebody else."""
    docs = (ROOT / "docs" / "keyless.md").read_text(encoding="utf-8")
    condition = re.search(r'--attribute-condition "(.+)"', docs)
    assert condition
    assert "assertion.repository_id ==" in condition[1]
    assert "assertion.repository_owner_id ==" in condition[1]
    assert "*" not in condition[1]
