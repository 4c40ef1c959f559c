"""The fixed form of Seen in mail: written, and read again."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetflow.backends.csv.escape import escape
from sheetflow.cells import fills
from sheetflow.mailbox.seen import LIMIT, WORDS, Item, label, read, write

DAY = date(2026, 11, 21)
KNOWN = ("Ana", "Bo", "ana@acme.example")


def test_the_form() -> None:
    items = [Item("reply", "Ana", date(2026, 11, 24)), Item("thank_you", "Ana", DAY), Item("thank_you", "Bo", DAY)]
    assert write(items, "Acme") == "Thank-you to Ana, Bo 2026-11-21 · reply 2026-11-24 (Ana) · at Acme"


def test_nothing_seen_is_an_empty_cell() -> None:
    assert write([], "Acme") == ""
    assert read("", "Acme", KNOWN) == ()


@pytest.mark.parametrize("what", WORDS)
def test_every_item_is_read_again(what: str) -> None:
    items = (Item(what, "Ana", DAY), Item(what, "Bo", DAY))  # type: ignore[arg-type]
    assert read(write(items, "Acme"), "Acme", KNOWN) == items


@pytest.mark.parametrize(
    "text",
    [
        "Thank-you to Ana 2026-11-21",  # no company
        "Thank-you to Ana 2026-11-21 · at Bolt",
        "Thank-you to Kim 2026-11-21 · at Acme",
        "Thank-you to Ana 2026-13-21 · at Acme",
        "Thank-you to Ana 21.11.2026 · at Acme",
        "thank you for everything · at Acme",
        "Thank-you to  2026-11-21 · at Acme",
        "· at Acme",
        "at Acme",
    ],
)
def test_what_does_not_fit_is_left_out(text: str) -> None:
    assert read(text, "Acme", KNOWN) == ()


def test_without_a_company_nothing_is_read_again() -> None:
    assert read(write([Item("thank_you", "Ana", DAY)], ""), "", KNOWN) == ()


def test_another_address_is_read_again_though_nobody_in_the_row_has_it() -> None:
    items = (Item("reply", "kim@acme.example", DAY), Item("elsewhere", "kim@acme.example", DAY))
    assert read(write(items, "Acme"), "Acme", KNOWN) == items
    assert read(write([Item("thank_you", "kim@acme.example", DAY)], "Acme"), "Acme", KNOWN) == ()


def test_a_cell_has_an_end() -> None:
    many = [Item("unclear", f"Person number {n}", DAY.replace(year=2020 + n % 80, day=1 + n % 28)) for n in range(5000)]
    assert len(write(many, "Acme")) <= LIMIT
    assert write(many, "Acme").endswith(" · at Acme")


@given(
    st.lists(st.tuples(st.sampled_from(list(WORDS)), st.text(max_size=30), st.dates()), max_size=6),
    st.text(max_size=30),
)
def test_any_names_come_back_or_are_left_out(parts: list[tuple[str, str, date]], company: str) -> None:
    items = [Item(what, label(who), day) for what, who, day in parts if label(who)]  # type: ignore[arg-type]
    text = write(items, company)
    assert "\n" not in text
    assert escape(text) == text
    back = set(read(text, company, [item.who for item in items]))
    assert back == (set(items) if label(company) else set())
    assert bool(text) == fills(text)
