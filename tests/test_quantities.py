"""The quantities of the rules are declared, each is filled, and each is asked for."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import fields
from pathlib import Path

import numpy as np

from sheetflow.rules import quantities
from sheetflow.rules.quantities import Quantities, Sent

FOLDER = Path(quantities.__file__).parent
DECLARED = [field.name for field in fields(Quantities)]


def attributes(context: type[ast.expr_context]) -> set[str]:
    """The attributes of ``q`` that the rules set, or read."""
    found = set()
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "q":
                found |= {node.attr} if isinstance(node.ctx, context) else set()
    return found


def test_every_quantity_is_set_and_no_other() -> None:
    assert attributes(ast.Store) == set(DECLARED)


def test_every_quantity_is_asked_for() -> None:
    assert set(DECLARED) <= attributes(ast.Load)


def test_the_groups_stand_in_the_order_in_which_they_are_filled() -> None:
    groups = re.findall(r"# --- (read|worked out|decided)", inspect.getsource(Quantities))
    assert groups == ["read", *["worked out"] * (len(groups) - 2), "decided"]


def test_some_rows_are_taken_from_every_column() -> None:
    q = Quantities()
    q.rounds, q.company = True, np.array(["a", "b", "c"], dtype=object)
    q.thanked = Sent(np.array(["2026-11-02", "NaT", "NaT"], dtype="datetime64[us]"), np.array([False, True, False]))
    part = q.take(np.array([2, 0]))
    assert part.rounds is True
    assert part.company.tolist() == ["c", "a"]
    assert part.thanked.filled.tolist() == [False, True]
    assert not hasattr(part, "role")
