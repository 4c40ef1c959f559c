"""Where the letters' templates lie: a folder of the person's, the package, or the repository checked out."""

from __future__ import annotations

from pathlib import Path

from sheetflow.errors import TemplateError
from sheetflow.letters.languages import LANGUAGES
from sheetflow.letters.templates import Templates
from sheetflow.notes import NOTES

PACKAGED = Path(__file__).parent.parent / "templates"
CHECKED_OUT = Path(__file__).parent.parent.parent / "templates"
"""In an editable install the templates stay where they are edited."""


def load_templates(folder: str) -> Templates:
    """Read and check every note in every language; ``folder`` comes first, what it lacks is taken from the package.

    The installed package's own were checked when it was made, and wait until they are used.

    English notes lie in the folder itself, the others in one named after the language (``de/thank_you.txt``). Raises
    ``TemplateError`` when the folder is not there or a note cannot be used.
    """
    if folder and not Path(folder).is_dir():
        raise TemplateError("There is no template folder {folder}. Check its name, or leave it out.", folder=folder)
    packaged = PACKAGED if PACKAGED.is_dir() else CHECKED_OUT
    places = [Path(folder), packaged] if folder else [packaged]
    english = next(iter(LANGUAGES))
    sources = {}
    for language in LANGUAGES:
        for note in NOTES:
            name = f"{note}.txt" if language == english else f"{language}/{note}.txt"
            if source := _read(name, places):
                sources[language, note] = source
            elif language == english:
                raise TemplateError(
                    "{file}, line 1: there is no such template; install sheetflow anew.", file=packaged / name
                )
    later = {key for key, (file, _) in sources.items() if PACKAGED in Path(file).parents}
    return Templates(sources, later)


def _read(name: str, places: list[Path]) -> tuple[str, str] | None:
    for place in places:
        path = place / name
        if path.is_file():
            try:
                return str(path), path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                raise TemplateError("{file}, line 1: cannot be read as UTF-8 text.", file=path) from None
    return None
