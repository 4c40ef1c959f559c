"""Where the notes' templates lie: a folder of the person's, the package, or the repository checked out."""

from __future__ import annotations

from pathlib import Path

from sheetflow.errors import TemplateError
from sheetflow.letters.templates import NOTES, Templates

PACKAGED = Path(__file__).parents[1] / "templates"
CHECKED_OUT = Path(__file__).parents[2] / "templates"
"""In an editable install the templates stay where they are edited."""


def load_templates(folder: str) -> Templates:
    """Read and check the five notes; ``folder`` comes first, what it lacks is taken from the package.

    Raises ``TemplateError`` when the folder is not there or a note cannot be used.
    """
    if folder and not Path(folder).is_dir():
        raise TemplateError("There is no template folder {folder}. Check its name, or leave it out.", folder=folder)
    places = [Path(folder)] if folder else []
    places.append(PACKAGED if PACKAGED.is_dir() else CHECKED_OUT)
    return Templates({note: _read(f"{note}.txt", places) for note in NOTES})


def _read(name: str, places: list[Path]) -> tuple[str, str]:
    for place in places:
        path = place / name
        if path.is_file():
            try:
                return str(path), path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                raise TemplateError("{file}, line 1: cannot be read as UTF-8 text.", file=path) from None
    raise TemplateError("{file}, line 1: there is no such template; install sheetflow anew.", file=places[-1] / name)
