"""Who wrote a mail, by its headers: a corpus of them, what is read of each, and that nothing makes the reader fall."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetflow.mailbox import headers

CORPUS = Path(__file__).parent / "mail_corpus" / "headers.txt"


class Block(NamedTuple):
    name: str
    kind: str
    text: str


def corpus() -> list[Block]:
    blocks = []
    for part in re.split(r"^=== ", CORPUS.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        title, _, text = part.partition("\n")
        name, kind, _ = (word.strip() for word in title.split("|", 2))
        blocks.append(Block(name, kind, text.strip() + "\n\n"))
    return blocks


BLOCKS = corpus()


def wire(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def test_the_corpus_is_large_and_of_every_kind() -> None:
    counts = Counter(block.kind for block in BLOCKS)
    assert len(BLOCKS) >= 120
    assert set(counts) == {"human", "automatic", "bounce", "list", "machine"}
    assert min(counts.values()) >= 4


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_who_wrote_it(block: Block) -> None:
    assert headers.read(wire(block.text)).kind == block.kind


@pytest.mark.parametrize("block", [b for b in BLOCKS if b.kind != "human"], ids=lambda block: block.name)
def test_no_answer_prefix_makes_a_person_of_what_is_told_by_a_header(block: Block) -> None:
    told_by_subject = headers.read(wire(re.sub(r"(?im)^subject:.*\n(?:[ \t].*\n)*", "", block.text))).kind == "human"
    subject = "Subject: Re: Thank you\n"
    text = re.sub(r"(?im)^subject:.*\n(?:[ \t].*\n)*", subject, block.text)
    assert told_by_subject or headers.read(wire(text)).kind != "human"


@pytest.mark.parametrize("sign", headers.SIGNS, ids=lambda sign: f"{sign.kind} {sign.field} {sign.source}")
def test_every_sign_decides_a_block(sign: headers.Sign, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it, some block of the corpus is judged differently."""
    before = [headers.read(wire(block.text)).kind for block in BLOCKS]
    monkeypatch.setattr(headers, "_SIGNS", tuple(pair for pair in headers._SIGNS if pair[0] != sign))
    assert [headers.read(wire(block.text)).kind for block in BLOCKS] != before


def test_what_is_read() -> None:
    block = next(block for block in BLOCKS if block.name == "Gmail bounce")
    read = headers.read(wire(block.text))
    assert read.sender == "mailer-daemon@googlemail.example"
    assert read.to == ("sam@mail.example",)
    assert read.failed == ("bo@acme.example",)
    assert read.references == ("<CAB3q=s1@mail.gmail.example>",)
    assert read.subject == "Delivery Status Notification (Failure)"


def test_a_subject_is_decoded_and_on_one_line() -> None:
    block = next(block for block in BLOCKS if block.name == "a folded, long subject")
    assert "\n" not in headers.read(wire(block.text)).subject
    assert headers.read(b"Subject: =?utf-8?Q?Gespr=C3=A4ch?=\r\n =?utf-8?Q?_am_Freitag?=\r\n\r\n").subject == (
        "Gespräch am Freitag"
    )


def test_what_it_answers_comes_last_though_the_chain_lacks_it() -> None:
    read = headers.read(b"References: <a@x>\r\n <b@x>\r\nIn-Reply-To: <c@x>\r\n\r\n")
    assert read.references == ("<a@x>", "<b@x>", "<c@x>")
    read = headers.read(b"References: <a@x> <b@x>\r\nIn-Reply-To: <b@x>\r\n\r\n")
    assert read.references == ("<a@x>", "<b@x>")


def test_only_the_address_counts_not_the_name_in_front() -> None:
    read = headers.read(b'From: "ana@acme.example" <evil@elsewhere.example>\r\n\r\n')
    assert read.sender == "evil@elsewhere.example"


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("Ana@Acme.Example", "ana@acme.example"),
        (" ana@acme.example ", "ana@acme.example"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("ana+jobs@acme.example", "ana+jobs@acme.example"),
        ("o'brien@acme.example", "o'brien@acme.example"),
        ("a_b=c/d@acme.example", "a_b=c/d@acme.example"),
        ("ana@acme", ""),
        ("ana", ""),
        ("", ""),
        ("ana@", ""),
        ("@acme.example", ""),
        ("ána@acme.example", ""),
        ('ana"@acme.example', ""),
        ("ana\\@acme.example", ""),
        ("ana\r\nA LOGOUT@acme.example", ""),
        ("ana\0@acme.example", ""),
        ("ana b@acme.example", ""),
        ("ana(x)@acme.example", ""),
        ("ana{3}@acme.example", ""),
        ("ana*@acme.example", ""),
        ("ana%@acme.example", ""),
        ("ana@acme.example\r\n", "ana@acme.example"),
        ("ana@acme.example\n x", ""),
        ("a" * 250 + "@acme.example", ""),
        ("ana@" + "x" * 64 + "ü.example", ""),
    ],
)
def test_an_address_is_compared_and_searched_in_one_form_or_not_at_all(address: str, plain: str) -> None:
    assert headers.plain_address(address) == plain


@given(st.text() | st.text(alphabet='ab@.\r\n\0"\\ {}()*%+<>', max_size=40))
def test_no_text_makes_an_address_that_could_end_a_command(text: str) -> None:
    plain = headers.plain_address(text)
    assert plain.isascii()
    assert not set(plain) & set('\r\n\0"\\ (){}*%<>\t')
    assert not any(ord(c) < 33 or ord(c) > 126 for c in plain)


NAMES = st.sampled_from([*headers.WANTED, "X-Other"])
VALUES = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "=?utf-8?Q?=FF=FF?=", "=?unknown-8?B?abc?=", "=?utf-8?B?!!!?=", "=?utf-8?Q?", "<", "<a", "<a@b", '"', '"a',
            "(((((", "a@b, c@d", "@", "group: a@b.example, c@d.example;", "undisclosed-recipients:;", "\ud800",
            "=?idna?Q?xn--?=", "=?utf-7?Q?+AGE-?=", "=?punycode?Q?x?=",
        ]
    ),
)  # fmt: skip


@given(st.lists(st.tuples(NAMES, VALUES), max_size=8), st.binary(max_size=60))
def test_whatever_stands_in_a_header_it_is_read(fields: list[tuple[str, str]], rest: bytes) -> None:
    block = b"".join(f"{n}: {v}\r\n".encode("utf-8", "surrogatepass") for n, v in fields) + rest
    read = headers.read(block)
    assert read.kind in ("human", "automatic", "bounce", "list", "machine")
    assert "\n" not in read.subject


@given(st.binary(max_size=300))
def test_any_bytes_are_read(block: bytes) -> None:
    headers.read(block)


def test_a_very_long_header_takes_no_time() -> None:
    headers.read(b"References: " + b"<a@b> " * 200_000 + b"\r\nSubject: " + b"auto " * 200_000 + b"\r\n\r\n")


@pytest.mark.parametrize(
    ("subject", "essence"),
    [
        ("Data Analyst", "data analyst"),
        ("Re: Data Analyst", "data analyst"),
        ("RE: AW: Fwd:  Data   Analyst", "data analyst"),
        ("Re[2]: Data Analyst", "data analyst"),
        ("回复：Data Analyst", "data analyst"),
        ("WG: Data Analyst", "data analyst"),
        ("Reading: Data Analyst", "reading: data analyst"),
        ("Re", "re"),
        ("", ""),
    ],
)
def test_subjects_are_compared_without_the_marks_of_an_answer(subject: str, essence: str) -> None:
    assert headers.essence(subject) == essence
