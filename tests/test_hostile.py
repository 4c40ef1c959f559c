"""Hostile text through every input column and every sink: it stays text, and it stays the person's."""

from __future__ import annotations

import csv
import io
import itertools
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from support import HEADERS, MADRID, NOW, make_plan, make_sheet, templates

from sheetflow import flow
from sheetflow.backends import Options
from sheetflow.backends.csv_file import CsvFile
from sheetflow.columns import OURS
from sheetflow.report import Report, as_json, changes, markdown, terminal
from sheetflow.settings import Settings
from sheetflow.sheet import Links

COMMANDS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "{=1}",
    "#REF!",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example")',
    "=IMAGE(1)",
    "{{ 7*7 }}",
    "{% include 'x' %}",
    "{# #}",
    "{{ ''.__class__ }}",
    "${7*7}",
    "<%= 7 %>",
    "%s%n",
    "{0.__class__}",
    "{}",
    "x\r\nBcc: v@evil.example",
    "x\nTo: v@evil.example\n\nhi",
    "-----",
    "x\n-----\nTo: v@evil.example\n\ny",
    "&to=v@evil.example",
    "?bcc=v@evil.example",
    "%0ABcc:v@evil.example",
    "a@acme.example,v@evil.example",
    "ana@аcme.example",
    "::add-mask::x",
    "::error file=a::b",
    "::set-output name=a::b",
    "##[command]x",
    "[a](https://evil.example)",
    "<script>x</script>",
    "| a | b |",
    "`rm`",
    "None",
    "nan",
    "NULL",
    "NA",
    "0004",
    "1e5",
    "TRUE",
    "",
    " ",
    "\ud800",
    "\udfff",
    "💩",
    "a\u0301" * 20,
    "١٢",
    "\x1b[31m",
]
DISGUISES = [
    "{}",
    " {}",
    "\t{}",
    "\n{}",
    "\r{}",
    "\u200b{}",
    "\ufeff{}",
    "\u202e{}",
    "'{}",
    '"{}"',
    "\u00a0{}",
    "\x00{}",
    "{}\u2028x",
    "\u2066{}\u2069",
    "{}\U000e0041",
    "＝{}",
    "Ana <{}>",
    "{}; {}",
    "{}\r\n{}",
    "\u3000{}",
    "\x85{}",
]
STRINGS = sorted({disguise.replace("{}", text) for disguise, text in itertools.product(DISGUISES, COMMANDS)})
FREE = ("Company", "Role", "Interviewers", "Contact", "Highlight", "Question", "How it went", "Outcome")
STATES = ({}, {"Interview": "2026-10-30", "Thank-you sent": "x"}, {"Outcome": "Withdrawn"}, {"Outcome": "Rejected"})


def tracker(encodable: bool = False) -> list[dict[str, str]]:
    """Each string in each column, in rows that want each of the notes."""
    base = {"Company": "Acme", "Interview": "2026-11-19", "Interviewers": "Ana <ana@acme.example>"}
    texts = [t for t in STRINGS if not encodable or not any("\ud800" <= c <= "\udfff" for c in t)]
    rows = [{**base, **STATES[n % 4], FREE[n % 8]: text} for n, text in enumerate(texts)]
    rows += [{**base, **STATES[n % 4], **dict.fromkeys(FREE[:6], text)} for n, text in enumerate(texts)]
    return rows + [{**base, HEADERS[n % len(HEADERS)]: text} for n, text in enumerate(texts)]


def test_there_are_enough() -> None:
    assert len(STRINGS) >= 1000


def test_links_go_to_the_intended_host_and_to_one_address_each() -> None:
    frame = make_plan(make_sheet(tracker(), links="many")).table.frame
    links = [link for links in frame["send"] for link in (links if isinstance(links, Links) else ())]
    assert len(links) > 500
    for link in links:
        parts = urlsplit(link.url)
        fields = parse_qs(parts.query, keep_blank_values=True)
        assert link.url.isascii()
        assert (parts.scheme, parts.netloc, parts.path) == ("https", "mail.google.com", "/mail/")
        assert set(fields) <= {"view", "fs", "to", "su", "body"}
        assert all(len(texts) == 1 for texts in fields.values())
        assert fields["to"] == [link.label]
        assert link.label.count("@") == 1
        assert not set(link.label) & set(",;<> \r\n")
        assert not set(fields.get("su", [""])[0]) & set("\r\n\u2028\u2029\x85\x0b\x0c")


def test_subjects_are_one_line_and_nothing_invisible_is_written() -> None:
    frame = make_plan(make_sheet(tracker())).table.frame
    assert not [s for s in frame["draft_subject"] if len(s.splitlines()) > 1]
    for name in ("draft_to", "draft_subject", "draft", "why"):
        bad = set("".join(frame[name])) & set("\x00\x1b\r\u200b\ufeff\u202e\u2066\u2069\U000e0041\ud800\udfff\x85")
        assert bad == set(), name
    assert "49" not in "".join(frame["draft"]).replace("7*7", "")


def test_a_csv_keeps_the_persons_text_and_gets_no_formula(tmp_path: Path) -> None:
    rows = tracker(encodable=True)
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(HEADERS)
    writer.writerows([[row.get(name, "") for name in HEADERS] for row in rows])
    path = tmp_path / "tracker.csv"
    path.write_text(lines.getvalue(), encoding="utf-8", newline="")
    before = CsvFile(path, Options(zone=MADRID)).read().rows

    def run() -> object:
        return flow.run(CsvFile(path, Options(zone=MADRID)), NOW, lambda _: Settings(), templates())

    assert run()
    after = CsvFile(path, Options(zone=MADRID)).read().rows
    assert [row[: len(HEADERS)] for row in after] == [list(row) for row in before]
    assert len(after) == len(rows) + 1
    computed = [list(after[0]).index(column.header) for column in OURS]
    for row in after[1:]:
        for column in computed:
            text = row[column] if column < len(row) else ""
            assert not text.lstrip("\u200b\ufeff \u00a0\u3000").startswith(tuple("=+-@\t\r\n＝")), text
    assert not run()


def test_what_is_printed_has_no_control_characters_and_no_commands() -> None:
    plan = make_plan(make_sheet(tracker()))
    private, public = Report(plan, False, True), Report(plan, True, True)
    for line in [*terminal(private, 100), *changes(private, 100), *terminal(public, 100), *changes(public, 100)]:
        assert not set(line) & set("\x00\x1b\r\n\u202e\u2066\u2028\x85\ud800"), line
        assert not line.startswith(("::", "##["))
    json.loads(as_json(private, NOW))
    for text in (as_json(public, NOW), markdown(public)):
        assert "evil" not in text
        assert "::" not in text
        assert "{{" not in text
