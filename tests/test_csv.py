"""Trackers in .csv files: every dialect is read right or refused, and other people's bytes stay as they are."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import NOW, OURS, templates

from sheetflow import flow
from sheetflow.backends.base import Options
from sheetflow.backends.csv.escape import escape, unescape
from sheetflow.backends.csv.file import CsvFile, quote, split_record
from sheetflow.columns import FRESH
from sheetflow.errors import Refused, SheetflowError
from sheetflow.plan import Plan
from sheetflow.settings import Settings

ADDED = {c.header for c in FRESH if c.owner == "sheetflow" or c.marks} - {"Interview", "Interviewers", "Highlight"}
TEXT = 'Company,Role,Interview,Interviewers\nAcmé,"Chief, Cook",2026-11-19,Ana Ruiz <ana@acme.example>\n'


def backend(path: Path, **options: object) -> CsvFile:
    return CsvFile(path, Options(**{"zone": ZoneInfo("Europe/Madrid"), **options}))  # type: ignore[arg-type]


def run(path: Path, **options: object) -> Plan:
    return flow.run(backend(path, **options), NOW, lambda _: Settings(), templates(), copy=bool(options.get("output")))


def cells(path: Path, encoding: str = "utf-8-sig", separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline=""), delimiter=separator))


@pytest.fixture
def tracker(tmp_path: Path) -> Path:
    return tmp_path / "tracker.csv"


# --- the zoo ---------------------------------------------------------------------------------------------------

ZOO = {
    "plain": TEXT.encode(),
    "byte-order mark": b"\xef\xbb\xbf" + TEXT.encode(),
    "CRLF": TEXT.replace("\n", "\r\n").encode(),
    "CR": TEXT.replace("\n", "\r").encode(),
    "no final newline": TEXT.rstrip("\n").encode(),
    "UTF-16 little-endian": b"\xff\xfe" + TEXT.encode("utf-16-le"),
    "UTF-16 big-endian": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "UTF-16 without a mark": TEXT.encode("utf-16-le"),
    "UTF-16 without a mark, big-endian": TEXT.encode("utf-16-be"),
    "Windows-1252": TEXT.encode("cp1252"),
    "blank lines": TEXT.replace("\n", "\n\n").encode(),
    "blank lines above": b"\n\nMy interviews\n\n" + TEXT.encode(),
    "all quoted": b'"Company","Role","Interview","Interviewers"\n"Acm\xc3\xa9","Chief, Cook","2026-11-19","Ana Ruiz <ana@acme.example>"\n',  # noqa: E501
    "ragged": TEXT.replace("Interviewers\n", "Interviewers,Notes\n").encode()
    + b"Birch,Cook\nCedar,Clerk,,,,,more,still\n",
    "mixed line ends": TEXT.replace("\n", "\r\n", 1).encode(),
}


@pytest.mark.parametrize("name", ZOO)
def test_a_dialect_is_read_right_and_kept(tracker: Path, name: str) -> None:
    tracker.write_bytes(ZOO[name])
    sheet = backend(tracker).read()
    (row,) = [row for row in sheet.rows if row[:1] == ["Acmé"]]
    assert row[:4] == ["Acmé", "Chief, Cook", "2026-11-19", "Ana Ruiz <ana@acme.example>"]
    plan = run(tracker)
    assert plan.statuses["Send thank-you"] == 1
    assert without_ours(tracker) == padded(ZOO[name], tracker)
    before = tracker.read_bytes(), tracker.stat().st_mtime_ns, tracker.stat().st_ino
    assert not run(tracker)
    assert (tracker.read_bytes(), tracker.stat().st_mtime_ns, tracker.stat().st_ino) == before


@pytest.mark.parametrize("separator", [";", "\t", "|"])
@pytest.mark.parametrize("hint", ["", "sep={}\n"])
def test_other_separators(tracker: Path, separator: str, hint: str) -> None:
    text = hint.format(separator) + TEXT.replace('"Chief, Cook"', "Chief Cook").replace(",", separator)
    tracker.write_text(text, encoding="utf-8")
    assert run(tracker).statuses == {"Send thank-you": 1}
    assert tracker.read_text(encoding="utf-8").startswith(text.split("\n")[0])
    assert "Draft stamp" in cells(tracker, separator=separator)[1 if hint else 0]


REFUSED = {
    "GBK": "Company,Role,Interview\n远山科技,数据分析师,2026-11-19\n".encode("gbk"),
    "Shift JIS": "Company,Role,Interview\n山田商事,技術者,2026-11-19\n".encode("shift-jis"),
    "Windows-1251": "Company,Role,Interview\nРассвет,Повар,2026-11-19\n".encode("cp1251"),
    "Windows-1250": "Company,Role,Interview\nŁódź Foods,Kucharz,2026-11-19\n".encode("cp1250"),
    "Mac Roman": "Company,Role,Interview\nEspaña Café,Cook,2026-11-19\n".encode("mac-roman"),
    "UTF-8, damaged": "Company,Role,Interview\nAcmé,Café,2026-11-19\n".encode() + b"\xff",
    "binary": bytes(range(256)),
    "a workbook": b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00",
    "UTF-16 of odd length": b"\xff\xfe" + TEXT.encode("utf-16-le") + b"x",
    "unclosed quote": b'Company,Role,Interview\nAcme,"Cook,2026-11-19\nBirch,Cook,\n',
    "text after a quote": b'Company,Role,Interview\nAcme,"Cook" indeed,2026-11-19\n',
    "empty": b"",
    "no header": b"a,b\nc,d\n",
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_doubt_is_refused_and_nothing_written(tracker: Path, name: str) -> None:
    tracker.write_bytes(REFUSED[name])
    with pytest.raises(Refused) as caught:
        run(tracker)
    assert "\n" not in caught.value.full
    assert tracker.read_bytes() == REFUSED[name]


def test_an_unclosed_quote_is_named_with_its_row(tracker: Path) -> None:
    tracker.write_bytes(REFUSED["unclosed quote"])
    with pytest.raises(Refused, match="row 2"):
        run(tracker)


def test_quoted_line_breaks_and_doubled_quotes(tracker: Path) -> None:
    text = 'Company,Role,Interview,Highlight\n"Ac""me","Chief\nCook",2026-11-19,"say ""hi"",\r\nok"\nBirch,,,\n'
    tracker.write_text(text, encoding="utf-8", newline="")
    assert backend(tracker).read().rows[1] == ['Ac"me', "Chief\nCook", "2026-11-19", 'say "hi",\r\nok']
    run(tracker)
    assert tracker.read_bytes().decode().split("\n")[1] == '"Ac""me","Chief'
    assert without_ours(tracker) == text.encode()


@pytest.mark.parametrize(
    ("rows", "columns"),
    [(200_001, 2), (3, 501)],
)
def test_what_is_too_large_is_refused(tracker: Path, rows: int, columns: int) -> None:
    tracker.write_text("Company,Role\n" + ("," * (columns - 1) + "\n") * rows, encoding="utf-8")
    with pytest.raises(Refused, match="no tracker"):
        backend(tracker).read()


def test_text_that_the_encoding_lacks_is_refused_in_place_and_not_elsewhere(tracker: Path, tmp_path: Path) -> None:
    tracker.write_bytes(ZOO["Windows-1252"])
    with pytest.raises(Refused, match="CSV UTF-8"):
        flow.run(backend(tracker), NOW, lambda _: Settings(name="李明"), templates())
    assert tracker.read_bytes() == ZOO["Windows-1252"]
    other = tmp_path / "other.csv"
    flow.run(backend(tracker, output=str(other)), NOW, lambda _: Settings(name="李明"), templates(), copy=True)
    assert "李明" in other.read_bytes().decode("utf-8-sig")


# --- other people's bytes ---------------------------------------------------------------------------------------


def decoded(data: bytes) -> tuple[str, bytes, str]:
    for bom, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding), bom, encoding
    for encoding in ("utf-16-le", "utf-16-be") if data[:100].count(0) > 20 else ("utf-8", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "Company" in text:
            return text, b"", encoding
    raise AssertionError(data)


def records(text: str, separator: str) -> list[tuple[list[str], str]]:
    """Raw fields and line end of each record: an independent cutter, one character at a time."""
    result, fields, field, quoted, i = [], [], "", False, 0
    while i < len(text):
        c = text[i]
        if quoted:
            field += c
            if c == '"':
                if text[i + 1 : i + 2] == '"':
                    field += '"'
                    i += 1
                else:
                    quoted = False
        elif c == '"' and not field:
            field, quoted = c, True
        elif c == separator:
            fields.append(field)
            field = ""
        elif c in "\r\n":
            end = "\r\n" if text[i : i + 2] == "\r\n" else c
            i += len(end) - 1
            result.append(([*fields, field], end))
            fields, field = [], ""
        else:
            field += c
        i += 1
    if fields or field:
        result.append(([*fields, field], ""))
    return result


def without_ours(path: Path, separator: str = ",") -> bytes:
    """The file's bytes without the columns that a run added."""
    text, bom, encoding = decoded(path.read_bytes())
    rows = records(text, separator)
    header = next(fields for fields, _ in rows if "Company" in " ".join(fields))
    first = min(index for index, field in enumerate(header) if field.strip('"') in ADDED)
    kept = "".join(separator.join(fields[:first]) + end for fields, end in rows)
    return bom + kept.encode(encoding)


def padded(data: bytes, after: Path, separator: str = ",") -> bytes:
    """The bytes as they were, with short rows filled up with empty cells where the run had to write beyond them."""
    text, bom, encoding = decoded(data)
    written = records(decoded(after.read_bytes())[0], separator)
    rows = records(text, separator)
    width = max(len(fields) for fields, _ in rows)
    out = ""
    for (fields, end), (now, _) in zip(rows, written, strict=True):
        out += separator.join([*fields, *[""] * (width - len(fields) if len(now) > width else 0)]) + end
    return bom + out.encode(encoding)


plain = st.text(st.characters(codec="utf-8", exclude_characters='\0\r\n",;\t|'), max_size=8)
nasty = st.text(st.sampled_from("a,;\"\n\r\t é='-李|"), max_size=8)


@st.composite
def files(draw: st.DrawFn) -> tuple[bytes, str]:
    separator = draw(st.sampled_from(",;\t|"))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    encoding, bom = draw(st.sampled_from([("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe")]))

    def field(text: str) -> str:
        must = text != text.strip() or any(c in text for c in separator + '"\r\n')
        return '"' + text.replace('"', '""') + '"' if must or draw(st.booleans()) else text

    header = ["Company", "Interview", "Interviewers", "My notes"]
    rows = [
        [
            draw(st.sampled_from(["Acme", "Birch", "", "x"])),
            draw(st.sampled_from(["2026-11-19", "", "soon"])),
            draw(st.sampled_from(["", "Ana <ana@acme.example>"])),
            draw(plain | nasty),
        ]
        for _ in range(draw(st.integers(1, 5)))
    ]
    rows = [row[: draw(st.integers(1, 4))] for row in rows]
    lines = [separator.join(field(cell) for cell in row) for row in [header, *rows]]
    text = end.join(lines) + draw(st.sampled_from(["", end]))
    return bom + text.encode(encoding), separator


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files())
def test_every_byte_that_is_not_ours_stays(tmp_path: Path, file: tuple[bytes, str]) -> None:
    data, separator = file
    tracker = tmp_path / "t.csv"
    tracker.write_bytes(data)
    read = backend(tracker).read().rows
    run(tracker)
    assert without_ours(tracker, separator) == padded(data, tracker, separator)
    after = backend(tracker).read().rows
    assert [row[:4] for row in after] == [
        [*row, *[""] * 4][:4] if len(now) > 4 else row for row, now in zip(read, after, strict=True)
    ]
    written = tracker.read_bytes()
    assert not run(tracker)
    assert tracker.read_bytes() == written


@given(st.lists(plain | nasty, min_size=1, max_size=6), st.sampled_from(",;\t|"))
def test_cutting_a_record_undoes_quoting(row: list[str], separator: str) -> None:
    record = separator.join(quote(cell, separator) for cell in row)
    assert split_record(record, separator) == [quote(cell, separator) for cell in row]
    assert next(csv.reader(io.StringIO(record + "\n", newline=""), delimiter=separator, strict=True), [""]) in (row, [])


# --- formulas ----------------------------------------------------------------------------------------------------


@given(st.text(max_size=12) | st.text(st.sampled_from("=+-@'\t\r\n\0 \u200b\ufeff＝＋a"), max_size=6))
def test_escaping_is_undone_and_a_fixed_point(text: str) -> None:
    assert unescape(escape(text)) == text or text.startswith("'")
    assert escape(unescape(escape(text))) == escape(text)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "\u200b=1", "\ufeff=1", "＝1", "''=1"]
)
def test_what_a_spreadsheet_could_take_for_a_formula_is_escaped(text: str) -> None:
    assert escape(text) == "'" + text


@pytest.mark.parametrize("text", ["", "a", "'tis", "a=b", "1-2", "2026-11-20", "Hello,\n=x"])
def test_what_is_left_alone(text: str) -> None:
    assert escape(text) == text
    assert unescape(text) == text


def test_no_computed_cell_begins_like_a_formula(tracker: Path) -> None:
    tracker.write_text("Company,Role,Interview,Interviewers\n=1,+2,2026-11-19,=cmd@acme.example\n", encoding="utf-8")
    run(tracker)
    header, row = cells(tracker)
    assert row[:4] == ["=1", "+2", "2026-11-19", "=cmd@acme.example"]
    computed = [cell for name, cell in zip(header, row, strict=True) if name in {c.header for c in OURS}]
    assert not [cell for cell in computed if cell[:1] in tuple("=+-@\t\r")]
    assert row[header.index("Draft to")] == "'=cmd@acme.example"
    assert not run(tracker)


def test_today_formulas_stay_in_place_and_become_dates_in_a_copy(tracker: Path, tmp_path: Path) -> None:
    text = (
        "Company,Interview,Thank-you sent,Snooze until,Notes\n"
        "Acme,=TODAY()-1+29/48,=TODAY(),,=TODAY()\nBirch,=today() - 3,x,=TODAY()+2,=1+1\nCedar,=A1,,,\n"
    )
    tracker.write_text(text, encoding="utf-8")
    other = tmp_path / "other.csv"
    run(tracker, output=str(other))
    assert tracker.read_text(encoding="utf-8") == text
    _, acme, birch, cedar = cells(other)
    assert acme[:5] == ["Acme", "2026-11-19 14:30", "2026-11-20", "", "=TODAY()"]
    assert birch[:5] == ["Birch", "2026-11-17", "x", "2026-11-22", "=1+1"]
    assert cedar[:2] == ["Cedar", "=A1"]
    run(tracker)
    assert tracker.read_text(encoding="utf-8").split("\n")[1].startswith("Acme,=TODAY()-1+29/48,=TODAY(),,=TODAY()")


# --- elsewhere ---------------------------------------------------------------------------------------------------


def test_a_copy_over_somebodys_file_needs_force(tracker: Path, tmp_path: Path) -> None:
    tracker.write_text(TEXT, encoding="utf-8")
    other = tmp_path / "other.csv"
    run(tracker, output=str(other))
    same = other.stat().st_mtime_ns
    run(tracker, output=str(other))
    assert other.stat().st_mtime_ns == same
    made = other.read_bytes()
    other.write_bytes(b"my ticks")
    with pytest.raises(Refused, match="--force"):
        run(tracker, output=str(other))
    assert other.read_bytes() == b"my ticks"
    run(tracker, output=str(other), force=True)
    assert other.read_bytes() == made
    with pytest.raises(SheetflowError, match="no folder"):
        run(tracker, output=str(tmp_path / "nowhere" / "other.csv"))


def test_a_copy_onto_itself_is_in_place(tracker: Path, tmp_path: Path) -> None:
    tracker.write_text(TEXT, encoding="utf-8")
    link = tmp_path / "link.csv"
    link.symlink_to(tracker)
    run(tracker, output=str(link))
    assert link.is_symlink()
    assert "Draft stamp" in tracker.read_text(encoding="utf-8")
