"""A tracker of any length: the sample's situations over and over, with people and companies of their own.

Every hundredth row is one that the night between ``TODAY`` and the day after changes; no other row does. Close to
half of the rows carry a draft, far more than in anybody's real tracker: the benchmarks look at the hard case.
"""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from typing import NamedTuple

TODAY = date(2026, 11, 18)
"""A Wednesday."""
FIRST_RUN, DAY_AFTER = "2026-11-18T09:00", "2026-11-19T09:00"
HEADERS = (
    "Company", "Role", "Interview", "Interviewers", "Contact", "Highlight", "Question", "How it went",
    "Thank-you sent", "Follow-up sent", "Second follow-up sent", "Closing note sent", "Reply received", "Outcome",
    "Snooze until",
)  # fmt: skip


class Situation(NamedTuple):
    """One kind of row; the numbers are days from today."""

    company: str
    role: str
    people: tuple[str, ...]
    interview: int | str
    thanked: int | str = ""
    followed: int | str = ""
    seconded: int | str = ""
    reply: int | str = ""
    outcome: str = ""
    snooze: int | str = ""
    feeling: str = "Fine"
    highlight: str = ""
    question: str = ""
    contact: str = ""
    time: str = ""


STEADY = (
    Situation("Alder & Finch", "Data Analyst", ("Ana Ruiz", "Bo Chen"), -3, time=" 14:30", contact="Priya Nair",
              highlight="the story of rebuilding the billing system in one weekend"),
    Situation("Brightwater", "Product Designer", ("Jonas Weber",), 0, question="Who decides when it is finished?"),
    Situation("Cobalt Labs", "Engineer", ("Grace Okafor",), -5, highlight="the cake that a broken build costs"),
    Situation("Dunmore Press", "Editor", ("Siobhan Daly",), -18, -18, contact="Tom Hale", feeling="Great",
              highlight="the way your editors read every first page aloud"),
    Situation("Everline", "Operations Lead", ("Marta Silva",), -27, -26, -12, highlight="the redesigned night shift"),
    Situation("Fenwick Rail", "Planner", ("Idris Bello",), -5, -4, feeling="Great", highlight="the map of late trains"),
    Situation("Gorse Energy", "Field Engineer", ("Lena Fischer",), -60, -59, -45, -37),
    Situation("Harbour Bank", "Risk Analyst", ("Oscar Lund",), -45, "x", feeling="Bad"),
    Situation("Ivory Studio", "Illustrator", ("Yuki Mori",), 3, time=" 10:00", contact="Dana Cole", feeling=""),
    Situation("Juniper Health", "Nurse Educator", ("Amara Diallo",), -12, -11, reply=-2, feeling="Great"),
    Situation("Kestrel Air", "Dispatcher", ("Noor Haddad",), -20, -19, reply=-2, outcome="Rejected",
              contact="Ben Ortiz", highlight="the calm of the control room at seven in the morning"),
    Situation("Larkspur", "Teacher", ("Eva Novak",), -9, -8, outcome="Withdrawn"),
    Situation("Mosaic Foods", "Buyer", ("Raj Patel",), -4, -3, feeling="Horrible"),
    Situation("Northwind Trust", "Fund Manager", ("Helen Park",), -8, -7, reply=-1, outcome="Offer"),
    Situation("Orchard Games", "Level Designer", ("Max Thorn",), -15, -14, snooze=10),
    Situation("Pinecrest", "Archivist", ("Ida Holm",), -30, -29, outcome="Ghosted"),
    Situation("Quarry Street", "Paralegal", ("Leo Marsh",), -25, -24, reply=-10, outcome="Next round"),
    Situation("Rowan & Sons", "Carpenter", ("Nell Gray",), -50, -49, reply=-22, outcome="Rejected"),
    Situation("Saffron Works", "Chef", (), "", contact="Ella Stone", feeling=""),
    Situation("Tidewater", "Marine Biologist", ("Finn Boyd",), "next Friday", feeling="Great"),
    Situation("Umber Clinic", "Receptionist", ("Dr. Vera Lindqvist",), -6, highlight="the tea trolley"),
    Situation("Vantage Maps", "Cartographer", ("Paul Reyes",), -17, -17, feeling="Great",
              question="What would you map if nobody paid for it?"),
    Situation("Willow Park", "Gardener", ("Rosa Klein",), -40, -39, -25, -17, reply=-15, outcome="Closed"),
    Situation("远山科技 Yuanshan", "数据分析师", ("Li Ming",), -6, highlight="你们用旧地图训练新员工的故事"),
    Situation("Zephyr Sails", "Sailmaker", ("Inga Dahl", "Theo Kent", "Mina Sato"), -4, feeling="Great",
              highlight="the loft above the harbour"),
)  # fmt: skip
OVERNIGHT = (
    Situation("Aspen Post", "Sorter", ("Cleo Hart",), -14, -13, highlight="the oldest letter"),  # a follow-up falls due
    Situation("Beacon Tea", "Taster", ("Hugo Lind",), -35, -34, -20, -6),  # a row counts as ghosted
    Situation("Cedar Bikes", "Welder", ("Vera Moss",), -1, time=" 14:30"),  # a thank-you becomes overdue
)  # fmt: skip


def rows(count: int) -> list[list[str]]:
    """The header and ``count`` rows, as a person would have typed them."""
    return [list(HEADERS), *(_row(number) for number in range(count))]


def typed_rows(count: int) -> list[list[str | datetime]]:
    """The same with real dates, as a workbook holds them."""
    return [[_typed(cell) for cell in row] for row in rows(count)]


def as_csv(count: int) -> str:
    """The same as the text of a .csv file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows(count))
    return text.getvalue()


def _row(number: int) -> list[str]:
    kinds, index = (OVERNIGHT, number // 100) if number % 100 == 99 else (STEADY, number)
    one = kinds[index % len(kinds)]
    letters = "".join(c for c in one.company if c.isascii() and c.isalpha())
    place = f"{letters.lower()}{number}.example"

    def address(name: str) -> str:
        return f"{name} <{name.lower().replace('. ', '.').replace(' ', '.')}@{place}>"

    return [
        f"{one.company} {number}", one.role, _day(one.interview) + one.time, "; ".join(map(address, one.people)),
        address(one.contact) if one.contact else "", one.highlight, one.question, one.feeling, _day(one.thanked),
        _day(one.followed), _day(one.seconded), "", _day(one.reply), one.outcome, _day(one.snooze),
    ]  # fmt: skip


def _day(days: int | str) -> str:
    return days if isinstance(days, str) else (TODAY + timedelta(days=days)).isoformat()


def _typed(cell: str) -> str | datetime:
    return datetime.fromisoformat(cell) if cell[:3] == "202" else cell
