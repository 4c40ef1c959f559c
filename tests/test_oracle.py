"""The package against an independent reading of the rules, on thousands of rows near every boundary."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, settings
from oracle import BLANK, Verdict
from rows import HEADERS, ROUNDS, Tracker, brief, cells, random_tracker, trackers
from support import assess, make_sheet

from sheetflow.rules.cadence import RULES

KEYS = tuple(rule.key.partition(" ")[0] for rule in RULES)
"""The number of each rule; where one number has two lines, their keys have a word after it."""


def engine(tracker: Tracker) -> list[Verdict]:
    """What the package says of a tracker's rows."""
    rounds = [header for i, header in enumerate(ROUNDS) if any(len(row.other_rounds) > i for row in tracker.rows)]
    sheet = make_sheet(
        [cells(row, number) for number, row in enumerate(tracker.rows)],
        (*HEADERS.values(), *rounds),
        zone=tracker.zone,
    )
    frame = assess(sheet, tracker.now, **tracker.settings).frame
    verdicts = [verdict(dict(zip(frame.columns, row, strict=True))) for row in frame.itertuples(index=False)]
    return verdicts + [BLANK] * (len(tracker.rows) - len(verdicts))


def verdict(row: dict[str, Any]) -> Verdict:
    """One row of an assessed table."""

    def shown(name: str) -> Any:
        value = row[name]
        if value != value:
            return None
        moment = value.to_pydatetime()
        return moment if row.get(f"{name}_timed") else moment.date()

    dates = [shown(name) for name in ("due", "thank_you_due", "follow_up_due", "second_follow_up_due", "ghosted_on")]
    return Verdict(KEYS[row["rule"]] if row["rule"] >= 0 else "", row["status"], row["flag"], *dates)


def differences(tracker: Tracker) -> list[str]:
    """One text per row on which the two differ."""
    return [
        f"{brief(row)}\n  package: {got}\n  oracle:  {expected}\n  {tracker.now} {tracker.zone} {tracker.settings}"
        for row, got, expected in zip(tracker.rows, engine(tracker), tracker.verdicts(), strict=True)
        if got != expected
    ]


def test_the_two_readings_agree_and_nothing_is_left_out() -> None:
    seen: Counter[tuple[str, str, str]] = Counter()
    for seed in range(400):
        tracker = random_tracker(seed)
        assert not differences(tracker), (seed, [brief(row) for row in tracker.rows])
        seen.update(verdict[:3] for verdict in tracker.verdicts())
    assert {rule for rule, _, _ in seen} == {*KEYS, ""}
    assert {(status, flag) for _, status, flag in seen} >= {
        ("Send thank-you", "Due"), ("Send thank-you", "Overdue"), ("Send follow-up", "Due"),
        ("Send follow-up", "Overdue"), ("Send second follow-up", "Due"), ("Send second follow-up", "Overdue"),
        ("Send check-in", "Due"), ("Send check-in", "Overdue"), ("Send withdrawal", "Due"), ("Ask for feedback", "Due"),
    }  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trackers())
def test_the_two_readings_agree_on_the_smallest_trackers(tracker: Tracker) -> None:
    assert not differences(tracker)


def test_the_order_of_the_rows_does_not_matter() -> None:
    for seed in range(1000, 1040):
        tracker = random_tracker(seed)
        order = random.Random(seed).sample(range(len(tracker.rows)), len(tracker.rows))
        shuffled = Tracker(tuple(tracker.rows[i] for i in order), tracker.now, tracker.zone, tracker.settings)
        verdicts = engine(tracker)
        assert engine(shuffled) == [verdicts[i] for i in order]
