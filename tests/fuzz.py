"""Random input for the five parsers: csv, xlsx, dates, people and links.

``python tests/fuzz.py --runs 200000`` runs all of them, ``… people`` one. An execution is made from its number
alone, so ``--start 1234 --runs 1 people`` repeats one. Half of the inputs are seeds from ``fuzz_seeds/`` with
something changed, half are put together from a parser's own vocabulary.

What may come out is a value or a refusal of one line. Anything else is a finding, and so is an input that takes
more than a second of the processor.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import re
import signal
import sys
import tempfile
import time
import traceback
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, unquote, urlsplit

from support import MADRID, NOW, templates

from sheetflow import flow
from sheetflow.addresses import address_trouble
from sheetflow.backends.base import Backend, Options
from sheetflow.backends.csv.file import CsvFile, quote
from sheetflow.backends.xlsx.file import XlsxFile
from sheetflow.cells import clean, to_number
from sheetflow.errors import HIDDEN, SheetflowError
from sheetflow.letters.drafts import read_letters
from sheetflow.letters.links import mail_link, one_line, send_links
from sheetflow.letters.stamps import Cells
from sheetflow.settings import Layers, Settings
from sheetflow.sheet import CellError, Formula, Sheet, Value
from sheetflow.table.dates import FIRST_DAY, LAST_DAY, read_moment, read_sent
from sheetflow.table.people import read_people

SEEDS = Path(__file__).parent / "fuzz_seeds"
LIMIT = 1.0
"""Seconds of the processor that one input may take."""
HOPELESS = 30.0
"""Seconds after which it is stopped."""
CELL = 50_000
"""Characters that a cell of a Google Sheet may hold."""
WHOLE = 40
"""Of so many files, one goes through a whole run: read, planned, written, read again, run again."""
TODAY, DAY_ZERO = NOW.date(), date(1899, 12, 30)

Chance = random.Random


class TooSlow(BaseException):
    """Nobody waits that long; no parser's ``except`` may catch it."""


# --- changing a seed ---------------------------------------------------------------------------------------------

LETTERS = (
    "\0", "\t", "\n", "\r", "\r\n", "\x0b", "\x0c", "\x1b", "\x85", "\xa0", "\xad", "\u200b", "\u200d", "\u2028",
    "\u202e", "\u3000", "\ufeff", "\ufe0f", "\ufffe", "\ud800", "\udfff", "\U000e0041", "\U00017000", "\U0010ffff",
    "💩", "é", "e\u0301", "İ", "ß", "ﬁ", "李", "١", "²", "Ⅷ", "=", "＝", "+", "-", "@", "'", '"', "''", '""', ",",
    ";", "|", ":", "/", "\\", "<", ">", "(", ")", "[", "{", "{{", "}}", "{%", "%", "%0A", "&", "?", "#", "*", "_x000D_",
)  # fmt: skip
NUMBERS = (
    "0", "-0", "1", "-1", "2", "00", "99", "255", "256", "65536", "200000", "200001", "2147483648", "1e9", "1e308",
    "1e999", "-1e999", "0.1", ".5", "5.", "nan", "inf", "-inf", "46346", "46346.5", "73050", "73051", "36526", "36525",
    "9" * 309, "9" * 5000, "1_000", "٣", "0x10", " 1 ", "1.7976931348623157e308", "5e-324",
)  # fmt: skip


def changed(chance: Chance, text: str, others: Sequence[str], words: Sequence[str]) -> str:
    """A text with one to eight things done to it."""
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        start = chance.randint(0, len(text))
        end = min(len(text), start + chance.choice((0, 1, 1, 2, 5, 20, 200)))
        kind = chance.randrange(8)
        if kind == 0:
            middle = ""
        elif kind == 1:
            middle = text[start:end] * 2
        elif kind == 2:
            middle = chance.choice(words) + text[start:end]
        elif kind == 3:
            middle = chance.choice(words)
        elif kind == 4:
            other = chance.choice(others)
            at = chance.randint(0, len(other))
            middle = other[at : at + chance.choice((1, 5, 20, 200))]
        elif kind == 5:
            middle = chance.choice(LETTERS)
        elif kind == 6:
            middle = chr(chance.choice((chance.randrange(128), chance.randrange(0x3000), chance.randrange(0x110000))))
        else:
            middle = text[start:end].swapcase()
        text = text[:start] + middle + text[end:]
    return grown(chance, text) if chance.random() < 0.02 else text


def grown(chance: Chance, text: str) -> str:
    """A text with a piece of it many times over, up to what a cell may hold: where slow patterns show."""
    start = chance.randint(0, len(text))
    piece = text[start : start + chance.choice((1, 1, 2, 3, 8))] or chance.choice(LETTERS)
    times = max(CELL - len(text), 0) // len(piece)
    return (text[:start] + piece * chance.choice((times, times // 2, 300)) + text[start:])[:CELL]


def damaged(chance: Chance, data: bytes) -> bytes:
    """Bytes with one to four things done to them."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        start = chance.randint(0, len(data))
        end = min(len(data), start + chance.choice((0, 1, 1, 2, 8, 100)))
        middle = chance.choice((b"", chance.randbytes(end - start), data[start:end] * 2, chance.randbytes(1)))
        if start < len(data) and chance.random() < 0.5:
            end, middle = start + 1, bytes([data[start] ^ 1 << chance.randrange(8)])
        data = data[:start] + middle + data[end:]
    return data if chance.random() < 0.97 else data[: chance.randint(0, len(data))]


def strings(name: str) -> list[Any]:
    """The seeds of a parser of text."""
    found: list[Any] = json.loads((SEEDS / name).read_text(encoding="utf-8"))
    return found


class Target:
    """A parser and its inputs. ``make`` gives one, ``check`` runs it and raises for anything that must not be."""

    name: ClassVar[str]

    def make(self, chance: Chance) -> Any:
        """An input; the same for the same chance."""
        raise NotImplementedError

    def check(self, value: Any, chance: Chance) -> None:
        """Parse an input, and see that what comes out is what may."""
        raise NotImplementedError

    def close(self) -> None:
        """Clear away."""


# --- dates -------------------------------------------------------------------------------------------------------

MONTHS = (
    "Jan", "January", "feb", "Mar.", "april", "MAY", "June", "jul", "Aug", "Sept", "sep.", "Oct", "Nov", "December",
    "März", "mai", "juillet", "dic", "x",
)  # fmt: skip
CLOCKS = (
    "14:30", "14:30:59", "2:30 PM", "2:30pm", "12 a.m.", "0 am", "13 pm", "9", "24:00", "23:59:60", "9:5", "at 9:00",
    "T14:30", "14:30Z", "14:30+01:00", "14:30 UTC", "14.30",
)  # fmt: skip
WORDS = (
    "TBD", "tba", "n/a", "None", "?", "-", "–", "pending", "x", "yes", "✓", "✔️", "☑", "☐", "FALSE", "no", "done",
    "oui", "sí", "是", "#REF!", "#N/A", "=TODAY()", "=today()-3", "=TODAY()+2+29/48", "=TODAY()-99999",
    "=TODAY()+99999+999999/999999", "=TODAY()+0+0/0", "=NOW()", "Monday", "Fri 20", "tomorrow", "'",
)  # fmt: skip


class Dates(Target):
    """One cell of a date or sent column."""

    name = "dates"

    def __init__(self) -> None:
        self.seeds: list[str] = strings("dates.json")
        self.words = (*self.seeds, *MONTHS, *CLOCKS, *WORDS, *NUMBERS, "st", "th", "/", ".", "-", ", ", " ", "T")

    def make(self, chance: Chance) -> Value:
        kind = chance.randrange(10)
        if kind == 0:
            return self._typed(chance)
        if kind < 5:
            return changed(chance, chance.choice(self.seeds), self.seeds, self.words)
        text = self._spelled(chance)
        return changed(chance, text, self.seeds, self.words) if kind > 7 else text

    def _typed(self, chance: Chance) -> Value:
        day = date.min + timedelta(days=chance.randrange((date.max - date.min).days + 1))
        moment = datetime.combine(day, datetime.min.time()) + timedelta(seconds=chance.random() * 86399.999999)
        number = chance.choice((chance.uniform(-10, 80000), chance.uniform(-1e18, 1e18), chance.expovariate(1e-5)))
        value = chance.choice((
            day, moment, moment.time(), number, int(number), True, False, None, float("inf"), float("nan"),
            10 ** chance.randrange(400), timedelta(days=min(abs(number), 999999998)), CellError("#REF!"),
            chance.choice(self.words),
        ))  # fmt: skip
        return Formula("=A1", value) if chance.random() < 0.3 else value

    def _spelled(self, chance: Chance) -> str:
        day = str(chance.choice((chance.randint(1, 31), chance.randint(0, 99)))).zfill(chance.choice((1, 2)))
        month = chance.choice((chance.choice(MONTHS), str(chance.randint(0, 13)).zfill(chance.choice((1, 2)))))
        year = chance.choice(("2026", "2027", "1999", "2000", "2100", "2101", "26", "0000", "9999", "12026"))
        parts = chance.choice(([year, month, day], [day, month, year], [month, day, year], [day, month]))
        text = chance.choice(("-", "/", ".", " ", ", ", " . ", "")).join(parts)
        if chance.random() < 0.3:
            text += chance.choice((" ", "T", ", ", " at ", "  ", "")) + chance.choice(CLOCKS)
        return chance.choice(("{}", " {} ", "Fri {}", "'{}", "{}?", "{}\n", "({})")).replace("{}", text)

    def check(self, value: Value, _chance: Chance) -> None:
        for reader in (read_moment, read_sent):
            for order in ("", "dmy", "mdy"):
                reading = reader(value, order, TODAY, DAY_ZERO)  # type: ignore[arg-type]
                assert (reading.moment is not None) + reading.tick + (reading.trouble is not None) <= 1
                if reading.moment is not None:
                    assert FIRST_DAY <= reading.moment.date() <= LAST_DAY
                    assert (reading.moment.tzinfo, reading.moment.microsecond) == (None, 0)
                    again = reader(reading.moment, order, TODAY, DAY_ZERO)  # type: ignore[arg-type]
                    assert again == reading
                if reading.trouble:
                    assert all(one_line(text) == text and len(text) < 250 for text in reading.trouble)


# --- people ------------------------------------------------------------------------------------------------------

NAMES = (
    "Ana Ruiz", "Bo", "Dr. Eva Königs", "Chen, Bo", "Ruiz, Ana María", "李明", "Ana and Bo", "O'Neil", "Ana (she)",
    '"Ruiz, Ana"', "'Bo'", "Sr. X", "𗀀𗀁 Lee", "Ana\u200d", "<Bo>", "Ana (", "A. B. C.", "",
)  # fmt: skip
ADDRESSES = (
    "ana@acme.example", "bo.chen+jobs@acme.example", "ANA@ACME.EXAMPLE", "mailto:ana@acme.example", "ana@",
    "@acme.example", "ana@acme", "a@b@acme.example", "ana@аcme.example", "ana@acme.例え", "ana@acme..example",
    "-@-.example", "ana@1.2.3.4", "a" * 65 + "@acme.example", "ana@" + "b" * 64 + ".example", "o'neil@acme.example",
    "ana@acme.example?bcc=v@evil.example", "ana@acme.example%0Abcc", "ana@\U00017000\U00017001.example",
)  # fmt: skip


class People(Target):
    """One cell of Interviewers or Contact."""

    name = "people"

    def __init__(self) -> None:
        self.seeds: list[str] = strings("people.json")
        self.words = (*NAMES, *ADDRESSES, "; ", ", ", "\n", "<", ">", '"', " & ", " und ", "mailto:")

    def make(self, chance: Chance) -> str:
        if chance.random() < 0.5:
            return changed(chance, chance.choice(self.seeds), self.seeds, self.words)
        parts = []
        for _ in range(chance.choice((1, 2, 2, 3, 9))):
            name, address = chance.choice(NAMES), chance.choice(ADDRESSES)
            parts.append(chance.choice((f"{name} <{address}>", name, address, f"{name} {address}", f"<{address}>")))
        text = chance.choice(("; ", ";", "\n", ", ", ",", " ", "\r\n", " / ")).join(parts)
        return changed(chance, text, self.seeds, self.words) if chance.random() < 0.5 else text

    def check(self, text: str, _chance: Chance) -> None:
        people = read_people(text)
        assert len({person.email.lower() or person.name for person in people}) == len(people)
        for person in people:
            assert person.name or person.email
            assert "\n" not in f"{person.name}{person.email}{person.first_name}"
            trouble = address_trouble(person.email)
            assert "\n" not in trouble
            if person.email and not trouble:
                # Written out and read again it is the same address, or for odd names none; never somebody else's.
                assert {again.email for again in read_people(str(person))} <= {person.email, ""}
                assert person.email.count("@") == 1
                assert not set(person.email) & set(' \t\r\n,;<>()"')


# --- links -------------------------------------------------------------------------------------------------------

SUBJECTS = (
    "Thank you for today", "Re: x\r\nBcc: v@evil.example", "", " ", "&to=v@evil.example", "100 % sure?", "a+b=c&d#e",
    "İ\u0130", "\ud800", "\u2028x", "x" * 2000,
)  # fmt: skip
LINES = (
    "Hello Ana,", "", "-----", "----- ", "------", "To: Bo <bo@acme.example>", "To:", "To: Ana; Bo", " To: x@y.example",
    "Best,", "Sam", "&bcc=v@evil.example", "%0D%0A", "💩" * 50, "\ud83d", "x" * 3000, "a\x85b", "\ta",
)  # fmt: skip
SETTINGS = (
    Settings(), Settings(send_with="mailto"), Settings(send_from="sam+jobs@mail.example"),
    Settings(send_with="mailto", send_from="sam@mail.example"),
)  # fmt: skip


class Mails(Target):
    """Draft cells as they may come back from the sheet, to letters, to links, and from the links back."""

    name = "links"

    def __init__(self) -> None:
        self.seeds: list[dict[str, str]] = strings("letters.json")
        self.words = (*LINES, *SUBJECTS, *NAMES, *ADDRESSES, "\n", "\r\n", "\r", "\n-----\n", "\n\n")

    def make(self, chance: Chance) -> Cells:
        if chance.random() < 0.5:
            cells = Cells(**chance.choice(self.seeds))  # type: ignore[arg-type]
            part = chance.choice(("to", "subject", "body", "body", "body"))
            others = [seed[part] for seed in self.seeds]
            return cells._replace(**{part: changed(chance, getattr(cells, part), others, self.words)})
        lines = [chance.choice(LINES) for _ in range(chance.randrange(12))]
        body = chance.choice(("\n", "\n", "\r\n", "\r")).join(lines)
        person = f"{chance.choice(NAMES)} <{chance.choice(ADDRESSES)}>"
        return Cells(chance.choice((person, chance.choice(ADDRESSES))), chance.choice(SUBJECTS), body)

    def check(self, cells: Cells, chance: Chance) -> None:
        settings = chance.choice(SETTINGS)
        letters = read_letters(cells)
        for person in read_people(cells.to):
            if person.email and not address_trouble(person.email):
                check_link(person.email, cells.subject, cells.body, settings)
        if letters is None:
            return
        remarks: list[str] = []
        links, addresses = send_links(letters, cells.subject, remarks, settings, "Draft")
        bodies: dict[str, list[str]] = {}
        for person, body in letters:
            bodies.setdefault(person.email, []).append(body)
        for link in links:
            assert len(link.url) <= 1900
            email, subject, body = read_link(link.url, settings)
            assert link.label.startswith("Open mail")
            assert email in ("", *addresses)
            assert subject in (one_line(cells.subject), "")
            assert body in ["", *(clean(text) for text in bodies[email])]


def check_link(email: str, subject: str, body: str, settings: Settings) -> None:
    url = mail_link(email, subject, body, settings)
    assert read_link(url, settings) == (email, one_line(subject), clean(body))


def read_link(url: str, settings: Settings) -> tuple[str, str, str]:
    """Recipient, subject and body as a mail program would take them from a link."""
    assert url.isascii()
    assert url.isprintable()
    assert not set(url) & set(" \"'<>")
    parts = urlsplit(url)
    fields = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    assert all(len(values) == 1 for values in fields.values())
    assert not parts.fragment
    only = {name: values[0] for name, values in fields.items()}
    if settings.send_with == "mailto":
        assert (parts.scheme, parts.netloc) == ("mailto", "")
        assert set(only) <= {"subject", "body"}
        assert not re.search(r"(?<!\r)\n|\r(?!\n)", only.get("body", ""))
        return unquote(parts.path), only.get("subject", ""), only.get("body", "").replace("\r\n", "\n")
    account = f"u/{settings.send_from.replace('@', '%40').replace('+', '%2B')}/" if settings.send_from else ""
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "mail.google.com", f"/mail/{account}")
    assert set(only) <= {"view", "fs", "to", "su", "body"}
    assert (only["view"], only["fs"]) == ("cm", "1")
    return only.get("to", ""), only.get("su", ""), only.get("body", "")


# --- files -------------------------------------------------------------------------------------------------------


class File(Target):
    """A file goes through its backend: read, and one in so many through a whole run."""

    backend: ClassVar[Callable[[Path, Options], Backend]]

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="fuzz-")
        self.path = Path(self._folder.name) / f"tracker.{self.name}"

    def open(self) -> Backend:
        return type(self).backend(self.path, Options(zone=MADRID))

    def check(self, data: bytes, chance: Chance) -> None:
        self.path.write_bytes(data)
        sheet = self.open().read()
        self.check_read(sheet)
        if chance.randrange(WHOLE) == 0 and len(sheet.rows) < 500 and max(map(len, sheet.rows), default=0) < 400:
            with unhurried():
                self.check_run(sheet)

    def close(self) -> None:
        self._folder.cleanup()

    def check_read(self, sheet: Sheet) -> None:
        """What must hold of anything that could be read."""

    def check_run(self, before: Sheet) -> None:
        """The person's cells are as they were, and a second run changes nothing."""
        plan = self._run()
        after = self.open().read()
        ours = {(change.row, change.column) for change in plan.changes}
        places = {(row, column) for row, cells in enumerate(before.rows) for column in range(len(cells))}
        for place in sorted(places - ours):
            old, new = before.cell(*place), after.cell(*place)
            assert same(old, new, before.day_zero), f"the cell at {place} was {old!r} and is {new!r}"
        again = self._run()
        assert not again.changes, f"a second run changes {again.changes[0]!r}"

    def _run(self) -> Any:
        return flow.run(self.open(), NOW, Layers(file={"name": "Sam"}).merged, templates())


def same(old: Value, new: Value, day_zero: date) -> bool:
    """Whether two readings of a cell are equal. A formula, or a date without a date's format, may be written anew."""
    if isinstance(old, Formula) and isinstance(new, Formula):
        return same(old.value, new.value, day_zero)
    if isinstance(old, datetime) and isinstance(new, (int, float)):
        old = to_number(old, day_zero)
    return old == new if old not in (None, "") else new in (None, "")


class Csv(File):
    """A .csv file, in whatever encoding and quoting."""

    name = "csv"
    backend = CsvFile
    headers = (
        "Company", "company ", "Role", "Interview", "Interviewers", "Contact", "Highlight", "Thank-you sent", "Outcome",
        "Reply received", "Draft", "Draft stamp", "Send", "Why", "Flag", "Notes", "", "Firma", "公司", "Société",
    )  # fmt: skip
    cells = (
        "", "Acme", "Birch, Inc.", 'The "Best"', "2026-11-19", "=TODAY()-3", "03/04/2026", "x", "Rejected", "Offer",
        "Ana Ruiz <ana@acme.example>; Bo", "a\nb", "a\r\nb", "=1+1", "'=1", "'tis", "0004", "NA", "é", "李明",
        "thank_you 0123456789ab 0123456789ab", "Hello,\n-----\n",
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.seeds = [path.read_bytes() for path in sorted((SEEDS / "csv").iterdir())]
        self.texts = [seed.decode("utf-8", "replace") for seed in self.seeds]
        self.words = (*self.headers, *self.cells, *NUMBERS, '"', '""', '","', ",", ";", "\t", "|", "\n", "\r\n", "\r")

    def make(self, chance: Chance) -> bytes:
        kind = chance.randrange(10)
        if kind < 2:
            return damaged(chance, chance.choice(self.seeds))
        if kind < 5:
            text = changed(chance, chance.choice(self.texts), self.texts, self.words)
        else:
            text = self._written(chance)
            text = changed(chance, text, self.texts, self.words) if kind > 7 else text
        mark, encoding = chance.choice((
            ("", "utf-8"), ("", "utf-8"), ("\ufeff", "utf-8"), ("\ufeff", "utf-16-le"), ("\ufeff", "utf-16-be"),
            ("", "utf-16-le"), ("", "cp1252"), ("", "latin-1"), ("", "cp1250"), ("", "gbk"),
        ))  # fmt: skip
        data = (mark + text).encode(encoding, "surrogatepass" if "utf" in encoding else "ignore")
        return damaged(chance, data) if kind == 9 else data

    def _written(self, chance: Chance) -> str:
        separator, end = chance.choice(",,;\t|"), chance.choice(("\n", "\r\n", "\r"))
        width = chance.randint(1, 12)
        rows = [[chance.choice(self.headers) for _ in range(width)]]
        rows += [[chance.choice(self.cells) for _ in range(chance.choice((width, width, chance.randrange(14))))]
                 for _ in range(chance.randrange(6))]  # fmt: skip
        lines = [separator.join(self._quoted(cell, separator, chance) for cell in row) for row in rows]
        return end * chance.choice((0, 0, 0, 3)) + end.join(lines) + chance.choice(("", end))

    @staticmethod
    def _quoted(cell: str, separator: str, chance: Chance) -> str:
        kind = chance.randrange(20)
        if kind == 0:
            return cell
        return '"' + cell.replace('"', '""') + '"' if kind == 1 else quote(cell, separator)

    def check_read(self, sheet: Sheet) -> None:
        """A .csv holds text and nothing else."""
        assert all(isinstance(cell, str) for row in sheet.rows for cell in row)


# An .xlsx is a zip of XML parts; each is changed as text, and now and then the zip as bytes.

_ATTRIBUTE = re.compile(r'="([^"]*)"')
_ELEMENT = re.compile(r"<([A-Za-z][\w:]*)\b[^<>]*/>|<([A-Za-z][\w:]*)\b[^<>]*>[^<>]*</\2>")
SNIPPETS = (
    '<c r="A2"><v>1</v></c>', '<c t="s"><v>0</v></c>', '<c t="s"><v>99</v></c>', '<c t="s"><v>-1</v></c>', "<c/>",
    '<c t="d"><v>2026-11-19T14:30:00Z</v></c>', '<c t="d"><v>x</v></c>', '<c t="b"><v>2</v></c>', '<c t="z"><v/></c>',
    '<c t="e"><v>#REF!</v></c>', '<c t="inlineStr"><is><t>x</t></is></c>', '<c t="inlineStr"><is/></c>', "<c><is/></c>",
    '<c><f t="shared" si="0">TODAY()</f><v>46346</v></c>', '<c><f t="shared" si="0"/></c>', "<c><f>1/0</f></c>",
    '<c t="str"><f>A1</f><v></v></c>', '<row r="2"/>', '<row r="1"><c><v>1</v></c></row>', "<row/>", '<row r="x"/>',
    '<row r="200001"><c><v>1</v></c></row>', '<c r="XFD1"><v>1</v></c>', '<c r="SG9"><v>1</v></c>', "<!-- x -->",
    '<dimension ref="A1:XFD1048576"/>', '<hyperlink ref="A1" r:id="rId1"/>', '<hyperlink ref="?" r:id="rId1"/>', "&lt;",
    '<LayersCell ref="A1:Z9"/>', '<sheet name="Settings" sheetId="9" r:id="rId1"/>', "&#0;", "&#xD800;", "&x;", "]]>",
    "<![CDATA[x]]>", "<!DOCTYPE a [<!ENTITY x 'y'>]>", "<?xml version='1.0'?>", "<x:y/>", "_x000D_", "_xD800_",
    '<xf numFmtId="14"/>', '<numFmt numFmtId="14" formatCode="[h]:mm"/>', '<si><t xml:space="preserve"> x </t></si>',
    '<si><r><t>x</t></r><rPh sb="0" eb="1"><t>y</t></rPh></si>', "<formula>$B2=\"Due\"</formula>",
)  # fmt: skip
VALUES = (
    *NUMBERS, "", "A1", "XFD1048576", "A0", "a1", "1A", "$A$1", "A1:B2", "s", "n", "str", "d", "b", "e", "inlineStr",
    "rId1", "rId99", "hidden", "veryHidden", "Settings", "External", "../../../x", "/xl/workbook.xml", "%00",
    "worksheets/sheet1.xml", "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet",
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "yyyy-mm-dd", "[h]:mm", "shared", "array", "true",
)  # fmt: skip
PARTS = ("xl/worksheets/sheet1.xml",) * 8 + ("xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml") * 2


class Xlsx(File):
    """An .xlsx workbook: its XML, its relations and its zip."""

    name = "xlsx"
    backend = XlsxFile

    def __init__(self) -> None:
        super().__init__()
        self.seeds = [path.read_bytes() for path in sorted((SEEDS / "xlsx").iterdir())]
        self.books = [unpacked(seed) for seed in self.seeds]

    def make(self, chance: Chance) -> bytes:
        kind = chance.randrange(20)
        if kind == 0:
            return damaged(chance, chance.choice(self.seeds))
        parts = dict(chance.choice(self.books))
        for _ in range(chance.choice((1, 1, 2, 4))):
            name = chance.choice([name for name in PARTS if name in parts] + list(parts)[:12])
            others = [book[name] for book in self.books if name in book]
            parts[name] = self._changed(chance, parts[name], others)
        if kind == 1:
            parts.pop(chance.choice(list(parts)))
        data = packed(parts)
        return damaged(chance, data) if kind == 2 else data

    def _changed(self, chance: Chance, xml: str, others: Sequence[str]) -> str:
        kind = chance.randrange(10)
        if kind < 4 and (found := list(_ATTRIBUTE.finditer(xml))):
            match = chance.choice(found)
            return xml[: match.start(1)] + chance.choice(VALUES) + xml[match.end(1) :]
        if kind < 8 and (found := list(_ELEMENT.finditer(xml))):
            match = chance.choice(found)
            start, end = match.span()
            text = match[0]
            middle = chance.choice(("", text * 2, chance.choice(SNIPPETS), text + chance.choice(SNIPPETS)))
            if ">" in text[:-1] and chance.random() < 0.5:
                middle = text[: text.index(">") + 1] + chance.choice((*VALUES, *LETTERS)) + text[text.rindex("</") :]
            if chance.random() < 0.01:
                middle = text * chance.choice((100, 3000))
            return xml[:start] + middle + xml[end:]
        return changed(chance, xml, others, (*SNIPPETS, *VALUES))


def unpacked(data: bytes) -> dict[str, str]:
    """The parts of a zip as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


def packed(parts: dict[str, str]) -> bytes:
    """A zip of parts, not compressed, which is the fastest."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text.encode("utf-8", "surrogatepass"))
    return buffer.getvalue()


# --- running -----------------------------------------------------------------------------------------------------

TARGETS: dict[str, type[Target]] = {kind.name: kind for kind in (Csv, Xlsx, Dates, People, Mails)}
_spent = 0.0


@contextmanager
def unhurried() -> Iterator[None]:
    """What happens here is more than parsing and does not count."""
    global _spent
    start = time.thread_time()
    try:
        yield
    finally:
        _spent += time.thread_time() - start


@dataclass
class Finding:
    """An input that did what none may do."""

    number: int
    what: str
    input: str
    count: int = 1


@dataclass
class Result:
    """What a target's executions came to."""

    target: str
    runs: int = 0
    refused: int = 0
    slowest: float = 0.0
    slowest_number: int = 0
    seconds: float = 0.0
    findings: dict[str, Finding] = field(default_factory=dict)
    """By where and what; the first of each, and how many there were."""

    def add(self, number: int, what: str, value: object) -> None:
        """Note a finding."""
        if what in self.findings:
            self.findings[what].count += 1
        else:
            self.findings[what] = Finding(number, what, shortened(value))

    def __str__(self) -> str:
        crashes = sum(found.count for what, found in self.findings.items() if not what.startswith("slow"))
        slow = sum(found.count for what, found in self.findings.items() if what.startswith("slow"))
        lines = [
            f"{self.target}: {self.runs:,} executions ({self.refused:,} refused), {crashes} crashes, {slow} over "
            f"{LIMIT:.0f} s, slowest {self.slowest:.3f} s (number {self.slowest_number}), {self.seconds:,.0f} s in all"
        ]
        for found in self.findings.values():
            lines += [f"  {found.count} x {found.what}", f"    first: number {found.number}, {found.input}"]
        return "\n".join(lines)


def shortened(value: object) -> str:
    """An input as a line."""
    if isinstance(value, bytes) and value.startswith(b"PK"):
        return f"a zip of {len(value):,} bytes, crc {zlib.crc32(value):08x}"
    text = repr(value)
    return text if len(text) < 400 else f"{text[:200]} … {text[-150:]} ({len(text):,} characters)"


def fuzz(target: str, runs: int, start: int = 0, seed: int = 0) -> Result:
    """Run a target so many times; the numbers from ``start`` on say which inputs."""
    global _spent
    subject, result, began = TARGETS[target](), Result(target), time.monotonic()
    for number in range(start, start + runs):
        chance = random.Random(f"{target} {seed} {number}")
        value = subject.make(chance)
        _spent, before = 0.0, time.thread_time()
        try:
            with patience():
                subject.check(value, chance)
        except SheetflowError as error:
            result.refused += 1
            if trouble := wrong_message(error):
                result.add(number, trouble, value)
        except TooSlow:
            pass
        except Exception as error:  # noqa: BLE001 - any is a finding
            last = traceback.extract_tb(error.__traceback__)[-1]
            result.add(
                number, f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}: {error}"[:300], value
            )
        spent = time.thread_time() - before - _spent
        result.runs += 1
        if spent > result.slowest:
            result.slowest, result.slowest_number = spent, number
        if spent > LIMIT:
            result.add(number, f"slow: {spent:.0f} s or so", value)
    subject.close()
    result.seconds = time.monotonic() - began
    return result


def wrong_message(error: SheetflowError) -> str:
    """What is wrong with a refusal's words; empty if nothing is."""
    for text in (error.full, error.quiet):
        if "\n" in text or not text.strip() or len(text) > 1000:
            return f"a message that is not one line: {error.template}"
    if error.private and HIDDEN not in error.quiet and error.full != error.quiet:
        return f"a message that hides nothing: {error.template}"
    return ""


@contextmanager
def patience() -> Iterator[None]:
    """Stop what takes hopelessly long, where the system can."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, HOPELESS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def main() -> int:
    """Run what the command line asks for; 1 if anything was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("targets", nargs="*", metavar="target", help=f"of {', '.join(TARGETS)} (all)")
    parser.add_argument("--runs", type=int, default=200_000, help="executions of each (200000)")
    parser.add_argument("--start", type=int, default=0, help="the number of the first (0)")
    parser.add_argument("--seed", type=int, default=0, help="another number, other inputs (0)")
    asked = parser.parse_args()
    if unknown := set(asked.targets) - set(TARGETS):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    found = False
    for target in asked.targets or TARGETS:
        result = fuzz(target, asked.runs, asked.start, asked.seed)
        sys.stdout.write(f"{result}\n")
        sys.stdout.flush()
        found = found or bool(result.findings)
    return int(found)


if __name__ == "__main__":
    sys.exit(main())
