"""The words of five languages that trackers are kept in: headers, outcomes, ticks, months, titles. Data, read once.

``<language>.toml`` holds the same tables in every language. A value is a list with commas or line breaks between,
compared without case, accents, spacing and punctuation unless it says otherwise. A new word is a word in one of
these lists and nowhere else; one that two languages share stands in each of them, or in one: it is the same.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("en", "de", "fr", "es", "zh")
"""In the order in which their words are tried."""


@cache
def language(code: str) -> Mapping[str, Any]:
    """All the tables of one language, as they stand in its file."""
    return tomllib.loads(resources.files(__name__).joinpath(f"{code}.toml").read_text(encoding="utf-8"))


@cache
def words(table: str, key: str) -> tuple[str, ...]:
    """The words of one meaning in all languages, each once: ``words("headers", "company")``. Empty for no such key."""
    lists = (split(language(code)[table].get(key, "")) for code in LANGUAGES)
    return tuple(dict.fromkeys(word for found in lists for word in found))


@cache
def keys(table: str) -> tuple[str, ...]:
    """The meanings that a table has words for."""
    return tuple(language(LANGUAGES[0])[table])


@cache
def months(code: str) -> tuple[tuple[str, ...], ...]:
    """The spellings of each of the twelve months in one language, the full name first."""
    return tuple(tuple(names.split()) for names in split(language(code)["months"]))


def split(text: str) -> list[str]:
    """The words of a list."""
    return [word for word in re.split(r"\s*[,\n]\s*", text.strip()) if word]
