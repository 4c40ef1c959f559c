"""setup.sh against a gcloud, a gh and a curl that check every argument and remember what was done.

Stopped at every step and run again, it ends where an undisturbed run ends. Where a real gcloud is installed, it is
asked whether it knows every flag.
"""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from cloud_shell import ROOT, SHEET, CloudShell

STARTER = (ROOT / "starter" / ".github" / "workflows" / "sheetflow.yml").read_bytes()
OWNER = re.findall(r"^TEMPLATE=([\w-]+)/sheetflow-tracker$", (ROOT / "setup.sh").read_text(encoding="utf-8"), re.M)[0]


def shell(folder: Path, **options: object) -> CloudShell:
    one = CloudShell(folder / "shell", **options)  # type: ignore[arg-type]
    (one.folder / "workflow.base64").write_text(base64.encodebytes(STARTER).decode(), encoding="utf-8")
    return one


def unknown(one: CloudShell) -> str:
    path = one.folder / "unknown"
    return path.read_text(encoding="utf-8") if path.exists() else ""


CONDITION = (
    "assertion.repository_id == '900100' && assertion.repository_owner_id == '583231' && "
    "assertion.ref == 'refs/heads/main'"
)


def test_from_nothing_to_the_first_run(tmp_path: Path) -> None:
    one = shell(tmp_path)
    done = one.run()
    assert done.returncode == 0, done.stdout
    assert not unknown(one)
    state = one.state
    (project,) = state["projects"]
    address = f"sheetflow@{project}.iam.gserviceaccount.com"
    assert state["providers"] == {project: {"state": "ACTIVE", "condition": CONDITION}}
    pool = "projects/4711/locations/global/workloadIdentityPools/github"
    assert state["bindings"] == [
        [project, "roles/iam.serviceAccountTokenCreator", "user:sam@gmail.example"],
        [
            project,
            "roles/iam.workloadIdentityUser",
            f"principalSet://iam.googleapis.com/{pool}/attribute.repository_id/900100",
        ],
    ]
    repo = state["repos"]["sam/my-interviews"]
    assert repo["variables"] == {
        "GOOGLE_WORKLOAD_IDENTITY_PROVIDER": f"{pool}/providers/sheetflow",
        "GOOGLE_SERVICE_ACCOUNT": address,
    }
    assert repo["secrets"] == {"SHEETFLOW_SHEET": SHEET}
    assert base64.b64decode(repo["content"]) == STARTER, "the sheet's zone is that of the starter"
    assert state["runs"] == ["Sam Lee"]
    assert state["keys"] == 0
    assert done.stdout.count(address) >= 2
    assert "Done. Open your sheet" in done.stdout


def test_run_twice_nothing_is_made_twice(tmp_path: Path) -> None:
    one = shell(tmp_path)
    one.run()
    first, calls = one.state, len(one.calls)
    done = one.run()
    assert done.returncode == 0, done.stdout
    assert {**one.state, "runs": first["runs"]} == first
    made = [call for call in one.calls[calls:] if {"create", "create-oidc", "undelete", "login", "PUT"} & set(call)]
    assert made == []


STEPS = (3, 4, 6, 7, 9, 12, 21, 23, 25, 32, 33, 34, 36)
"""The calls of an undisturbed run that change something; after the others the world is as it was before them."""


def test_the_steps_of_a_run(tmp_path: Path) -> None:
    one = shell(tmp_path)
    one.run()
    assert tuple(map(int, (one.folder / "changed").read_text(encoding="utf-8").split())) == STEPS


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_and_run_again(tmp_path: Path, step: int) -> None:
    one = shell(tmp_path)
    assert one.run(killed_at=step, after=True).returncode < 0
    done = one.run()
    assert done.returncode == 0, done.stdout
    state = one.state
    assert len(state["projects"]) == 1
    (project,) = state["accounts"]
    assert state["providers"][project]["condition"] == CONDITION
    assert len(state["bindings"]) == 2
    (repo,) = state["repos"].values()
    assert len(repo["variables"]) == 2
    assert repo["secrets"] == {"SHEETFLOW_SHEET": SHEET}
    assert 1 <= len(state["runs"]) <= 2


def test_google_is_slow(tmp_path: Path) -> None:
    """What was only just made is not known everywhere, and the sheet is shared late, first as Viewer."""
    one = shell(tmp_path)
    one.change(slow=3, shared=False, editor=False)
    done = one.run()
    assert done.returncode == 0, done.stdout
    assert "Not shared yet" in done.stdout
    assert "change Viewer to Editor" in done.stdout


def test_a_zone_of_ones_own_is_set_in_both_places(tmp_path: Path) -> None:
    one = shell(tmp_path, answers=f"{SHEET}\nSam Lee\nEurope/Madrid\n")
    done = one.run()
    assert done.returncode == 0, done.stdout
    assert one.state["sheet_zone"] == "Europe/Madrid"
    text = base64.b64decode(one.state["repos"]["sam/my-interviews"]["content"]).decode()
    assert text == STARTER.decode().replace('timezone: "Europe/London"', 'timezone: "Europe/Madrid"')
    assert text != STARTER.decode()


@pytest.mark.parametrize(("zone", "words"), [("Madrid", "does not know the time zone"), ('x"}', "no time zone")])
def test_a_zone_that_is_none(tmp_path: Path, zone: str, words: str) -> None:
    one = shell(tmp_path, given={"SHEET": SHEET, "NAME": "Sam", "ZONE": zone})
    done = one.run()
    assert done.returncode == 1
    assert words in done.stdout
    assert "It stopped at: The time zone of the sheet" in done.stdout
    assert not one.state["runs"]


def test_everything_given_before_asks_nothing(tmp_path: Path) -> None:
    given = {"SHEET": SHEET, "NAME": "Zoë O'Neil @home", "REPO": "jobs", "ZONE": "Asia/Tokyo", "PROJECT": "mine"}
    one = shell(tmp_path, answers="", given=given)
    one.change(signed_in=True)
    done = one.run()
    assert done.returncode == 0, done.stdout
    assert one.state["projects"] == []
    assert one.state["accounts"] == ["mine"]
    assert list(one.state["repos"]) == ["sam/jobs"]
    assert one.state["runs"] == ["Zoë O'Neil @home"]


def test_a_key_only_on_request(tmp_path: Path) -> None:
    one = shell(tmp_path)
    done = one.run("--key")
    assert done.returncode == 0, done.stdout
    state = one.state
    assert state["keys"] == 1
    assert not state["pools"]
    repo = state["repos"]["sam/my-interviews"]
    assert json.loads(repo["secrets"]["GOOGLE_CREDENTIALS"]) == {"type": "service_account"}
    assert not repo["variables"]
    assert not (one.home / "key.json").exists(), "it is at GitHub, and nowhere else"


def test_without_gh_it_says_what_to_click(tmp_path: Path) -> None:
    """The owner's number and the repository's name take the place of the repository's number, which is not made yet."""
    one = shell(tmp_path, with_gh=False, answers=f"{SHEET}\nSam Lee\nsam\n\n")
    done = one.run()
    assert done.returncode == 0, done.stdout
    assert not unknown(one)
    (provider,) = one.state["providers"].values()
    assert provider["condition"] == (
        "assertion.repository_owner_id == '583231' && assertion.repository == 'sam/my-interviews' && "
        "assertion.ref == 'refs/heads/main'"
    )
    assert one.state["bindings"][1][2].endswith("/attribute.repository/sam/my-interviews")
    for words in (
        f"template_owner={OWNER}&template_name=sheetflow-tracker&name=my-interviews&visibility=private",
        "https://github.com/sam/my-interviews/settings/secrets/actions/new",
        "/providers/sheetflow",
        'timezone: "Europe/London"',
        "https://github.com/sam/my-interviews/actions/workflows/sheetflow.yml",
    ):
        assert words in done.stdout


def test_nobody_of_that_name(tmp_path: Path) -> None:
    one = shell(tmp_path, with_gh=False, answers=f"{SHEET}\nSam Lee\nkim\n\n")
    done = one.run()
    assert done.returncode == 1
    assert "GitHub knows nobody named kim" in done.stdout


def test_no_new_project(tmp_path: Path) -> None:
    one = shell(tmp_path)
    one.change(may_create=False)
    done = one.run()
    assert done.returncode == 1
    assert "PROJECT=its-id bash setup.sh" in done.stdout
    assert "It stopped at: A project of yours" in done.stdout


def test_a_pool_that_was_deleted_comes_back(tmp_path: Path) -> None:
    one = shell(tmp_path)
    one.run()
    (project,) = one.state["projects"]
    provider = {**one.state["providers"][project], "state": "DELETED"}
    one.change(pools={project: "DELETED"}, providers={project: provider})
    done = one.run()
    assert done.returncode == 0, done.stdout
    assert one.state["pools"] == {project: "ACTIVE"}
    assert one.state["providers"][project]["state"] == "ACTIVE"


def test_a_public_repository_is_refused(tmp_path: Path) -> None:
    one = shell(tmp_path)
    one.run()
    repos = one.state["repos"]
    repos["sam/my-interviews"]["visibility"] = "public"
    one.change(repos=repos, runs=[])
    done = one.run()
    assert done.returncode == 1
    assert "is not private" in done.stdout
    assert not one.state["runs"]


def test_the_first_run_may_come_too_early(tmp_path: Path) -> None:
    one = shell(tmp_path)
    one.change(failing_runs=1)
    done = one.run()
    assert done.returncode == 0, done.stdout
    assert len(one.state["runs"]) == 2
    one.change(failing_runs=2)
    done = one.run()
    assert done.returncode == 1
    assert "https://github.com/sam/my-interviews/actions/runs/4" in done.stdout


@pytest.mark.parametrize("link", ["not a link", "https://docs.google.com/document/d/1AbcDefGhiJklMnoPqrStuVwxYz/edit"])
def test_a_link_that_is_none(tmp_path: Path, link: str) -> None:
    one = shell(tmp_path, answers=f"{link}\nSam\n")
    assert one.run().returncode == 2
    assert len(one.calls) == 1, "nothing was made"


def test_an_id_will_do(tmp_path: Path) -> None:
    bare = SHEET.split("/")[5]
    one = shell(tmp_path, answers=f"{bare}\nSam Lee\n\n")
    assert one.run().returncode == 0


def test_other_words_are_refused(tmp_path: Path) -> None:
    one = shell(tmp_path)
    assert one.run("--keys").returncode == 2
    assert not one.calls


def test_an_answer_that_never_comes(tmp_path: Path) -> None:
    one = shell(tmp_path, answers="")
    done = one.run()
    assert done.returncode == 1
    assert "No answer." in done.stdout


def test_no_token_in_an_argument(tmp_path: Path) -> None:
    """Whoever else is on the machine can read those."""
    one = shell(tmp_path)
    done = one.run()
    assert "ya29" not in str(one.calls)
    assert "ya29" not in done.stdout


def test_in_an_account_that_is_not_signed_in(tmp_path: Path) -> None:
    one = shell(tmp_path)
    one.change(account="")
    done = one.run()
    assert done.returncode == 1
    assert "gcloud auth login" in done.stdout


@pytest.mark.skipif(
    not shutil.which("gcloud") or not os.environ.get("INSTALL_FROM_PYPI"), reason="takes a while; .ci/run does it"
)
def test_the_real_gcloud_knows_every_flag(tmp_path: Path) -> None:
    """It looks at the arguments before it asks who is there."""
    calls: dict[tuple[str, ...], list[str]] = {}
    for with_gh, options in ((True, ()), (False, ("--key",))):
        one = shell(tmp_path / str(with_gh), with_gh=with_gh, answers=f"{SHEET}\nSam Lee\nsam\n\n")
        one.run(*options)
        for call in one.calls:
            if call[0] == "gcloud":
                calls.setdefault(tuple(word for word in call if not word.startswith("sheetflow")), call)
    assert len(calls) > 12
    real = {"CLOUDSDK_CONFIG": str(tmp_path / "config"), "CLOUDSDK_CORE_DISABLE_PROMPTS": "1"}
    for call in calls.values():
        done = subprocess.run(  # noqa: S603 - the script's own words
            call, capture_output=True, text=True, env={**os.environ, **real}, timeout=60, check=False
        )
        assert "account" in done.stderr or done.returncode == 0, done.stderr
        for word in ("unrecognized", "Invalid choice", "argument "):
            assert word not in done.stderr, (call, done.stderr)
