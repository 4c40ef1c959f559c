"""A Highlight as people type it, and the sentence that it becomes.

``tests/highlights/*.txt`` hold highlights as they are typed; the first was written down before there were patterns. The
golden file shows the sentence of each: read it, after a change, from top to bottom.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheetflow.letters.detail import FRAMES, PATTERNS, VARIANTS, apart, asked, classify, detail, is_unclear, later
from sheetflow.letters.english import Reader

HERE = Path(__file__).parent
TYPED = [
    line
    for path in sorted((HERE / "highlights").glob("typed*.txt"))
    for line in path.read_text("utf-8").splitlines()
    if line
]
ANA = Reader("Ana Ruiz", "you")
"""The one person met."""
BO = Reader("Bo Chen")
"""One of several."""
TOM = Reader("Tom Hale", "Ana")
"""Somebody who was not there; Ana was."""


def test_golden() -> None:
    text = "".join(f"{typed}\n    {detail(typed, ANA, 0)}\n" for typed in TYPED)
    path = HERE / "golden" / "highlights.txt"
    if os.environ.get("REGENERATE"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8")


EXAMPLES = [  # typed, kind, words: one pattern after the other
    ("Cool: they give sabbaticals", "that", "you give sabbaticals"),
    ("Best part: the demo", "liked", "the demo"),
    ('"nobody owns a bug alone"', "quote", '"nobody owns a bug alone"'),
    ("I can bring my dog", "whole", "it was good to hear that I can bring my dog"),
    ("I loved the garden", "whole", "I loved the garden"),
    ("it was great to see the shop floor", "whole", "it was great to see the shop floor"),
    ("enjoyed hearing about the Mars project", "about", "the Mars project"),
    ("really enjoyed hearing how they test", "how", "how you test"),
    ("Loved that they do blameless post-mortems", "whole", "I loved that you do blameless post-mortems"),
    ("really liked the product demo", "whole", "I really liked the product demo"),
    ("impressed by the way they measure impact", "whole", "I was impressed by the way you measure impact"),
    ("Got to sit in on a class", "whole", "I got to sit in on a class"),
    ("was shown the roof garden", "whole", "I was shown the roof garden"),
    ("bonded over hiking", "whole", "we bonded over hiking"),
    ("we both went to Ohio State", "whole", "it was good to find that we both went to Ohio State"),
    ("We laughed about printers", "whole", "we laughed about printers"),
    ("to see how much the nurses trust each other", "whole", "it was good to see how much the nurses trust each other"),
    ("great chat!", "whole", "it was a good chat"),
    ("talked about moving the monolith", "talk", "moving the monolith"),
    ("we talked for 20 mins about typography lol", "talk", "typography"),
    ("interesting chat re: data mesh", "talk", "data mesh"),
    ("discussed the new warehouse", "talk", "the new warehouse"),
    ("asked me about my thesis on bees", "liked", "being asked about my thesis on bees"),
    ("He showed me the prototype", "liked", "seeing the prototype"),
    ("When you told me about the night the servers went down", "about", "the night the servers went down"),
    ("explained the career ladder really well", "past", "you explained the career ladder really well"),
    ("he explained the triage process step by step", "liked", "how you explained the triage process step by step"),
    ("told me how they hire", "how", "how you hire"),
    ("learned about their migration to Kubernetes", "about", "your migration to Kubernetes"),
    ("Mentioned that they want to open a Berlin office", "that", "you want to open a Berlin office"),
    ("found out they sponsor the football club", "that", "you sponsor the football club"),
    ("spoke with two customers", "whole", "I spoke with two customers"),
    ("tiny team but huge reach", "note", "tiny team but huge reach"),
    ("you mentioned your background in theatre", "about", "your background in theatre"),
    ("You said the roadmap is driven by customers", "that", "the roadmap is driven by customers"),
    ("that you promote from within", "that", "you promote from within"),
    ("the fact they pay for your truck license", "that", "you pay for your truck license"),
    ("what she said about failure", "liked", "what you said about failure"),
    ("how to price repairs", "topic", "how to price repairs"),
    ("why they left AWS", "how", "why you left AWS"),
    ("The way juniors present at all-hands.", "liked", "the way juniors present at all-hands"),
    ("Honest about the challenges with retention", "liked", "how honest you were about the challenges with retention"),
    ("everything about the apprenticeship scheme", "about", "the apprenticeship scheme"),
    ("bonding over hiking", "liked", "bonding over hiking"),
    ("working closely with the surgeons", "topic", "working closely with the surgeons"),
    ("asked thoughtful questions", "past", "you asked thoughtful questions"),
    ("care about accessibility", "that", "you care about accessibility"),
    ("no meetings on Fridays", "that", "you have no meetings on Fridays"),
    ("employee-owned since 1990", "that", "you are employee-owned since 1990"),
    ("small enough to know everyone", "that", "you are small enough to know everyone"),
    ("shared love of jazz", "liked", "our shared love of jazz"),
    # no pattern: a clause, a noun, a bare noun, or a note
    ("The CEO still codes", "that", "the CEO still codes"),
    ("new hires choose their own project", "that", "new hires choose their own project"),
    ("Their values align with mine", "that", "your values align with mine"),
    ("their product saved my grandmother's life", "past", "your product saved my grandmother's life"),
    ("My question about burnout was answered honestly", "whole", "my question about burnout was answered honestly"),
    ("their 4 day week", "about", "your four-day week"),
    ("the energy", "liked", "the energy"),
    ("Tour of the lab", "liked", "the tour of the lab"),
    ("culture of writing things down,", "about", "the culture of writing things down"),
    ("Amazing view from the 14th floor", "liked", "the amazing view from the 14th floor"),
    ("company choir", "about", "the company choir"),
    ("mentorship", "topic", "mentorship"),
    ("AI tools for radiologists", "topic", "AI tools for radiologists"),
    ("20% time", "topic", "20% time"),
    ("Series B, growing fast", "note", "Series B, growing fast"),
    ("nice office, dog friendly", "note", "nice office, dog friendly"),
    ("close to home", "note", "close to home"),
    ("你们用旧地图训练新员工的故事", "note", "你们用旧地图训练新员工的故事"),
]


@pytest.mark.parametrize(("typed", "kind", "words"), EXAMPLES, ids=[row[0] for row in EXAMPLES])
def test_what_kind_of_thing_was_typed(typed: str, kind: str, words: str) -> None:
    assert classify(typed, ANA) == (kind, words)


def test_every_pattern_has_its_example() -> None:
    """The one that decides, in the order of the table: without it the example would be something else."""
    undecided = list(range(len(PATTERNS)))
    for typed, _, _ in EXAMPLES:
        from sheetflow.letters.english import lower, tidied, turned

        words = lower(turned(tidied(typed), ANA) or "")
        first = next((n for n, (p, _, _) in enumerate(PATTERNS) if re.fullmatch(p, words, re.I | re.S)), None)
        if first in undecided:
            undecided.remove(first)
    assert [PATTERNS[n] for n in undecided] == []


@pytest.mark.parametrize(
    "typed", ["", " ", "N/A", "none", "None", "-", "–", "?", "TBD", "nan", "null", "😀", ":)", "!!!", "x"]
)
def test_what_is_no_detail(typed: str) -> None:
    assert detail(typed, ANA) == ""
    assert apart(typed, "Acme", ANA) == ""
    assert later(typed, "Acme", ANA) == ""


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Bo's story about the failed launch", "your story about the failed launch"),
        ("Bo Chen's story about the failed launch", "your story about the failed launch"),
        ("Bo also plays the cello", "you also play the cello"),
        ("Bo's", "Bo's"),
        ("Boston", "Boston"),
    ],
)
def test_what_is_typed_of_the_reader_is_said_to_them(typed: str, sentence: str) -> None:
    assert classify(typed, BO)[1].removeprefix("the ") == sentence
    assert "you" not in classify(typed, Reader("Di Ems"))[1]


@pytest.mark.parametrize(
    ("typed", "to_ana"),
    [
        ("She climbed Kilimanjaro", "you climbed Kilimanjaro"),
        ("she runs marathons and bakes bread", "you run marathons and bake bread"),
        ("he's building a boat", "you're building a boat"),
        ("she's been to Chad", "you've been to Chad"),
        ("he always tries new things", "you always try new things"),
        ("she teaches maths", "you teach maths"),
        ("he was a nurse", "you were a nurse"),
        ("she has two cats", "you have two cats"),
        ("she does not drink coffee", "you do not drink coffee"),
        ("she doesn't drink coffee", "you don't drink coffee"),
        ("she built it herself", "you built it yourself"),
        ("her work on the Arabic keyboard", "your work on the Arabic keyboard"),
        ("his advice to me", "your advice to me"),
        ("that I reminded her of a friend", "I reminded you of a friend"),
        ("Interviewer also plays the cello", "you also play the cello"),
    ],
)
def test_she_and_he_are_the_one_person_met(typed: str, to_ana: str) -> None:
    assert classify(typed, ANA)[1] == to_ana


@pytest.mark.parametrize("typed", ["She climbed Kilimanjaro", "her work on the keyboard", "what he said about failure"])
def test_of_several_people_nobody_can_tell_who_she_is(typed: str) -> None:
    assert detail(typed, BO) == ""
    assert is_unclear(typed, BO)
    assert not is_unclear(typed, ANA)


@pytest.mark.parametrize("typed", ["the kitchen", "their 4 day week", "", "the trainee told me she felt safe"])
def test_what_is_clear_to_everybody(typed: str) -> None:
    assert not is_unclear(typed, BO)


def test_to_somebody_who_was_not_there_she_has_a_name() -> None:
    assert (
        detail("her work on the Arabic keyboard", TOM)
        == "I especially enjoyed hearing about Ana's work on the Arabic keyboard."
    )
    assert detail("She climbed Kilimanjaro", TOM) == "It has stayed with me that Ana climbed Kilimanjaro."


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("They let the nurses choose their shifts", "you let the nurses choose their shifts"),
        ("people bring their kids", "people bring their kids"),
        ("how they look after their customers", "how you look after your customers"),
        ("They've got a book club", "you've got a book club"),
        ("they'd moved it themselves", "you'd moved it yourselves"),
    ],
)
def test_they_are_you_unless_other_people_came_before(typed: str, words: str) -> None:
    assert classify(typed, ANA)[1] == words


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("AI tools for radiologists", "AI tools"), ("Bo's boat", "Bo's boat"), ("iOS train", "iOS train"),
        ("GraphQL federation", "GraphQL federation"), ("The Hague office", "the Hague office"),
        ("Team lunch", "team lunch"), ("every thursday", "every Thursday"), ("i think so too", "I think so too"),
        ("NO DRESS CODE AT ALL", "no dress code at all"),
    ],
)  # fmt: skip
def test_only_known_words_lose_their_capital(typed: str, sentence: str) -> None:
    assert sentence in detail(typed, ANA)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("their mission", "What sets Acme apart for me is your mission."),
        ("they publish every salary", "What sets Acme apart for me is that you publish every salary."),
        ("work-life balance", "What sets Acme apart for me is your work-life balance."),
        ("only company doing this", "What sets Acme apart for me is that you are the only company doing this."),
        ("best product on the market", "What sets Acme apart for me is that you have the best product on the market."),
        ("actually talks to customers", "What sets Acme apart for me is that you actually talk to customers."),
        ("B-Corp", "What sets Acme apart for me: B-Corp."),
        ("no middle managers", "What sets Acme apart for me is that you have no middle managers."),
        ("how they treat part-timers", "What sets Acme apart for me is how you treat part-timers."),
        ("I could see myself there", "It was good to hear that I could see myself there."),
        ("close to home", "What sets Acme apart for me: close to home."),
    ],
)
def test_what_sets_them_apart(typed: str, sentence: str) -> None:
    assert apart(typed, "Acme", ANA) == sentence
    assert apart(typed, "", ANA) == sentence.replace("Acme", "you")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("their 4 day week", "What sets Acme apart for me is your four-day week."),
        ("how they handle on-call", "What sets Acme apart for me is how you handle on-call."),
        ("the story of the two founders", "I still think of the story of the two founders."),
        ("talked about typography", "I still think of the conversation about typography."),
        ("She climbed Kilimanjaro", "I still think of the fact that you climbed Kilimanjaro."),
        ("loved the energy", "I loved the energy."),
    ],
)
def test_a_highlight_weeks_later(typed: str, sentence: str) -> None:
    assert later(typed, "Acme", ANA) == sentence


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("How do you decide what not to build?", "How do you decide what not to build?"),
        ("How do you decide what not to build", "How do you decide what not to build?"),
        ("how do they measure success", "How do you measure success?"),
        ("how they measure success", "Could you tell me how you measure success?"),
        ("whether they sponsor visas", "Could you tell me whether you sponsor visas?"),
        ("salary bands", "What can you tell me about salary bands?"),
        ("ask about pensions", "What can you tell me about pensions?"),
        ("Ask her what a bad day looks like", "Could you tell me what a bad day looks like?"),
        ("to ask: team size?", "What can you tell me about team size?"),
        ("What's the plan for the London office", "What's the plan for the London office?"),
        ("Would love to know about parental leave", "What can you tell me about parental leave?"),
        ("is there on-call", "Is there on-call?"),
        ("Who decides when a design is finished?", "Who decides when a design is finished?"),
        ("", ""),
    ],
)
def test_a_question_can_be_put_to_somebody(typed: str, question: str) -> None:
    assert asked(typed) == question


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("reader", [ANA, BO, TOM], ids=["one", "several", "not-there"])
def test_every_detail_is_a_sentence(typed: str, reader: Reader) -> None:
    for made in (
        *(detail(typed, reader, n) for n in range(VARIANTS)),
        apart(typed, "Acme", reader),
        later(typed, "Acme", reader),
    ):
        assert not re.search(
            r"  |\{|\}|\.\.| ,|\byou (?:is|was|has|does)\b|\b(?:the|a|your) (?:the|a|your|is|are)\b", made
        ), made
        assert re.search(r"^$|^[A-Z0-9\"“].*[.?!”\"]$", made), made


@given(st.text(max_size=80), st.sampled_from([ANA, BO, TOM]), st.integers(0, 9))
def test_whatever_is_typed(typed: str, reader: Reader, variant: int) -> None:
    for made in (detail(typed, reader, variant), apart(typed, "Acme", reader), later(typed, "", reader), asked(typed)):
        assert len(made.splitlines()) <= 1
        assert made == made.strip()


def test_a_long_text_is_a_note_and_quick() -> None:
    assert classify("their " + "very " * 4000 + "long story", ANA)[0] == "note"


def test_every_kind_has_a_sentence_for_each_of_a_panel() -> None:
    assert all(len(set(frames)) == VARIANTS or kind == "whole" for kind, frames in FRAMES.items())


@pytest.mark.parametrize(
    "typed",
    ["your shop reads to children", "your bakery bakes at night", "your kitchen opens at five in the morning"],
)
def test_a_word_that_may_be_a_verb_is_never_taken_for_a_noun(typed: str) -> None:
    assert apart(typed, "Acme", ANA) == f"What sets Acme apart for me: {typed}."
    assert detail(typed, ANA) == f"One thing has stayed with me: {typed}."


@pytest.mark.parametrize("typed", ["nothing really stood out", "Nothing special", "not much", "can't remember"])
def test_nothing_in_many_words_is_nothing(typed: str) -> None:
    assert detail(typed, ANA) == apart(typed, "Acme", ANA) == later(typed, "Acme", ANA) == ""


def test_them_that_may_be_things_stays() -> None:
    assert "own them" in detail("they rebuild the finance models and I'd own them", ANA)
    assert "with you" in apart("what it is like to work with them", "Acme", ANA)
