"""The notes in their rows: who gets one, what goes into it, what Why says about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from support import HEADERS, NOW, make_sheet, templates, write

from sheetflow.letters import drafts
from sheetflow.letters.drafts import ALIKE, _sentence, read_letters, shared_words
from sheetflow.letters.links import CELL_LIMIT
from sheetflow.letters.stamps import Cells

ANA, BO, PRIYA = "Ana Ruiz <ana@acme.example>", "Bo Chen <bo@acme.example>", "Priya Nair <priya@acme.example>"


def rows(*cells: dict[str, Any], **settings: Any) -> list[dict[str, Any]]:
    filled = [{"Company": "Acme", "Interview": "2026-11-19", **row} for row in cells]
    return write(make_sheet(filled), NOW, **settings).frame.to_dict("records")


def row(settings: dict[str, Any] | None = None, **cells: Any) -> dict[str, Any]:
    return rows(cells, **(settings or {}))[0]


THANKED = {"Interview": "2026-10-30", "Thank-you sent": "x"}


def test_a_thank_you_goes_to_everybody_met() -> None:
    r = row(Interviewers=f"{ANA}; {BO}", Contact=PRIYA)
    assert r["draft_to"] == f"{ANA}\n{BO}"
    first, second = r["draft"].split("\n-----\n")
    assert first.startswith(f"To: {ANA}\n\nHi Ana,\n\n")
    assert second.startswith(f"To: {BO}\n\nHi Bo,\n\n")
    assert [link.label for link in r["send"]] == ["Open mail to Ana", "Open mail to Bo"]
    assert "Hi%20Ana" in r["send"][0].url
    assert "Hi%20Bo" in r["send"][1].url
    assert "To%3A" not in r["send"][0].url


@pytest.mark.parametrize(
    ("cells", "to"),
    [
        ({"Interviewers": f"{ANA}; {BO}", "Contact": PRIYA}, PRIYA),
        ({"Interviewers": f"{ANA}; {BO}", "Contact": ""}, ANA),
        ({"Interviewers": "", "Contact": f"{PRIYA}; {BO}"}, PRIYA),
    ],
)
def test_every_other_note_goes_to_the_contact_or_else_the_first_interviewer(cells: dict[str, str], to: str) -> None:
    for state in (THANKED, {"Outcome": "Withdrawn"}, {"Outcome": "Rejected"}):
        r = row(**cells, **state)
        assert r["note"]
        assert r["draft_to"] == to
        assert len(r["send"]) == 1


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({}, "write who gets this note into Interviewers, like"),
        ({**THANKED}, "write who gets this note into Contact, like"),
        ({"Interviewers": "Ana Ruiz"}, "add the address of Ana Ruiz in Interviewers"),
        ({"Contact": "Ana Ruiz"}, "add the address of Ana Ruiz in Contact"),
        ({**THANKED, "Contact": "Ana Ruiz"}, "add the address of Ana Ruiz in Contact"),
    ],
)
def test_without_an_address_the_mail_opens_without_a_recipient(cells: dict[str, str], said: str) -> None:
    r = row(**cells)
    assert r["draft"]
    (link,) = r["send"]
    assert link.label == "Open mail"
    assert "&to=" not in link.url
    assert "&su=" in link.url
    assert said in r["why"]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"Interviewers": "Ana <ana@acme>"}, "ana@acme is not a complete address: correct it in Interviewers"),
        ({**THANKED, "Interviewers": "Ana <ana@acme>"}, "not a complete address: correct it in Interviewers"),
        ({"Interviewers": "Ana <ana@aсme.example>"}, "mixes letters of several scripts, as forged addresses do"),
        ({"Interviewers": "Ana <no-reply@acme.example>"}, "no-reply@acme.example takes no letters, as its name says"),
    ],
)
def test_a_draft_to_an_unusable_address_has_no_link_and_asks(cells: dict[str, str], said: str) -> None:
    r = row(**cells)
    assert r["draft"]
    assert r["draft_subject"]
    assert r["send"] == ()
    assert said in r["why"]


def test_no_name_no_name_in_the_greeting() -> None:
    assert row()["draft"].startswith("Hello,\n")
    assert row()["draft_to"] == ""
    assert row(Interviewers="ana@acme.example")["draft"].startswith("Hello,\n")


def test_whom_a_tracker_knows_only_as_the_contact_is_thanked() -> None:
    r = row(Contact=PRIYA)
    assert r["draft_to"] == PRIYA
    assert r["draft"].startswith("Hi Priya,")


def test_the_columns_of_people_lend_each_other_names_and_addresses() -> None:
    assert row(Interviewers=ANA, Contact="ana@acme.example", **THANKED)["draft_to"] == ANA
    assert row(Interviewers="Ana Ruiz", Contact=ANA)["draft_to"] == ANA
    assert row(Interviewers="Bo Chen", Contact=ANA)["draft_to"] == "Bo Chen"


# --- what is asked for ------------------------------------------------------------------------------------------

ASK = "; write something special from the conversation into Highlight, and the draft takes it up."
ASK_APART = "; write what you would find nowhere else into What sets them apart, and the draft takes it up."


def test_a_missing_highlight_is_asked_for_and_leaves_no_gap() -> None:
    assert ASK in row(Interviewers=ANA)["why"]
    assert ASK in row(Interviewers=ANA, Highlight="n/a")["why"]
    assert ASK not in row(Interviewers=ANA, Highlight="penguins")["why"]
    assert ASK not in row(Interviewers=ANA, Outcome="Withdrawn")["why"]
    assert "[" not in row(Interviewers=ANA)["draft"]


@pytest.mark.parametrize("typed", ["on call only", "12hr shifts but u get 4 days off", "employee discount", "y" * 400])
def test_what_no_sentence_can_be_made_of_is_left_out_and_asked_for(typed: str) -> None:
    r = row(Interviewers=ANA, Highlight=typed)
    assert typed not in r["draft"]
    assert (
        "a line of Highlight is not in the draft: finish the sentence “I especially enjoyed hearing about …”"
        in r["why"]
    )
    r = row(Interviewers=ANA, **THANKED, **{"What sets them apart": typed})
    assert typed not in r["draft"]
    assert "a line of What sets them apart is not in the draft" in r["why"]


def test_without_a_highlight_a_thank_you_tells_what_sets_them_apart() -> None:
    r = row(Interviewers=ANA, **{"What sets them apart": "you publish every salary"})
    assert "What sets Acme apart for me is that you publish every salary." in r["draft"]
    assert ASK not in r["why"]


def test_a_letter_that_parts_keeps_the_detail() -> None:
    for cells in ({"Outcome": "Withdrawn"}, {"Outcome": "Rejected", "Reply received": "2026-11-20"}):
        r = row(Interviewers=ANA, Highlight="their 4 day week", **cells)
        assert "about your four-day week." in r["draft"]
        assert "join" not in row(Interviewers=ANA, Highlight="how they hire", **cells)["draft"]
        wants = row(Interviewers=ANA, Highlight="they want someone to bake", **cells)["draft"]
        assert "someone to bake" not in wants


@pytest.mark.parametrize("feeling", ["Bad", "Horrible"])
def test_after_a_bad_interview_nothing_special_is_asked_for(feeling: str) -> None:
    r = row(Interviewers=ANA, Highlight="the penguins", Question="Why?", **{"How it went": feeling})
    assert "penguins" not in r["draft"]
    assert "Why?" not in r["draft"]
    assert ASK not in row(Interviewers=ANA, **{"How it went": feeling})["why"]


def test_a_follow_up_asks_for_what_sets_them_apart() -> None:
    extra = {"What sets them apart": ""}
    assert ASK_APART in row(Interviewers=ANA, **THANKED, **extra)["why"]
    assert "write" not in row(Interviewers=ANA, Highlight="penguins", **THANKED, **extra)["why"]
    r = row(Interviewers=ANA, Highlight="penguins", **THANKED, **{"What sets them apart": "their mission"})
    assert "what sets Acme apart for me is your mission." in r["draft"]
    assert "penguins" not in r["draft"]


def test_what_is_asked_for_goes_into_a_column_that_there_is() -> None:
    assert ASK in row(Interviewers=ANA, **THANKED)["why"]
    headers = [header for header in HEADERS if header != "Highlight"]
    sheet = make_sheet([{"Company": "Acme", "Interview": "2026-11-19", "Interviewers": ANA}], headers)
    assert ASK in write(sheet, NOW).frame["why"].iat[0]  # the run adds the column


def test_a_column_that_nothing_adds_is_to_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts._Rows, "_has", lambda _self, _key: False)
    assert "into a new column, Highlight, and the draft" in row(Interviewers=ANA)["why"]


def test_a_column_is_called_what_its_header_says() -> None:
    headers = ["亮点" if header == "Highlight" else header for header in HEADERS]
    sheet = make_sheet([{"Company": "Acme", "Interview": "2026-11-19", "Interviewers": ANA}], headers)
    assert "from the conversation into 亮点, and" in write(sheet, NOW).frame["why"].iat[0]


# --- what the facts say -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"Outcome": "Withdrawn"}, "After some thought, I've decided to withdraw"),
        ({"How it went": "Horrible", "Thank-you sent": "x"}, "After some thought, I've decided to withdraw"),
    ],
)
def test_a_withdrawal_gives_no_reason_but_a_fact(cells: dict[str, str], words: str) -> None:
    assert words in row(Interviewers=ANA, **cells)["draft"]


def test_the_reason_another_offer() -> None:
    r = rows({"Company": "Birch", "Outcome": "Accepted"}, {"Interviewers": ANA})[1]
    assert "I've accepted another position, so I'm withdrawing" in r["draft"]


def test_an_offer_is_declined_and_not_withdrawn_from() -> None:
    r = rows({"Company": "Birch", "Outcome": "Accepted"}, {"Interviewers": ANA, "Outcome": "Offer"})[1]
    assert "I won't be taking up" in r["draft"]
    assert r["draft_subject"] == "Your offer"


def test_a_withdrawal_before_the_interview() -> None:
    r = row(Interviewers=ANA, Outcome="Withdrawn", Interview="2026-11-24 10:00")
    assert "my interview slot on 24 November is free for someone else." in r["draft"]
    assert "for the time" not in r["draft"]


def test_a_withdrawal_after_the_interview_thanks_for_the_time() -> None:
    assert "the time that you" in row(Interviewers=ANA, Outcome="Withdrawn")["draft"]


def test_a_withdrawal_without_an_interview_thanks_nobody_for_their_time() -> None:
    r = row(
        Contact=PRIYA, Outcome="Withdrawn", Interview="", **{"Reply received": "2026-11-18", "Applied": "2026-11-01"}
    )
    assert r["note"] == "withdrawal"
    assert "for the time" not in r["draft"]
    assert "release" not in r["draft"]


def test_the_days_in_a_note() -> None:
    followed = {"Interview": "2026-10-26", "Thank-you sent": "x", "Follow-up sent": "2026-11-10"}
    assert "I wrote to you on 10 November about" in row(Interviewers=ANA, **followed)["draft"]
    assert "after the one" not in row(Interviewers=ANA, **{**followed, "Follow-up sent": "x"})["draft"]
    replied = {"Interview": "2026-10-26", "Thank-you sent": "x", "Reply received": "2026-11-02"}
    assert "getting back to me on 2 November" in row(Interviewers=ANA, **replied)["draft"]
    early = {**THANKED, "Reply received": "2026-10-01"}
    assert "getting back" not in row(Interviewers=ANA, **early)["draft"]
    assert "on Thursday to talk with me" in row(Interviewers=ANA)["draft"]


def test_a_day_of_decision_is_spoken_of_while_it_counts() -> None:
    def draft(**cells: str) -> str:
        text: str = row(Interviewers=ANA, **cells)["draft"]
        return text

    said = "I know that you hope to decide by 20 November"
    assert said in draft(**{"Interview": "2026-11-18", "Decision by": "2026-11-20"})
    assert "hoped to decide" not in draft(**{"Interview": "2026-11-19", "Decision by": "2026-11-18"})
    followed = {"Interview": "2026-10-30", "Thank-you sent": "x", "Decision by": "2026-11-16"}
    assert "hoped to decide on the position at Acme by 16 November" in draft(**followed)
    answered = {"Interview": "2026-11-02", "Thank-you sent": "x", "Decision by": "2026-11-16"}
    assert "16 November" in draft(**answered, **{"Reply received": "2026-11-15"})
    late = {**answered, "Interview": "2026-10-15", "Decision by": "2026-11-02"}
    assert "getting back to me on 3 November" in draft(**late, **{"Reply received": "2026-11-03"})
    assert "2 November" not in draft(**late, **{"Reply received": "2026-11-03"})
    same_day = {**late, "Decision by": "2026-11-03", "Reply received": "2026-11-03"}
    assert draft(**same_day)
    assert "hoped to decide" not in draft(**same_day)


def test_the_day_by_which_the_writer_answers_an_offer_is_nobody_elses() -> None:
    r = row(Interviewers=ANA, Outcome="Offer", **{"Decision by": "2026-11-27"})
    assert r["note"] == "thank_you"
    assert "27 November" not in r["draft"]


def test_whoever_was_never_thanked_is_thanked_in_the_follow_up() -> None:
    never = {"Interview": "2026-11-02", "How it went": "Fine"}
    assert row(Interviewers=ANA, **never)["draft"].startswith("Hi Ana,\n\nThank you for the interview on 2 November ")
    assert "Thank you" not in row(Interviewers=ANA, **never, **{"Thank-you sent": "x"})["draft"]


def test_an_application_is_asked_after() -> None:
    r = row(
        Contact=PRIYA, Interview="", Role="Chef", **{"Applied": "2026-11-02", "What sets them apart": "their garden"}
    )
    assert r["note"] == "check_in"
    assert "I applied for the Chef role at Acme on 2 November" in r["draft"]
    assert "what sets Acme apart for me is your garden." in r["draft"]


# --- a panel ----------------------------------------------------------------------------------------------------

PANEL = f"{ANA}; {BO}; {PRIYA}"


def sections(**cells: Any) -> list[str]:
    """The letters of a row, greetings first."""
    parts: list[str] = row(**cells)["draft"].split("\n-----\n")
    return [part.split("\n\n", 1)[1] for part in parts] if len(parts) > 1 else parts


@pytest.mark.parametrize(
    "highlight",
    [
        "Ana: the penguins\nBo Chen: the seals\nthe boat",
        "ana:the penguins ; Bo: the seals\nthe boat",
        "the boat\nChen: the seals\n- Ana Ruiz: the penguins",
        "bo@acme.example: the seals\nRuiz: the penguins\n\nthe boat\n",
    ],
)
def test_a_line_that_begins_with_a_name_is_for_that_person_alone(highlight: str) -> None:
    to_ana, to_bo, to_priya = sections(Interviewers=PANEL, Highlight=highlight)
    assert ["penguins" in letter for letter in (to_ana, to_bo, to_priya)] == [True, False, False]
    assert ["seals" in letter for letter in (to_ana, to_bo, to_priya)] == [False, True, False]
    assert all("the boat" in letter for letter in (to_ana, to_bo, to_priya))
    assert to_ana.index("penguins") < to_ana.index("boat")


def test_a_colon_behind_another_word_is_no_name() -> None:
    for letter in sections(Interviewers=PANEL, Highlight="Best part: the penguins"):
        assert "the penguins" in letter


def test_a_line_for_an_interviewer_is_not_for_the_contact() -> None:
    r = row(Interviewers=f"{ANA}; {BO}", Contact=PRIYA, Highlight="Ana: the penguins\nthe boat", **THANKED)
    assert "penguins" not in r["draft"]
    assert "the boat" in r["draft"]


def test_the_question_is_for_one_person_only() -> None:
    ask = "how do you decide when it is done?"
    assert [ask in letter for letter in sections(Interviewers=PANEL, Question=ask)] == [True, False, False]
    named = sections(Interviewers=PANEL, Question=f"Bo: {ask}")
    assert [ask in letter for letter in named] == [False, True, False]
    assert ask in row(Interviewers=ANA, Question=ask)["draft"]


def test_somebody_of_a_panel_without_a_detail_is_named() -> None:
    why = row(Interviewers=PANEL, Highlight="Ana: the penguins")["why"]
    assert "into Highlight for Bo and Priya, in a line that begins with the name, and the draft takes it up" in why
    assert ASK in row(Interviewers=PANEL)["why"]


def test_a_she_that_could_be_anybody_is_asked_about_and_left_out() -> None:
    r = row(Interviewers=PANEL, Highlight="she climbed Kilimanjaro")
    assert "Kilimanjaro" not in r["draft"]
    assert "a line says she or he, and nobody can tell who is meant: begin it with the name (Ana: …)" in r["why"]
    own = sections(Interviewers=PANEL, Highlight="Bo: he climbed Kilimanjaro")
    assert ["you climbed Kilimanjaro" in letter for letter in own] == [False, True, False]
    assert "you climbed Kilimanjaro" in row(Interviewers=ANA, Highlight="she climbed Kilimanjaro")["draft"]


def test_a_panel_gets_letters_that_differ() -> None:
    four = f"{PANEL}; Di Ems <di@acme.example>"
    for cells in ({"Highlight": "their 4 day week"}, {}, {"How it went": "Horrible"}):
        r = row(Interviewers=four, **cells)
        assert "alike" not in r["why"]
        letters = sections(Interviewers=four, **cells)
        assert len({letter.split("\n\n", 1)[1] for letter in letters}) == 4


def test_letters_that_are_much_alike_are_pointed_out() -> None:
    five = f"{PANEL}; Di Ems <di@acme.example>; Ed Fox <ed@acme.example>"
    why = row(Interviewers=five, Highlight="their 4 day week")["why"]
    assert "the letters to Ana and Ed are much alike: give each a line of their own in Highlight, like Ana: " in why


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("a b c", "a b d", 2 / 3), ("a a b", "a b", 1.0), ("A, b!", "a. B?", 1.0), ("", "a", 0.0), ("a b", "c", 0.0),
        ("四天工作制", "四天", 1.0), ("it's", "its", 0.0),
    ],
)  # fmt: skip
def test_shared_words(one: str, other: str, share: float) -> None:
    assert shared_words(one, other) == pytest.approx(share)
    assert 0 < ALIKE < 1


# --- languages --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "begins"),
    [
        ("German", "Guten Tag Ana Ruiz,"),
        ("fr", "Bonjour,"),
        ("Spanish", "Buenos días, Ana:"),
        ("Chinese", "Ana Ruiz，您好："),
        ("", "Hi Ana,"),
    ],
)
def test_the_language_of_a_row(language: str, begins: str) -> None:
    assert row(Interviewers=ANA, Language=language)["draft"].startswith(begins)


def test_the_language_is_a_setting_too() -> None:
    assert row({"language": "de"}, Interviewers=ANA)["draft"].startswith("Guten Tag Ana Ruiz,\n\nvielen Dank")
    assert row({"language": "de"}, Interviewers=ANA, Language="English")["draft"].startswith("Hi Ana,")


def test_a_detail_in_another_language_is_said_to_them() -> None:
    german = row(Interviewers=ANA, Language="German", Highlight="ihre Vier-Tage-Woche")["draft"]
    assert "Besonders spannend fand ich Ihre Vier-Tage-Woche." in german
    assert (
        "particulièrement retenu votre atelier."
        in row(Interviewers=ANA, Language="French", Highlight="leur atelier")["draft"]
    )
    assert "最深的是贵公司的地图。" in row(Interviewers=ANA, Language="Chinese", Highlight="他们的地图")["draft"]


@pytest.mark.parametrize(
    ("language", "question", "asked"),
    [
        ("German", "Wer entscheidet?", ": Wer entscheidet? Ihre"), ("French", "Qui décide", ". Qui décide ? Votre"),
        ("Spanish", "Quién decide", ". ¿Quién decide?\n"), ("Spanish", "¿Quién decide?", ". ¿Quién decide?\n"),
        ("Chinese", "谁来决定？", "：谁来决定？盼"),
    ],
)  # fmt: skip
def test_a_question_has_its_languages_marks(language: str, question: str, asked: str) -> None:
    assert asked in row(Interviewers=ANA, Language=language, Question=question)["draft"]


def test_a_note_missing_in_a_language_falls_back_visibly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates(), "language", lambda _note, _wanted: "en")
    r = row(Interviewers=ANA, Language="German")
    assert r["draft"].startswith("Hi Ana,")
    assert "among the templates is no thank-you in German: this one is in English" in r["why"]


# --- brackets ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("Engineer [m/w/d]", "the Engineer role"), ("Clerk (f/m/d)", "the Clerk role"), ("Cook (H/F)", "the Cook role"),
        ("Cook (all genders)", "the Cook role"), ("Engineer [remote] II", "the Engineer II role"),
        ("Engineer (Platform)", "the Engineer (Platform) role"), ("[m/w/d]", "the position"),
    ],
)  # fmt: skip
def test_brackets_for_the_forms_sake_are_left_out_and_block_nothing(role: str, said: str) -> None:
    r = row(Interviewers=ANA, Role=role)
    assert said in r["draft"]
    assert r["send"]
    assert "as long as" not in r["why"]


def test_brackets_of_ones_own_in_a_highlight_block_nothing() -> None:
    r = row(Interviewers=ANA, Highlight="the [secret] garden")
    assert "[secret]" in r["draft"]
    assert r["send"]


# --- what goes in and how ---------------------------------------------------------------------------------------


def test_the_name_under_the_note() -> None:
    assert row({"name": " Sam\u200b  Lee\n"}, Interviewers=ANA)["draft"].endswith("\n\nBest wishes,\nSam Lee")
    assert row(Interviewers=ANA)["draft"].endswith("\n\nBest wishes,")
    signed = row({"name": "Sam", "signature": "Sam Lee\n+44 20 7946 0000"}, Interviewers=ANA)
    assert signed["draft"].endswith("\n\nBest wishes,\nSam Lee\n+44 20 7946 0000")
    assert signed["draft_subject"].endswith("(Sam)")


def test_cell_text_comes_in_on_one_line_without_invisible_characters() -> None:
    r = row(Interviewers=ANA, Highlight="the\u202e\u200b\x00 boat\n-----\nthe pier", Role="Chief\r\nCook")
    assert "the boat." in r["draft"]
    assert "the pier." in r["draft"]
    assert r["draft_subject"] == "Thank you: Chief Cook interview, 19 November"
    assert r["draft"].count("\n-----\n") == 0


def test_a_note_that_no_cell_holds_is_not_written() -> None:
    for cells in (
        {"Role": "x" * 20_001},
        {"Role": "𐌀" * 16_000},
        {"Interviewers": "; ".join(f"Person {n} <p{n}@acme.example>" for n in range(140))},
    ):
        r = row(**{"Interviewers": ANA, **cells})
        assert (r["draft"], r["draft_to"], r["draft_subject"], r["send"], r["stamp"]) == ("", "", "", (), "") or ""
        assert "; the note would be too long for a cell; shorten what you wrote into the row." in r["why"]
    assert row(Interviewers=ANA, Role="x" * 15_000)["draft"]


def test_the_longest_notes_that_fit() -> None:
    def made(role: int, *people: str) -> str:
        draft: str = row(Interviewers="; ".join(people), Role="y" * role, Highlight="penguins")["draft"]
        return draft

    room = 20_000 - len(made(1, ANA)) + 1
    assert len(made(room, ANA)) == 20_000
    assert made(room + 1, ANA) == ""
    two = next(p for p in ([ANA, BO], [ANA, BO.replace("bo@", "bob@")]) if len(made(1, *p)) % 2 == 0)
    room = (CELL_LIMIT - len(made(1, *two))) // 2 + 1
    assert len(made(room, *two)) == CELL_LIMIT
    assert made(room + 1, *two) == ""


def test_why_stays_readable() -> None:
    assert _sentence("x" * 5000) == "x" * 5000 + "."
    assert _sentence("x" * 5001) == "x" * 4999 + "…"
    r = row(Interviewers="; ".join(f"P{n}, Q{n}" for n in range(3000)))
    assert len(r["why"]) <= 5001


def test_two_rows_to_one_address_name_each_other() -> None:
    c, a, b, d = rows(
        {"Interviewers": BO},
        {"Interviewers": ANA},
        {"Company": "Birch", "Interviewers": "ANA@acme.example"},
        {"Interviewers": PRIYA},
    )
    assert "ana@acme.example is also to get the note of Birch: perhaps write once" in a["why"]
    assert "ana@acme.example is also to get the note of Acme: perhaps write once" in b["why"]
    assert "perhaps write once" not in c["why"] + d["why"]


def test_a_double_in_a_row_without_a_company() -> None:
    nothing_to_see = "\u200b"
    made = rows({"Interviewers": ANA}, {"Company": nothing_to_see, "Interviewers": ANA})
    assert "is also to get the note of a row without a company: perhaps" in made[0]["why"]
    assert "is also to get the note of Acme: perhaps" in made[1]["why"]


def test_a_blank_row_has_no_remarks() -> None:
    assert row(Company="", Interview="", Outcome="who knows")["why"] == ""


@pytest.mark.parametrize("end", [".", "?", "!", "…"])
def test_why_ends_as_a_sentence(end: str) -> None:
    assert _sentence("x") == "x."
    assert _sentence(f"x{end}") == f"x{end}"


def test_two_rows_of_one_company_to_one_address() -> None:
    for r in rows({"Interviewers": ANA}, {"Interviewers": ANA, "Role": "Cook"}):
        assert "is also to get the note of Acme:" in r["why"]


def test_many_rows_to_one_address() -> None:
    others = ({"Company": f"D{n}", "Interviewers": f"d{n}@acme.example"} for n in range(6))
    made = rows(*({"Company": f"C{n}", "Interviewers": ANA} for n in range(6)), *others)
    assert "the note of C1, C2, C3 and 2 more:" in made[0]["why"]
    assert "the note of C0, C1, C2 and 2 more:" in made[5]["why"]


def test_a_row_without_a_link_does_not_count_as_a_double() -> None:
    a, _ = rows({"Interviewers": ANA}, {"Interviewers": ANA, "Snooze until": "2026-12-01"})
    assert "perhaps write once" not in a["why"]


@pytest.mark.parametrize("people", ["Ana, Bo", "Ana Ruiz, Bo", "Ana Ruiz, Bo <ana@acme.example>"])
def test_names_that_may_be_several_people(people: str) -> None:
    assert "is more than one person, put a semicolon between them in Interviewers" in row(Interviewers=people)["why"]


def test_a_family_name_first_is_one_person() -> None:
    r = row(Interviewers="Ruiz, Ana <ana@acme.example>")
    assert "semicolon" not in r["why"]
    assert r["draft"].startswith("Hi Ana,")


@pytest.mark.parametrize(
    ("to", "body", "people"),
    [
        ("ana@acme.example", "Hi", [("ana@acme.example", "Hi")]),
        ("ana@acme.example", "\nHi\r\nyou \n", [("ana@acme.example", "Hi\nyou")]),
        ("ana@acme.example; bo@acme.example", "Hi", None),
        ("x", "To: ana@acme.example\n\nHi", [("ana@acme.example", "Hi")]),
        (
            "x",
            "To: ana@acme.example\n\nA\n----- \nTo: bo@acme.example\n \nB",
            [("ana@acme.example", "A"), ("bo@acme.example", "B")],
        ),
        (
            "x",
            "To: ana@acme.example\r\rA\r-----\rTo: bo@acme.example\r\rB\rC",
            [("ana@acme.example", "A"), ("bo@acme.example", "B\nC")],
        ),
        ("ana@acme.example", "\n To: bo@acme.example\n\nHi", [("bo@acme.example", "Hi")]),
        ("x", "To: ana@acme.example\n\nA\n------\nB", [("ana@acme.example", "A\n------\nB")]),
        ("x", "To: ana@acme.example\n\nA\n-----\n", None),
        ("x", "A\n-----\nB", None),
    ],
)
def test_reading_edited_letters(to: str, body: str, people: list[tuple[str, str]] | None) -> None:
    letters = read_letters(Cells(to, "s", body))
    assert (letters and [(person.email, text) for person, text in letters]) == people


def test_a_letter_without_a_recipient_reads_back() -> None:
    assert read_letters(Cells("", "s", "Hi")) == [(("", ""), "Hi")]


# --- what never changes -----------------------------------------------------------------------------------------


def test_a_draft_is_the_same_on_every_day_of_the_same_state() -> None:
    cells = {"Company": "Acme", "Interview": "2026-11-19", "Interviewers": f"{ANA}; {BO}", "Highlight": "the boat"}
    made = set()
    for hours in range(0, 10 * 24, 7):
        table = write(make_sheet([cells]), NOW + timedelta(hours=hours))
        if table.frame["note"].iat[0] == "thank_you":
            made.add((table.frame["draft"].iat[0], table.frame["draft_subject"].iat[0], table.frame["send"].iat[0]))
    assert len(made) == 1


def test_no_letter_holds_a_line_of_somebody_elses() -> None:
    everybody = ["Ana Ruiz", "Bo Chen", "Cy Day", "Di Ems", "Ed Fox"]
    secrets = {
        name: f"the {word} secret"
        for name, word in zip(everybody, ["red", "blue", "green", "grey", "pink"], strict=True)
    }
    people = "; ".join(f"{name} <{name[:2].lower()}@acme.example>" for name in everybody)
    highlight = "\n".join(f"{name}: {secret}" for name, secret in secrets.items())
    for language in ("", "German", "French", "Spanish", "Chinese"):
        for name, letter in zip(
            everybody, sections(Interviewers=people, Highlight=highlight, Language=language), strict=True
        ):
            assert [other for other, secret in secrets.items() if secret in letter] == [name]
