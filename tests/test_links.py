"""The send links: one address each, nothing in them but recipient, subject and body."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetflow.cells import clean
from sheetflow.letters.links import CELL_LIMIT, LINK_LIMIT, TOO_LONG, Letter, encode, listed, mail_link, send_links
from sheetflow.settings import Settings
from sheetflow.table.people import Person

ANA = Person("Ana Ruiz", "ana@acme.example")
GMAIL, MAILTO = Settings(), Settings(send_with="mailto")


def links(letters, subject="Hi", settings=GMAIL, where="Interviewers"):
    remarks: list[str] = []
    made, _ = send_links([Letter(*letter) for letter in letters], subject, remarks, settings, where)
    return made, remarks


def test_gmail() -> None:
    assert mail_link("ana@acme.example", "Hi & bye", "a b\nc+d=é", GMAIL) == (
        "https://mail.google.com/mail/?view=cm&fs=1&to=ana%40acme.example&su=Hi%20%26%20bye&body=a%20b%0Ac%2Bd%3D%C3%A9"
    )


def test_gmail_account() -> None:
    url = mail_link("ana@acme.example", "", "", Settings(send_from="sam+jobs@mail.example"))
    assert url == "https://mail.google.com/mail/u/sam%2Bjobs%40mail.example/?view=cm&fs=1&to=ana%40acme.example"


def test_mailto_as_in_rfc_6068() -> None:
    assert (
        mail_link("a+b@acme.example", "Hi?", "x\ny", MAILTO) == "mailto:a%2Bb@acme.example?subject=Hi%3F&body=x%0D%0Ay"
    )
    assert mail_link("a@acme.example", "", "", MAILTO) == "mailto:a@acme.example"


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(st.sampled_from([GMAIL, MAILTO]), words, words)
def test_reading_a_link_back_gives_what_went_in(settings: Settings, subject: str, body: str) -> None:
    url = mail_link("ana@acme.example", subject, body, settings)
    parts = urlsplit(url)
    assert url.isascii()
    assert not set(url) & set(" \r\n\t\"'<>")
    fields = {name: texts[0] for name, texts in parse_qs(parts.query, keep_blank_values=True).items()}
    names = {"subject", "body"} if settings is MAILTO else {"view", "fs", "to", "su", "body"}
    assert set(fields) <= names
    if settings is MAILTO:
        assert (parts.scheme, parts.netloc, parts.path) == ("mailto", "", "ana@acme.example")
    else:
        assert (parts.scheme, parts.netloc, parts.path) == ("https", "mail.google.com", "/mail/")
        assert (fields["view"], fields["fs"], fields["to"]) == ("cm", "1", "ana@acme.example")
    sent = fields.get("subject" if settings is MAILTO else "su", "")
    assert sent == " ".join(clean(subject).split())
    assert not any(c in sent for c in "\r\n\x0b\x0c\x85\u2028\u2029")
    assert fields.get("body", "").replace("\r\n", "\n") == clean(body)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_encoding_is_that_of_the_standard_library(text: str) -> None:
    from urllib.parse import quote

    assert encode(text) == quote(text, safe="")


@pytest.mark.parametrize("settings", [GMAIL, MAILTO])
def test_the_body_is_left_out_just_above_the_limit(settings: Settings) -> None:
    room = LINK_LIMIT - len(mail_link(ANA.email, "Hi", "x", settings)) + 1
    (fits,), said = links([(ANA, "x" * room)], settings=settings)
    assert len(fits.url) == LINK_LIMIT
    assert said == []
    (short,), said = links([(ANA, "x" * (room + 1))], settings=settings)
    assert short.url == mail_link(ANA.email, "Hi", "", settings)
    assert said == [TOO_LONG]


def test_a_long_letter_takes_no_body_from_the_others() -> None:
    room = LINK_LIMIT - len(mail_link(ANA.email, "Hi", "x", GMAIL)) + 1
    made, said = links([(ANA, "x" * room), (ANA, "x" * (room + 1)), (ANA, "y")])
    assert [link.url for link in made] == [mail_link(ANA.email, "Hi", body, GMAIL) for body in ("x" * room, "", "y")]
    assert said == [TOO_LONG]


def test_an_endless_subject_is_left_out_too() -> None:
    room = LINK_LIMIT - len(mail_link(ANA.email, "s", "", GMAIL)) + 1
    (link,), _ = links([(ANA, "x")], subject="s" * room)
    assert link.url == mail_link(ANA.email, "s" * room, "", GMAIL)
    (link,), _ = links([(ANA, "x")], subject="s" * (room + 1))
    assert link.url == mail_link(ANA.email, "", "", GMAIL)
    (link,), said = links([(ANA, "x")], subject="s" * 3000)
    assert link.url == mail_link(ANA.email, "", "", GMAIL)
    assert said == [TOO_LONG]


def test_a_large_panel_fits_into_a_cell_without_the_bodies() -> None:
    panel = [(Person("", f"p{n}@acme.example"), "x" * 1700) for n in range(30)]
    made, said = links(panel)
    assert len(made) == 30
    assert len(made.urls) < CELL_LIMIT
    assert said == [TOO_LONG]
    made, said = links(panel[:15])
    assert all("body=" in link.url for link in made)
    assert said == []


def test_the_largest_panel_that_fits_into_a_cell() -> None:
    def panel(last: int) -> list[tuple[Person, str]]:
        room = len(mail_link("p10@acme.example", "Hi", "x", GMAIL)) - 1
        people = [Person("", f"p{n}@acme.example") for n in range(10, 27)]
        return [(person, "x" * (1882 - room)) for person in people[:-1]] + [(people[-1], "x" * (last - room))]

    made, said = links(panel(CELL_LIMIT - 16 * 1882))
    assert sum(len(link.url) for link in made) == CELL_LIMIT
    assert said == []
    assert links(panel(CELL_LIMIT - 16 * 1882 + 1))[1] == [TOO_LONG]


BAD = [
    "ana",
    "ana@",
    "@acme.example",
    "ana@acme",
    "ana@acme..example",
    "ana@.example",
    "ana@acme.example.",
    "a b@acme.example",
    "ana@acme.example,bo@acme.example",
    "ana@acme.example;bo@acme.example",
    "ana@acme.example?bcc=x@y.example",
    "ana@acme.example&bcc=x",
    "ana@acme.example\nbcc: x@y.example",
    "ana@acme.example\r\n",
    "ana@@acme.example",
    "<ana@acme.example>",
    "Ana <ana@acme.example>",
    "ana@127.0.0.1",
    "ana@[127.0.0.1]",
    "ana@acme.123",
    "ana@-acme.example",
    "ana@acme-.example",
    ".ana@acme.example",
    "ana.@acme.example",
    "a..b@acme.example",
    "ana@ac\u200bme.example",
    "ana\u202e@acme.example",
    "a" * 65 + "@acme.example",
    "ana@" + "a" * 64 + ".example",
    "ana@" + "a." * 130 + "example",
    '"ana"@acme.example',
    "ana@acme.exa mple",
    "ana@аcme.example",
    "ana@\U00017000cme.example",
    "ana@acme.eхample",
    "аna@acme.example",
    "ana@acme%2eexample",
    "ana@acme/evil.example",
    "ana@acme:25.example",
    "mailto:ana@acme.example",
    "ana@\u0000acme.example",
]


@pytest.mark.parametrize("email", BAD)
def test_a_doubtful_address_gets_no_link_and_a_remark(email: str) -> None:
    made, said = links([(Person("Ana", email), "x"), (ANA, "x")])
    assert [link.label for link in made] == ["Open mail to Ana"]
    assert len(said) == 1
    assert "correct it in Interviewers" in said[0]
    assert len(said[0]) < 200


@pytest.mark.parametrize(
    ("people", "labels"),
    [
        ([("Ana Ruiz", "ana@acme.example")], ["Open mail to Ana"]),
        ([("Dr. Vera Lindqvist", "v@acme.example")], ["Open mail to Dr. Vera Lindqvist"]),
        ([("", "ana@acme.example")], ["Open mail to ana@acme.example"]),
        ([("ceo@other.example", "ana@acme.example")], ["Open mail to ana@acme.example"]),
        ([("Ana Ruiz", "")], ["Open mail"]),
        ([("", "")], ["Open mail"]),
        (
            [("Ana Ruiz", "ana@acme.example"), ("Ana Silva", "silva@acme.example"), ("Bo Chen", "bo@acme.example")],
            ["Open mail to ana@acme.example", "Open mail to silva@acme.example", "Open mail to Bo"],
        ),
        ([("Ana Ruiz", ""), ("Bo Chen", "")], ["Open mail for Ana", "Open mail for Bo"]),
    ],
)
def test_a_label_says_what_the_link_does(people: list[tuple[str, str]], labels: list[str]) -> None:
    made, _ = links([(Person(*person), "x") for person in people])
    assert [link.label for link in made] == labels


def test_without_an_address_the_mail_opens_without_a_recipient() -> None:
    (link,), said = links([(Person("Bo", ""), "x y")], where="Contact")
    assert link.url == "https://mail.google.com/mail/?view=cm&fs=1&su=Hi&body=x%20y"
    assert said == ["add the address of Bo in Contact"]
    (link,), _ = links([(Person("Bo", ""), "x y")], settings=MAILTO)
    assert link.url == "mailto:?subject=Hi&body=x%20y"


@pytest.mark.parametrize(
    "email",
    ["no-reply@acme.example", "noreply@acme.example", "jobs.no_reply@acme.example", "DoNotReply@acme.example",
     "notifications@acme.example", "mailer-daemon@acme.example", "no-reply+123@acme.example"],
)  # fmt: skip
def test_a_no_reply_address_gets_no_link_and_a_remark(email: str) -> None:
    assert links([(Person("Acme", email), "x")], where="Contact") == (
        (), [f"{email} takes no letters, as its name says: correct it in Contact"],
    )  # fmt: skip


@pytest.mark.parametrize("email", ["noreen@acme.example", "reply@acme.example", "norepliers@acme.example"])
def test_what_only_looks_like_a_no_reply_address(email: str) -> None:
    assert len(links([(Person("Acme", email), "x")])[0]) == 1


def test_a_missing_address_is_asked_for() -> None:
    assert links([(Person("Bo", ""), "x")], where="Contact")[1] == ["add the address of Bo in Contact"]
    five = [(Person(name, ""), "x") for name in ("Bo", "Cy", "Di", "Ed", "Flo")]
    assert links(five)[1] == ["add the addresses of Bo, Cy, Di and 2 more in Interviewers"]
    for name, shown in (("B" * 60, "B" * 60), ("B" * 61, "B" * 59 + "…")):
        assert links([(Person(name, ""), "x")])[1] == [f"add the address of {shown} in Interviewers"]
    assert links([(Person("", ""), "x")])[1] == []


@pytest.mark.parametrize(
    ("words", "count", "text"),
    [
        (["A"], 0, "A"),
        (["A", "B"], 0, "A and B"),
        (["A", "B", "C"], 0, "A, B and C"),
        (["A", "B", "C", "D"], 0, "A, B, C and 1 more"),
        (["A", "B", "C"], 9, "A, B, C and 6 more"),
    ],
)
def test_listed(words: list[str], count: int, text: str) -> None:
    assert listed(words, count) == text
