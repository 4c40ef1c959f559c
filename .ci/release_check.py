"""What a release would be ashamed of: a version that is not the tag's, an owner that is nobody, an unwritten changelog.

python .ci/release_check.py v1.0.0 the-owner
"""

from __future__ import annotations

import hashlib
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
NAMED = ("README.md", "SECURITY.md", "setup.sh", "docs/*.md", "starter/**/*", ".github/**/*.yml")
"""Where the account stands that the project is published from."""


def troubles(tag: str, owner: str, root: Path = ROOT) -> Iterator[str]:
    """Each thing that is wrong, in a sentence."""
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    if tag != f"v{version}":
        yield f"The tag is {tag}, and pyproject.toml says {version}."
    if f'__version__ = "{version}"' not in (root / "sheetflow" / "__init__.py").read_text(encoding="utf-8"):
        yield f"sheetflow/__init__.py does not say {version}."
    if not re.search(
        rf"^## \[?{re.escape(version)}\b", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    ):
        yield f"CHANGELOG.md has no section {version}."
    for path in sorted({path for pattern in NAMED for path in root.glob(pattern) if path.is_file()}):
        for name in sorted(set(re.findall(r"([\w-]+)/sheetflow(?:-tracker)?\b", path.read_text(encoding="utf-8")))):
            if name == "OWNER":
                yield f"{path.relative_to(root).as_posix()} names OWNER instead of {owner}."
    total = hashlib.sha256((root / "setup.sh").read_bytes()).hexdigest()
    for path in ("README.md", "docs/schedule.md"):
        text = (root / path).read_text(encoding="utf-8")
        if "setup.sh" in text and (f"/{tag}/setup.sh" not in text or total not in text):
            yield f"The line for Cloud Shell in {path} does not name {tag} and the sum of setup.sh."


def main() -> None:
    """Say what is wrong, and fail if anything is."""
    found = list(troubles(*sys.argv[1:3]))
    print(*found, sep="\n")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
