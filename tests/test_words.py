"""The words of five languages: every file has every list, and no word means two things in one table."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from sheetflow import words
from sheetflow.columns import BY_KEY, COLUMNS, YOURS, plain
from sheetflow.letters.languages import LANGUAGES as LETTERS
from sheetflow.settings import LANGUAGES as SETTING

LISTS = ("phrases", "people")
"""Tables whose lists are no meanings of a word, but what one has to know of it."""
TABLES = [table for table in words.language("en") if table != "months"]


def shape(tables: Any) -> Any:
    return {table: sorted(lists) if isinstance(lists, dict) else "" for table, lists in tables.items()}


@pytest.mark.parametrize("code", words.LANGUAGES)
def test_every_language_has_every_list(code: str) -> None:
    assert shape(words.language(code)) == shape(words.language("en"))
    empty = [key for table in TABLES for key, text in words.language(code)[table].items() if not words.split(text)]
    assert empty == []


def test_the_languages_are_those_of_the_letters() -> None:
    assert list(words.LANGUAGES) == list(LETTERS) == list(SETTING) == list(words.keys("languages"))


def test_every_column_of_the_persons_has_its_list() -> None:
    assert set(words.keys("headers")) == {column.key for column in YOURS}
    assert words.keys("rounds") == ("interview",)
    assert [column.key for column in COLUMNS if column.rounds] == ["interview"]
    assert [column.key for column in COLUMNS if column.aliases and column.owner != "person"] == []


def comparable(table: str, word: str) -> str:
    """A word as it is compared; in cells, signs count."""
    return word.casefold() if table == "cells" else plain(word)


@pytest.mark.parametrize("table", [table for table in TABLES if table not in LISTS])
def test_no_word_has_two_meanings_in_one_table(table: str) -> None:
    meanings = defaultdict(set)
    for key in words.keys(table):
        for word in words.words(table, key):
            meanings[comparable(table, word)].add(key)
    assert {word: found for word, found in meanings.items() if len(found) > 1 or not word} == {}


@pytest.mark.parametrize("code", words.LANGUAGES)
def test_no_word_stands_twice_in_a_list(code: str) -> None:
    for table in TABLES:
        for key, text in words.language(code)[table].items():
            found = [comparable(table, word) for word in words.split(text)]
            assert sorted(found) == sorted(set(found)), (table, key)


def test_a_header_spelled_as_ours_is_no_alias_and_no_round() -> None:
    ours = {plain(column.header) for column in COLUMNS}
    others = {plain(word) for column in COLUMNS for word in (*column.aliases, *column.rounds)}
    assert ours & others == set()


def test_a_round_is_no_other_spelling_of_interview() -> None:
    interview = BY_KEY["interview"]
    assert {plain(word) for word in interview.rounds} & {plain(word) for word in interview.aliases} == set()


@pytest.mark.parametrize("code", words.LANGUAGES)
def test_the_months_are_twelve_and_begin_as_in_the_letters(code: str) -> None:
    months = words.months(code)
    assert tuple(names[0] for names in months) == LETTERS[code].months


def test_no_name_is_that_of_two_months() -> None:
    numbers = defaultdict(set)
    for code in words.LANGUAGES:
        for number, names in enumerate(words.months(code)):
            for name in names:
                numbers[plain(name)].add(number)
    assert {name: found for name, found in numbers.items() if len(found) > 1} == {}


def test_no_word_is_read_before_it_is_wanted() -> None:
    code = "import sheetflow.cli, sheetflow.flow, sheetflow.words as w; print(w.language.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "0"


def test_the_wheel_holds_the_words() -> None:
    """Everything in the package's folder goes into the wheel, unless a setting says otherwise."""
    project = Path(__file__).parent.parent
    build = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    assert build["targets"]["wheel"]["packages"] == ["sheetflow"]
    assert not {"exclude", "only-include"} & {*build, *build["targets"]["wheel"]}
    ignored = (project / ".gitignore").read_text(encoding="utf-8").split()
    assert not [line for line in ignored if "toml" in line or "words" in line]
