"""The tab ``Overview``: how far the applications came: counts, one chart, SankeyMATIC text (the rules, section 7).

The unit is company and role, since several rows can be rounds of one application. A stage counts whoever reached it
or a later one, so what goes into a stage is what comes out of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np
import pandas as pd

from sheetflow.table import Array, Table
from sheetflow.tabs import Chart, Tab, TabCell
from sheetflow.tabs.to_send import day_words

TITLE = "Overview"
WIDTHS = (240, 90, 90, 420)
STAGES = ("Applied", "Interviewed", "Answered", "Next round", "Offer", "Accepted")
"""Each stage, with the later ones in it."""
ENDS = ("Turned down", "Withdrawn", "Ghosted", "Closed", "Open")
"""Where a unit that went no further stands."""
_END_OF = {"Rejected": "Turned down", "Withdrawn": "Withdrawn", "Ghosted": "Ghosted", "Closed": "Closed"}
SMALL = 10
"""Below this many there are counts and no percentages."""
_Row = tuple[TabCell, ...]


@dataclass(frozen=True)
class Unit:
    """One application: how far it came (an index into ``STAGES``), and how it ended or stands."""

    reached: int
    end: str


@dataclass(frozen=True)
class Stats:
    """The counts of a tracker. Days are calendar days."""

    units: tuple[Unit, ...]
    thanked: Counter[str]
    """Interviews by their thank-you: ``in time``, ``late``, ``not``, ``day unknown``."""
    answered_after: tuple[int, ...]
    """Days from interview or application to the answer, of each row that has one, sorted."""
    silent_for: tuple[int, ...]
    """Days of silence of each open row without an answer, sorted."""

    def reached(self, stage: str) -> int:
        """How many units came to a stage or further."""
        return sum(unit.reached >= STAGES.index(stage) for unit in self.units)

    def ended(self, end: str) -> int:
        """How many units ended so."""
        return sum(unit.end == end for unit in self.units)

    @property
    def median_days(self) -> float | None:
        """The median of ``answered_after``; ``None`` without any."""
        return float(np.median(self.answered_after)) if self.answered_after else None

    @property
    def longer_than_usual(self) -> int:
        """How many of today's silences are longer than the median answer took."""
        median = self.median_days
        return sum(days > median for days in self.silent_for) if median is not None else 0

    def flows(self) -> Iterator[tuple[str, int, str]]:
        """The tree of what became of whom: (from, how many, to); at every inner node as much goes out as came in."""
        for index, stage in enumerate(STAGES):
            here = [unit for unit in self.units if unit.reached >= index]
            further = sum(unit.reached > index for unit in here)
            if further:
                yield stage, further, STAGES[index + 1]
            if index == len(STAGES) - 1:
                return
            ends = Counter(unit.end for unit in here if unit.reached == index)
            yield from ((stage, ends[end], _end_name(end, stage)) for end in ENDS if ends[end])

    def sankey(self) -> str:
        """The flows as SankeyMATIC reads them, a line each: ``Applied [12] Interviewed``."""
        return "\n".join(f"{source} [{count}] {target}" for source, count, target in self.flows())


def _end_name(end: str, stage: str) -> str:
    return f"{end} ({stage.lower()})" if stage != "Applied" else end


def read_stats(table: Table, now: datetime) -> Stats:
    """The counts of an assessed table on the day of ``now``."""
    frame = table.frame
    frame = frame[frame["row"] & (frame["status"] != "Not applied")]
    today = pd.Timestamp(now.date())
    day = frame["interview"].dt.normalize().fillna(frame["applied"])
    return Stats(
        tuple(_units(frame, day)),
        Counter(_thanked(frame, today)),
        _days(frame["reply"] - day, frame["replied"]),
        _days(today - day, _is_silent(frame)),
    )


def _is_silent(frame: pd.DataFrame) -> Array:
    """Rows that wait for a first answer."""
    waits = frame["interviewed"] | frame["application"]
    return waits & ~frame["replied"] & (frame["outcome"] == "") & ~frame["status"].isin(["Closed", "Check row"])


def _days(spans: pd.Series, wanted: Array) -> tuple[int, ...]:
    return tuple(sorted(spans[wanted].dropna().dt.days.tolist()))


def _units(frame: pd.DataFrame, day: pd.Series) -> Iterator[Unit]:
    known = frame["application"] | frame["interview"].notna() | (frame["outcome"] != "")
    known |= frame["outcome_kind"].isin(["waiting", "stage"])
    rows = frame.assign(day=day)[known].sort_values("day", kind="stable", na_position="first")
    units: dict[tuple[str, str], list[_Round]] = {}
    for values in zip(*(rows[name].tolist() for name in ("company", "role", *_Round._fields)), strict=True):
        company, role, *of_row = values
        units.setdefault((company.strip().casefold(), role.strip().casefold()), []).append(_Round(*of_row))
    for unit in units.values():
        yield Unit(_reached(unit), _end(unit))


class _Round(NamedTuple):
    """What a row says about its unit; the names are those of the frame's columns."""

    outcome: str
    interviewed: bool
    replied: bool
    flag: str
    status: str


def _reached(unit: Sequence[_Round]) -> int:
    outcomes = {row.outcome for row in unit}
    interviews = sum(row.interviewed for row in unit)
    for stage in ("Accepted", "Offer", "Next round"):
        if stage in outcomes:
            return STAGES.index(stage)
    if interviews > 1:
        return STAGES.index("Next round")
    if interviews and ("Rejected" in outcomes or any(row.interviewed and row.replied for row in unit)):
        return STAGES.index("Answered")
    return STAGES.index("Interviewed") if interviews else STAGES.index("Applied")


def _end(unit: Sequence[_Round]) -> str:
    if any(row.outcome == "Accepted" for row in unit):
        return "Accepted"
    last = unit[-1]
    if last.outcome in _END_OF:
        return _END_OF[last.outcome]
    if last.flag == "Ghosted":
        return "Ghosted"
    return "Closed" if last.status == "Closed" and last.outcome != "Next round" else "Open"


def _thanked(frame: pd.DataFrame, today: pd.Timestamp) -> Iterator[str]:
    met = frame[frame["interviewed"]]
    by = (met["interview"].dt.normalize() + pd.Timedelta(days=1)).where(
        met["thank_you_due"].isna(), met["thank_you_due"]
    )
    for sent, tick, done, due in zip(
        met["thanked"], met["thanked_tick"], met["thank_you_done"], by.dt.normalize(), strict=True
    ):
        if not pd.isna(sent):
            yield "in time" if sent <= due else "late"
        elif tick or done:
            yield "day unknown"
        elif today > due:
            yield "not"


def overview(stats: Stats, now: datetime) -> Tab:
    """What the tab is to hold; the chart is drawn once, over the stages."""
    rows = list(_rows(stats, now))
    first = next(index for index, row in enumerate(rows) if row and row[0].value == STAGES[0])
    chart = Chart("How far they came", 0, 1, first, first + len(STAGES))
    return Tab("overview", TITLE, WIDTHS, tuple(rows), frozen_rows=0, chart=chart)


def _rows(stats: Stats, now: datetime) -> Iterator[_Row]:
    total = len(stats.units)
    yield (TabCell(f"{total} {'application' if total == 1 else 'applications'} (each company and role once)", "title"),)
    yield (TabCell(f"Checked {day_words(now.replace(second=0, microsecond=0, tzinfo=None))}", "note"),)
    yield ()
    yield (TabCell("How far they came", "head"), TabCell("Count", "head"), TabCell("Share", "head"))
    yield from (_count(stage, stats.reached(stage), total) for stage in STAGES)
    yield ()
    yield (TabCell("Where they stand", "head"), TabCell("Count", "head"), TabCell("Share", "head"))
    yield from (_count(end, stats.ended(end), total) for end in ENDS)
    yield ()
    interviews = stats.thanked.total()
    yield (TabCell("Thank-yous", "head"), TabCell("Count", "head"), TabCell("Share", "head"))
    names = {"in time": "In time", "late": "Late", "not": "Not sent", "day unknown": "Sent, day unknown"}
    yield from (_count(words, stats.thanked[name], interviews) for name, words in names.items())
    yield ()
    yield (TabCell("Answers", "head"), TabCell("Days", "head"))
    yield from ((TabCell(name), TabCell(value)) for name, value in _answers(stats))
    yield ()
    yield (TabCell("For sankeymatic.com/build: copy the cell beside", "quiet"), TabCell(stats.sankey()))


def _count(name: str, count: int, total: int) -> _Row:
    share = f"{round(100 * count / total)} %" if total >= SMALL else ""
    return TabCell(name), TabCell(count), TabCell(share)


def _answers(stats: Stats) -> Sequence[tuple[str, str | int | float]]:
    median = stats.median_days
    if median is None:
        return [("No answer yet", "")]
    silences = f"{stats.longer_than_usual} of {len(stats.silent_for)}"
    return [
        ("Median days to the first answer", int(median) if median.is_integer() else median),
        ("Answers counted", len(stats.answered_after)),
        ("Silences longer than that today", silences),
    ]


def words(stats: Stats) -> Iterator[str]:
    """The same for a terminal."""
    total = len(stats.units)
    yield f"{total} {'application' if total == 1 else 'applications'}, each company and role once:"
    for name, count in [
        *((stage, stats.reached(stage)) for stage in STAGES),
        *((end, stats.ended(end)) for end in ENDS),
    ]:
        share = f"  {round(100 * count / total)} %" if total >= SMALL else ""
        yield f"  {name:<12} {count:>5}{share}"
    thanked = ", ".join(f"{stats.thanked[name]} {name}" for name in ("in time", "late", "not", "day unknown"))
    yield f"Thank-yous: {thanked}."
    yield from (f"{name}: {value}." if value != "" else f"{name}." for name, value in _answers(stats))


def as_data(stats: Stats) -> dict[str, object]:
    """The same for programs: counts only."""
    return {
        "applications": len(stats.units),
        "reached": {stage: stats.reached(stage) for stage in STAGES},
        "stand": {end: stats.ended(end) for end in ENDS},
        "thanked": {name: stats.thanked[name] for name in ("in time", "late", "not", "day unknown")},
        "median_days_to_first_answer": stats.median_days,
        "silences": len(stats.silent_for),
        "silences_longer_than_median": stats.longer_than_usual,
        "flows": [list(flow) for flow in stats.flows()],
    }
