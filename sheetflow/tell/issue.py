"""The issue "What is due": its text, what it remembers, and when somebody is told. Pure.

The text is rewritten silently at every look. A comment, which GitHub mails and pushes, comes only when a letter has
become due, at the last look before a thank-you is too late, when a letter is overdue, and when a run needs the person.
What was told stands in the issue itself and, should a run break off between the two, in the comment: nothing is told
twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from sheetflow.tell.line import NEEDS, Letter, Line, Unreadable, decode, encode

TITLE = "What is due"
MARKER = "sheetflow-due-v1"
MOST_ROWS = 50
MOST_COMMENTS_A_DAY = 2
MOST_REMEMBERED = 600
"""Letters whose telling is remembered: the present ones and the latest of the past."""

DUE, LAST, OVERDUE = 1, 2, 3
"""How far the telling of a letter has gone: that it is due, that it soon is too late, that it is."""
WORDS = {
    "thank_you": "Thank-you", "follow_up": "Follow-up", "second_follow_up": "Second follow-up",
    "withdrawal": "Withdrawal", "feedback_request": "Feedback request", "check_in": "Check-in",
}  # fmt: skip
_TOLD = re.compile(rf"([0-9a-f]{{12}}|{'|'.join(NEEDS)})x([123])")
_HIDDEN = re.compile(rf"<!-- {MARKER} ([a-zA-Z0-9.]*) ([a-z0-9.]*) (\d{{8}}x\d+)? ?-->")
_SAID = re.compile(rf"<!-- {MARKER}-told (\d{{12}}) ([a-z0-9.]*) -->")


@dataclass(frozen=True)
class State:
    """What the issue remembers: the last line of a run that finished, what was told, and how often on which day."""

    line: Line | None = None
    told: Mapping[str, int] = field(default_factory=dict)
    """Hash of a letter, or the need of a run -> how far it was told."""
    day: date | None = None
    comments: int = 0


@dataclass(frozen=True)
class Action:
    """What is to be done to the issue."""

    body: str
    comment: str = ""
    state: str = ""
    """``open``, ``closed``, or empty: as it is."""


def remembered(body: str, comments: Iterable[str] = ()) -> State:
    """What an issue's text holds, and what its latest comments have told. A text spoiled by hand holds nothing."""
    state = State()
    if match := _HIDDEN.search(body):
        try:
            line = decode(match[1]) if match[1] else None
            day, _, count = (match[3] or "").partition("x")
            when = datetime.strptime(day, "%Y%m%d").date() if day else None  # noqa: DTZ007 - a day of the sheet's zone
            state = State(line, _told(match[2]), when, int(count or 0))
        except ValueError:
            pass
    told = dict(state.told)
    for look, said in (found for comment in comments for found in _SAID.findall(comment)):
        over = state.line is not None and look <= f"{state.line.look:%Y%m%d%H%M}"
        for name, stage in _told(said).items():
            if (
                name not in NEEDS or not over
            ):  # a need is over with the next run that finishes, a letter's telling never
                told[name] = max(stage, told.get(name, 0))
    return replace(state, told=told)


def _told(text: str) -> dict[str, int]:
    return {name: int(stage) for name, stage in _TOLD.findall(text)}


def _written(told: Mapping[str, int]) -> str:
    return ".".join(f"{name}x{stage}" for name, stage in told.items())


def decide(text: str, body: str, comments: Iterable[str], run: str) -> Action | None:
    """What to do after a run, from the ``text`` of its line; ``body`` is empty where there is no issue yet.

    ``run`` is the address of the run's page. ``None``: nothing, not even an issue.
    """
    before = remembered(body, comments)
    try:
        line = decode(text)
    except Unreadable:
        return Action(_body(before, run, finished=False)) if body else None
    told = {name: stage for name, stage in before.told.items() if name not in NEEDS or name == line.needs}
    shown = line if not line.needs else before.line
    news = [] if line.quiet else _news(line, told)
    count = before.comments if before.day == line.look.date() else 0
    free = any(letter is not None and letter.kind == "thank_you" and letter.hash not in told for letter, _ in news)
    if not free and count >= MOST_COMMENTS_A_DAY:
        news = []
    fresh = {letter.hash if letter else line.needs: stage for letter, stage in news}
    state = State(shown, _kept({**told, **fresh}, line), line.look.date(), count + (1 if news and not free else 0))
    action = Action(_body(state, run, needs=line.needs, look=line.look), _comment(line, news, fresh, run))
    if action.comment:
        return replace(action, state="open")
    if not body:
        return None
    return replace(action, state="" if line.needs or line.letters or line.check else "closed")


def _news(line: Line, told: Mapping[str, int]) -> list[tuple[Letter | None, int]]:
    """What is to be told now: letters with how far things have gone, and ``None`` for the run's own need."""
    news: list[tuple[Letter | None, int]] = [(None, DUE)] if line.needs and line.needs not in told else []
    return news + [
        (letter, _stage(letter, line)) for letter in line.letters if _stage(letter, line) > told.get(letter.hash, 0)
    ]


def _stage(letter: Letter, line: Line) -> int:
    if letter.late:
        return OVERDUE
    return LAST if letter.kind == "thank_you" and _over_before_next_look(letter, line) else DUE


def _over_before_next_look(letter: Letter, line: Line) -> bool:
    if letter.due is None or line.next is None:
        return False
    timed = isinstance(letter.due, datetime)
    end = letter.due if timed else datetime.combine(letter.due, time()) + timedelta(days=1)
    assert isinstance(end, datetime)  # noqa: S101 - for the type checker
    return end < line.next


def _kept(told: Mapping[str, int], line: Line) -> dict[str, int]:
    """The latest of what was told, what is still open last and so never dropped."""
    present = {letter.hash for letter in line.letters} | set(NEEDS)
    ordered = sorted(told.items(), key=lambda item: item[0] in present)
    return dict(ordered[-MOST_REMEMBERED:])


# --- words --------------------------------------------------------------------------------------------------


def _body(state: State, run: str, needs: str = "", look: datetime | None = None, *, finished: bool = True) -> str:
    line = state.line
    parts = [] if finished else [f"**The last run did not finish.** [Its page]({run}) says why; what follows is older."]
    parts += [_NEEDS[needs].format(run=run)] if needs else []
    parts += _table(line) if line else []
    if line and line.check:
        rows = ", ".join(map(str, line.check)) + (f" and {line.unchecked} more" if line.unchecked else "")
        parts.append(f"Rows to check (`Why` says what is wrong and how to write it): {rows}.")
    looked = look or (line.look if line else None)
    parts += [f"Last look: {_when(looked)} (the sheet's time)."] if looked else []
    parts.append(
        "sheetflow rewrites this text at every look, and adds a comment only when something has become due. "
        "To be told nothing: *Unsubscribe* here, or untick *Issues* in the repository's settings."
    )
    day = f"{state.day:%Y%m%d}x{state.comments} " if state.day else ""
    parts.append(f"<!-- {MARKER} {encode(line) if line else ''} {_written(state.told)} {day}-->")
    return "\n\n".join(parts) + "\n"


_NEEDS = {
    "refused": "**The last run changed nothing, for your sheet's safety, and needs you.** [Its page]({run}) says why.",
    "stopped": "**The last run stopped and needs you.** [Its page]({run}) says what to do.",
}


def _table(line: Line) -> list[str]:
    count = len(line.letters) + line.more
    if not count:
        return ["Nothing to send."]
    companies = any(letter.company for letter in line.letters)
    head = ["letter", "row", *["company"] * companies, "due"]
    rows = [
        [WORDS[one.kind], str(one.row), *[_code(one.company)] * companies, _due(one)]
        for one in line.letters[:MOST_ROWS]
    ]
    lines = [f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows)]
    more = count - len(rows)
    waits = "**1 letter waits" if count == 1 else f"**{count} letters wait"
    table = ["\n".join(lines)] + ([f"and {more} more, in the sheet."] if more else [])
    return [f"{waits}.** Open your sheet: the tab *To send* has each with its link.", *table]


def _comment(line: Line, news: Sequence[tuple[Letter | None, int]], fresh: Mapping[str, int], run: str) -> str:
    if not news:
        return ""
    lines = []
    for stage, word in ((LAST, "Last call"), (DUE, "Due"), (OVERDUE, "Overdue")):
        told = [letter for letter, at in news if letter is not None and at == stage]
        lines += [f"- {word}: {_named(letter)}" for letter in told[:MOST_ROWS]]
        lines += [f"- {word}: {len(told) - MOST_ROWS} more"] * (len(told) > MOST_ROWS)
    needs = [_NEEDS[line.needs].format(run=run)] if line.needs else []
    text = [*needs, *(["\n".join(lines), "Open your sheet: the letters are in the tab *To send*."] if lines else [])]
    return "\n\n".join([*text, f"<!-- {MARKER}-told {line.look:%Y%m%d%H%M} {_written(fresh)} -->"])


def _named(letter: Letter) -> str:
    company = f" to {_code(letter.company)}" if letter.company else ""
    due = f", by {_when(letter.due)}" if letter.due is not None else ""
    return f"{WORDS[letter.kind].lower()}{company}, row {letter.row}{due}"


def _due(letter: Letter) -> str:
    if letter.due is None:
        return "now"
    return _when(letter.due) + (", late" if letter.late else "")


def _when(moment: date | datetime) -> str:
    """``Sun 22 Nov, 14:30``, in English whatever the machine's locale."""
    day = f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]}"
    return f"{day}, {moment:%H:%M}" if isinstance(moment, datetime) else day


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _code(text: str) -> str:
    """A name as code: GitHub makes no mention, link, picture or heading of what stands there."""
    bare = " ".join(re.sub("[`|]", " ", text).split())
    return f"`{bare}`" if bare else ""


EMPTY = _body(State(), "")
"""The text of an issue in which nothing was told yet."""
