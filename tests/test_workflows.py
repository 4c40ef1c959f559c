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
STARTER = ROOT / "starter" / ".github" / "workflows" / "sheetflow.yml"
NAMES = sorted(path.name for path in FOLDER.glob("*.y*ml"))
CHECKED = (".github", "action.yml", "starter")
"""What zizmor looks through; it does not find the last by itself."""
PLACEHOLDER = re.compile(r"[\w-]+/sheetflow@0{40} # v0\.0\.0")
"""What a release replaces by its own commit."""
FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
"""Smallest and largest number of each of cron's five fields."""

Json = dict[str, Any]


def parsed(path: Path) -> Json:
    """A YAML 1.2 file, in which ``on`` is a word."""
    content: Json = YAML(typ="safe", pure=True).load(path)
    return content


def workflow(name: str = "sheetflow.yml") -> Json:
    """A workflow file of this repository."""
    return parsed(FOLDER / name)


def action_steps() -> dict[str, Json]:
    """The steps of the project's own action, by name."""
    return {step["name"]: step for step in parsed(ROOT / "action.yml")["runs"]["steps"]}


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
    done = run_tool("zizmor", "--offline", "--persona=pedantic", *CHECKED)
    assert done.returncode == 0, done.stdout
    assert "anchors" not in done.stderr, "zizmor does not look through anchors"
    looked_at = set(re.findall(r"completed (\S+)", done.stderr))
    files = [*FOLDER.glob("*"), ROOT / "action.yml", *(ROOT / "starter" / ".github").rglob("*.yml")]
    files += [ROOT / ".github" / "dependabot.yml"]
    assert {str(file.relative_to(ROOT)) for file in files} <= looked_at


def test_zizmor_at_its_strictest_wants_only_environments() -> None:
    """Private repositories of the Free plan have no environments, so the secrets cannot live in one."""
    done = run_tool("zizmor", "--offline", "--persona=auditor", "--format=json", *CHECKED)
    assert set(re.findall(r'"ident":\s*"([^"]+)"', done.stdout)) == {"secrets-outside-env"}


SCHEMAS = {
    "vendor.github-workflows": [*(str(FOLDER / name) for name in NAMES), str(STARTER)],
    "vendor.github-actions": [str(ROOT / "action.yml")],
    "vendor.dependabot": [str(path) for path in ROOT.glob("**/.github/dependabot.yml")],
    "vendor.github-issue-forms": [str(path) for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml")],
    "vendor.github-issue-config": [str(ROOT / ".github" / "ISSUE_TEMPLATE" / "config.yml")],
}


@pytest.mark.parametrize("schema", SCHEMAS)
def test_the_files_fit_githubs_schemas(schema: str) -> None:
    assert SCHEMAS[schema]
    done = run_tool("check-jsonschema", "--builtin-schema", schema, *SCHEMAS[schema])
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


def test_the_form_has_a_name_and_three_ticks() -> None:
    """None of them is read anywhere in the file: the program takes them from the event."""
    inputs = workflow()["on"]["workflow_dispatch"]["inputs"]
    fields = {"name": "string", "prepare": "boolean", "dry_run": "boolean", "force": "boolean"}
    assert {name: one["type"] for name, one in inputs.items()} == fields
    assert set(workflow()["on"]) == {"schedule", "workflow_dispatch"}
    for path in (STARTER, FOLDER / "sheetflow.yml"):
        assert "inputs." not in path.read_text(encoding="utf-8")
    assert "event.inputs" not in (ROOT / "action.yml").read_text(encoding="utf-8")


def test_a_copy_is_thin() -> None:
    text = STARTER.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    assert not [step for job in parsed(STARTER)["jobs"].values() for step in job["steps"] if "run" in step]
    assert len(PLACEHOLDER.findall(text)) == 2


def test_a_copy_of_the_whole_is_the_same_but_for_the_action() -> None:
    """Its own action has to be checked out first."""
    thin = STARTER.read_text(encoding="utf-8").splitlines()[1:]
    whole = (FOLDER / "sheetflow.yml").read_text(encoding="utf-8").splitlines()[1:]
    checkout = [line for line in thin if "actions/checkout@" in line or "persist-credentials" in line]
    tell = whole.index("  tell:")
    contents = next(line for line in whole[tell:] if line.startswith("      contents: read"))
    whole.remove(contents)
    rest = [line for line in whole[tell:] if line not in checkout]
    as_thin = [re.sub(r"uses: \./ #.*", "uses: ours", line) for line in [*whole[:tell], *rest]]
    assert as_thin == [PLACEHOLDER.sub("ours", line) for line in thin]


def test_the_workflow_gives_the_action_what_it_takes() -> None:
    taken = set(parsed(ROOT / "action.yml")["inputs"])
    given = [set(step.get("with", {})) for job in parsed(STARTER)["jobs"].values() for step in job["steps"][-1:]]
    assert given[0] | given[1] == taken
    assert given[1] == {"task", "due", "assignee"}
    assert all("required" not in one for one in parsed(ROOT / "action.yml")["inputs"].values()), "copies are older"


# --- least privilege -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_allowed_at_the_top(name: str) -> None:
    assert workflow(name)["permissions"] == {}


def test_each_job_may_do_only_what_it_needs() -> None:
    allowed = {where: job["permissions"] for where, job in jobs() if not where.startswith("release.yml")}
    assert allowed == {
        **{where: {"contents": "read"} for where, _ in jobs("ci.yml")},
        "sheetflow.yml: update": {"contents": "read", "id-token": "write"},
        "sheetflow.yml: tell": {"contents": "read", "issues": "write"},
        **{where: {"contents": "read", "id-token": "write"} for where, _ in jobs("roster.yml")},
    }
    thin = {name: job["permissions"] for name, job in parsed(STARTER)["jobs"].items()}
    assert thin == {"update": {"contents": "read", "id-token": "write"}, "tell": {"issues": "write"}}


def uses() -> dict[str, set[str]]:
    """Every action that is used, and where."""
    used: dict[str, set[str]] = {}
    for path in (*(FOLDER / name for name in NAMES), STARTER, ROOT / "action.yml"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if "uses:" in line and "uses: ./ " not in line and not PLACEHOLDER.search(line):
                match = re.fullmatch(r"[\s-]+uses: ([\w-]+/[\w-]+@[0-9a-f]{40}) # v\d+\.\d+\.\d+", line)
                assert match, line
                used.setdefault(match[1], set()).add(path.name)
    return used


def test_actions_are_pinned_to_a_commit_with_its_version() -> None:
    used = uses()
    of_a_run = {action.split("@")[0] for action, where in used.items() if where & {"sheetflow.yml", "action.yml"}}
    assert of_a_run == {"actions/checkout", "actions/setup-python", "google-github-actions/auth"}
    assert len(used) == len({action.split("@")[0] for action in used}), "the same action at two commits"


def test_checkout_leaves_no_token_behind() -> None:
    checkouts = [step for _, step in steps() if step.get("uses", "").startswith("actions/checkout@")]
    assert len(checkouts) >= 3
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_no_expression_reaches_a_shell() -> None:
    for where, step in (*steps(), *action_steps().items()):
        assert "${{" not in step.get("run", ""), where


def test_secrets_reach_one_step() -> None:
    """In the workflow the action alone is given them, in the action the step that needs them."""
    for _, step in steps("sheetflow.yml"):
        seen = set(re.findall(r"secrets\.(\w+)", str(step)))
        wanted = {"SHEETFLOW_SHEET", "GOOGLE_CREDENTIALS", "MAIL_USER", "MAIL_PASSWORD"}
        assert seen == (wanted if step.get("id") == "sheetflow" else set()), step
        assert "secrets[" not in str(step)
    top = {name: value for name, value in workflow().items() if name != "jobs"}
    assert "secrets" not in str(top)
    assert "secrets" not in str(workflow("ci.yml"))
    private = r"inputs\.(sheet|credentials|mail_user|mail_password)\b(?! [!=]=)"
    for name, step in action_steps().items():
        assert bool(re.search(private, str(step))) == (name == "Bring the sheet up to date"), name
    assert "secrets" not in (ROOT / "action.yml").read_text(encoding="utf-8").replace("settings/secrets/", "")


def test_the_telling_has_no_secret_and_comes_after_every_run() -> None:
    job = workflow()["jobs"]["tell"]
    assert job["needs"] == "update"
    assert job["if"] == "${{ !cancelled() && needs.update.outputs.configured == 'true' }}"
    assert "secrets" not in str(job)
    assert workflow()["jobs"]["update"]["outputs"] == {
        "configured": "${{ secrets.SHEETFLOW_SHEET != '' }}",
        "due": "${{ steps.sheetflow.outputs.due }}",
    }


def test_one_run_at_a_time_and_not_for_long() -> None:
    assert workflow()["concurrency"] == {"group": "sheetflow", "cancel-in-progress": False}
    assert [job["timeout-minutes"] for _, job in jobs("sheetflow.yml")] == [10, 5]
    for where, job in jobs("ci.yml"):
        assert job["timeout-minutes"] <= 20, where


def test_nothing_is_kept_between_runs() -> None:
    text = (FOLDER / "sheetflow.yml").read_text(encoding="utf-8")
    assert workflow()["cache-mode"] == "none"
    assert not re.search(r"actions/cache|artifact|keep-?alive|git (commit|push)|cache:", text, re.IGNORECASE)


def test_a_copy_without_settings_only_says_so() -> None:
    """Every step of the action but the notice waits for the settings, so a fresh copy installs nothing."""
    notice, *others = action_steps().values()
    assert notice["if"] == "inputs.task == 'run' && inputs.sheet == ''"
    for step in others:
        assert "inputs.sheet != ''" in step["if"] or step["if"] == "inputs.task == 'tell'"


def test_a_key_is_not_looked_at_where_there_is_a_way_without() -> None:
    sign_in, bring = (
        action_steps()[name] for name in ("Sign in to Google without a key", "Bring the sheet up to date")
    )
    assert sign_in["if"].endswith("&& inputs.workload_identity_provider != ''")
    assert set(sign_in["with"]) == {"workload_identity_provider", "service_account"}
    key = bring["env"]["GOOGLE_CREDENTIALS"]
    assert key == "${{ inputs.workload_identity_provider == '' && inputs.credentials || '' }}"


def test_private_copies_do_not_run_our_tests() -> None:
    """They would cost their owner minutes, and a reworded note would mail them a failure."""
    assert all(job["if"] == "${{ !github.event.repository.private }}" for _, job in jobs("ci.yml"))


@pytest.mark.parametrize("path", [ROOT / ".github" / "dependabot.yml", ROOT / "starter" / ".github" / "dependabot.yml"])
def test_updates_come_as_pull_requests_after_a_week(path: Path) -> None:
    for one in parsed(path)["updates"]:
        assert one["schedule"]["interval"] == "weekly"
        assert one["cooldown"]["default-days"] >= 7
        assert one["groups"]


# --- what ci runs ----------------------------------------------------------------------------------------------


def test_ci_runs_the_gate_on_every_supported_python() -> None:
    job = workflow("ci.yml")["jobs"]["gate"]
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
    for tool in ("ruff format --check", "ruff check", "mypy", "zizmor", "check-jsonschema", "shellcheck"):
        assert f"check .venv/bin/{tool}" in gate
    assert f"--persona=pedantic {' '.join(CHECKED)}" in gate


# --- the lock --------------------------------------------------------------------------------------------------


def locked(name: str = "requirements.lock") -> dict[str, list[tuple[Requirement, list[str]]]]:
    """Canonical name -> each pinned requirement with its hashes (several where the version hangs on a marker)."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
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


@pytest.mark.parametrize("file", ["requirements.lock", "requirements-uv.lock"])
def test_every_line_of_a_lock_is_exact_and_hashed(file: str) -> None:
    pins = locked(file)
    assert len(pins) > 20 or set(pins) == {"uv"}
    for name, several in pins.items():
        for pin, hashes in several:
            (exact,) = pin.specifier
            assert exact.operator == "==", name
            Version(exact.version)
            assert hashes, name
            assert all(re.fullmatch("sha256:[0-9a-f]{64}", one) for one in hashes), name


@pytest.mark.parametrize("file", ["requirements.lock", "requirements-uv.lock"])
def test_a_lock_names_no_place(file: str) -> None:
    """No index, proxy or folder of whoever made it; pip asks PyPI."""
    text = (ROOT / file).read_text(encoding="utf-8")
    assert not re.search(r"://|^\s*-|^\s*\.?/| @ ", text.replace("    --hash=", ""), re.MULTILINE)


def test_the_lock_is_fresh() -> None:
    """Everything pyproject.toml asks for is in it; if not, docs/releasing.md has the line that renews it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    asked = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    asked += [text for name, several in extras.items() if name != "test" for text in several]
    wanted = [Requirement(text) for text in asked]
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
    docs = (ROOT / "docs" / "releasing.md").read_text(encoding="utf-8")
    assert "\n## The locks\n" in docs
    for file in ("requirements.lock", "requirements-uv.lock"):
        assert re.search(rf"uv pip compile .*--generate-hashes.* -o {re.escape(file)}", docs)
        assert 'see docs/releasing.md, "The locks"' in (ROOT / file).read_text(encoding="utf-8")


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
    docs = (ROOT / "docs" / "schedule.md").read_text(encoding="utf-8")
    for kind in ("secret", "var"):
        read = set(re.findall(rf"\b{kind}s\.(\w+)", STARTER.read_text(encoding="utf-8")))
        lines = [line for line in docs.splitlines() if f"| {'secret' if kind == 'secret' else 'variable'}" in line]
        assert read == set(re.findall(r"`([A-Z_]+)`", "".join(line.split("|")[1] for line in lines)))


def test_keyless_trusts_numbers() -> None:
    """A name that its owner gives up can be taken by somebody else."""
    docs = (ROOT / "docs" / "keyless.md").read_text(encoding="utf-8")
    condition = re.search(r'--attribute-condition "(.+)"', docs)
    assert condition
    assert "assertion.repository_id ==" in condition[1]
    assert "assertion.repository_owner_id ==" in condition[1]
    assert "*" not in condition[1]


# --- many sheets -----------------------------------------------------------------------------------------------


def test_the_roster_waits_until_it_is_switched_on() -> None:
    found = workflow("roster.yml")["jobs"]
    assert found["plan"]["if"] == "${{ vars.SHEETFLOW_ROSTER_RUNS == 'yes' }}"
    assert found["visit"]["needs"] == "plan"
    assert "needs.plan.result == 'success'" in found["merge"]["if"]
    assert workflow("roster.yml")["concurrency"]["cancel-in-progress"] is False
    assert workflow("roster.yml")["cache-mode"] == "none"


def test_one_shard_that_fails_ends_no_other() -> None:
    strategy = workflow("roster.yml")["jobs"]["visit"]["strategy"]
    assert strategy == {"fail-fast": False, "matrix": {"shard": "${{ fromJSON(needs.plan.outputs.shards) }}"}}


def test_artifacts_of_a_roster_last_a_day() -> None:
    kept = [step["with"] for _, step in steps("roster.yml") if "upload-artifact" in step.get("uses", "")]
    assert [one["retention-days"] for one in kept] == [1]
    assert [one["path"] for one in kept] == ["results/"]


def test_the_roster_signs_in_without_a_key() -> None:
    text = (FOLDER / "roster.yml").read_text(encoding="utf-8")
    assert "GOOGLE_CREDENTIALS" not in text
    for where, step in steps("roster.yml"):
        seen = set(re.findall(r"secrets\.(\w+)", str(step)))
        assert seen in (set(), {"SHEETFLOW_ROSTER", "SHEETFLOW_ACCOUNTS"}), where
        assert bool(seen) == ('sheetflow" roster' in step.get("run", "")), where
