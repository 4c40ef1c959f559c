"""What a release does, as far as it can be done here: what it checks, the starter it publishes, the wheel alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent
SHA = "0123456789abcdef0123456789abcdef01234567"


OUTSIDE = dict(os.environ)
"""The environment before any test began."""


def call(*words: object, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**OUTSIDE, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **variables}
    return subprocess.run(  # noqa: S603 - the project's own scripts, and git
        [str(word) for word in words], capture_output=True, text=True, env=environment, timeout=300, check=False
    )


@pytest.fixture
def named(tmp_path: Path) -> Path:
    """The project with somebody's name on it, as it is before a release."""
    folder = tmp_path / "project"
    for name in (".ci", ".github", "starter", "docs"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("README.md", "SECURITY.md", "LICENSE", "CHANGELOG.md", "pyproject.toml", "setup.sh"):
        shutil.copy(ROOT / name, folder / name)
    (folder / "sheetflow").mkdir()
    shutil.copy(ROOT / "sheetflow" / "__init__.py", folder / "sheetflow")
    for path in folder.rglob("*"):
        if path.suffix in (".md", ".yml", ".toml", ".sh"):
            path.write_text(path.read_text(encoding="utf-8").replace("OWNER", "kim"), encoding="utf-8")
    return folder


# --- the starter ----------------------------------------------------------------------------------------------------


def published(folder: Path, remote: Path, tag: str = "v1.2.3", sha: str = SHA) -> subprocess.CompletedProcess[str]:
    return call(
        folder / ".ci" / "publish_starter", remote, GITHUB_REF_NAME=tag, GITHUB_SHA=sha, GITHUB_REPOSITORY_OWNER="kim",
        DEPLOY_KEY="",
    )  # fmt: skip


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """The repository that people copy, with something old in it."""
    bare, first = tmp_path / "tracker.git", tmp_path / "first"
    assert call("git", "init", "--quiet", "--bare", "--initial-branch=main", bare).returncode == 0
    assert call("git", "clone", "--quiet", bare, first).returncode == 0
    (first / "old.txt").write_text("old", encoding="utf-8")
    call("git", "-C", first, "add", "--all")
    call("git", "-C", first, "-c", "user.name=x", "-c", "user.email=x@mail.example", "commit", "-qm", "first")
    assert call("git", "-C", first, "push", "--quiet", "origin", "HEAD:main").returncode == 0
    return bare


def test_the_starter_names_the_commit(named: Path, remote: Path, tmp_path: Path) -> None:
    done = published(named, remote)
    assert done.returncode == 0, done.stderr
    assert call("git", "clone", "--quiet", remote, tmp_path / "copy").returncode == 0
    copy = tmp_path / "copy"
    files = {str(path.relative_to(copy)) for path in copy.rglob("*") if path.is_file() and ".git/" not in str(path)}
    starter = {str(path.relative_to(ROOT / "starter")) for path in (ROOT / "starter").rglob("*") if path.is_file()}
    assert files == starter | {"LICENSE"}
    text = (copy / ".github" / "workflows" / "sheetflow.yml").read_text(encoding="utf-8")
    assert text.count(f"uses: kim/sheetflow@{SHA} # v1.2.3") == 2
    assert YAML(typ="safe").load(text)["jobs"]
    assert len(text.splitlines()) <= 60
    log = call("git", "-C", copy, "log", "-1", "--format=%s|%an").stdout.strip()
    assert log == "sheetflow v1.2.3|kim"


def test_published_twice_is_published_once(named: Path, remote: Path) -> None:
    assert published(named, remote).returncode == 0
    again = published(named, remote)
    assert (again.returncode, again.stdout.strip()) == (0, "Nothing to publish.")
    assert published(named, remote, "v1.2.4", SHA[::-1]).returncode == 0
    assert call("git", "-C", remote, "rev-list", "--count", "main").stdout.strip() == "3"


def test_a_starter_that_names_nobody_is_not_published(named: Path, remote: Path) -> None:
    (named / "starter" / "README.md").write_text("https://github.com/OWNER/sheetflow", encoding="utf-8")
    done = published(named, remote)
    assert done.returncode == 1
    assert "README.md" in done.stdout
    assert call("git", "-C", remote, "rev-list", "--count", "main").stdout.strip() == "1"


# --- what is checked before -----------------------------------------------------------------------------------------


def checked(folder: Path, tag: str) -> list[str]:
    done = call(sys.executable, folder / ".ci" / "release_check.py", tag, "kim")
    lines = [line for line in done.stdout.splitlines() if line]
    assert bool(lines) == bool(done.returncode), done.stderr
    return lines


def release_of(folder: Path, version: str) -> None:
    """Make a folder one that is ready to be released."""
    for name in ("pyproject.toml", "sheetflow/__init__.py", "docs/schedule.md"):
        path = folder / name
        text = path.read_text(encoding="utf-8").replace('version = "0.1.0"', f'version = "{version}"')
        text = text.replace('__version__ = "0.1.0"', f'__version__ = "{version}"').replace("/v0.1.0/", f"/v{version}/")
        path.write_text(text, encoding="utf-8")
    change = folder / "CHANGELOG.md"
    change.write_text(change.read_text(encoding="utf-8").replace("[Unreleased]", f"[{version}]"), encoding="utf-8")
    done = call("sha256sum", folder / "setup.sh").stdout.split()[0]
    docs = folder / "docs" / "schedule.md"
    old = call("sha256sum", ROOT / "setup.sh").stdout.split()[0]
    docs.write_text(docs.read_text(encoding="utf-8").replace(old, done), encoding="utf-8")


def test_a_release_that_is_ready(named: Path) -> None:
    release_of(named, "9.8.7")
    assert checked(named, "v9.8.7") == []


def test_a_release_that_is_not(named: Path) -> None:
    release_of(named, "9.8.7")
    assert any("tag is v9.8.6" in line for line in checked(named, "v9.8.6"))
    (named / "SECURITY.md").write_text("https://github.com/OWNER/sheetflow", encoding="utf-8")
    assert checked(named, "v9.8.7") == ["SECURITY.md names OWNER instead of kim."]
    (named / "SECURITY.md").write_text("", encoding="utf-8")
    (named / "CHANGELOG.md").write_text("## [9.8.70]\n", encoding="utf-8")
    assert checked(named, "v9.8.7") == ["CHANGELOG.md has no section 9.8.7."]
    (named / "CHANGELOG.md").write_text("## [9.8.7] - 2026-12-01\n", encoding="utf-8")
    (named / "setup.sh").write_text("#!/bin/bash\n", encoding="utf-8")
    assert checked(named, "v9.8.7") == [
        "The line for Cloud Shell in docs/schedule.md does not name v9.8.7 and the sum of setup.sh."
    ]
    (named / "sheetflow" / "__init__.py").write_text('__version__ = "9.8.6"', encoding="utf-8")
    assert "sheetflow/__init__.py does not say 9.8.7." in checked(named, "v9.8.7")


def test_the_docs_say_how_to_name_the_owner() -> None:
    """The command there leaves no place out."""
    docs = (ROOT / "docs" / "releasing.md").read_text(encoding="utf-8")
    places = "README.md SECURITY.md setup.sh docs starter .github"
    assert f"git grep -lw OWNER -- {places} | xargs" in docs
    kinds = {".md", ".yml", ".toml", ".sh"}
    files = [file.relative_to(ROOT) for kind in kinds for file in ROOT.rglob(f"*{kind}")]
    ours = [file for file in files if ".venv" not in file.parts and ".git" not in file.parts]
    found = [str(file) for file in ours if "OWNER/sheetflow" in (ROOT / file).read_text(encoding="utf-8")]
    assert len(found) > 5
    assert all(name.startswith(tuple(places.split())) for name in found)


# --- the wheel ------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not os.environ.get("INSTALL_FROM_PYPI"), reason="installs from PyPI; .ci/run does it")
def test_the_wheel_alone_is_enough(tmp_path: Path) -> None:
    built = call(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path, ROOT)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    done = call(sys.executable, ROOT / ".ci" / "try_wheel.py", wheel)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "The wheel is enough." in done.stdout
