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

from sheetflow.letters.detail import (
    FRAMES,
    PATTERNS,
    VARIANTS,
    apart,
    asked,
    classify,
    detail,
    fitting,
    is_unclear,
    later,
    opening,
)
from sheetflow.letters.doubt import SIGNS, doubt
from sheetflow.letters.english import Reader, lower, tidied, turned

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


EXAMPLES = [  # typed, kind, words: one pattern after the other, then what no pattern knows
    ("Cool: they give sabbaticals", "that", "you give sabbaticals"),
    ("Best part: the demo", "seen", "the demo"),
    ('"nobody owns a bug alone"', "quote", '"nobody owns a bug alone"'),
    ("I can bring my dog", "whole", "I like the idea that I can bring my dog"),
    ("I loved the garden", "whole", "I loved the garden"),
    ("it was great to see the shop floor", "whole", "it was great to see the shop floor"),
    ("enjoyed hearing about the Mars project", "whole", "I enjoyed hearing about the Mars project"),
    ("really enjoyed hearing how they test", "whole", "I really enjoyed hearing how you test"),
    ("Loved that they do blameless post-mortems", "whole", "I loved that you do blameless post-mortems"),
    ("really liked the product demo", "whole", "I really liked the product demo"),
    ("impressed by the way they measure impact", "whole", "I was impressed by the way you measure impact"),
    ("Got to sit in on a class", "seen", "getting to sit in on a class"),
    ("was shown the roof garden", "whole", "I was glad to be shown the roof garden"),
    ("bonded over hiking", "whole", "we bonded over hiking"),
    ("we both went to Ohio State", "whole", "it was good to find that we both went to Ohio State"),
    ("We laughed about printers", "saw", "we laughed about printers"),
    ("to see how much the nurses trust each other", "whole", "it was good to see how much the nurses trust each other"),
    ("great chat!", "", ""),
    ("talked about moving the monolith", "talk", "moving the monolith"),
    ("we talked for 20 mins about typography lol", "talk", "typography"),
    ("interesting chat re: data mesh", "talk", "data mesh"),
    ("discussed the new warehouse", "talk", "the new warehouse"),
    ("asked me about my thesis on bees", "did", "you asked me about my thesis on bees"),
    ("He showed me the prototype", "did", "you showed me the prototype"),
    ("When you told me about the night the servers went down", "about", "the night the servers went down"),
    ("explained the career ladder really well", "seen", "how you explained the career ladder really well"),
    ("he explained the triage process step by step", "seen", "how you explained the triage process step by step"),
    ("told me how they hire", "how", "how you hire"),
    ("learned about their migration to Kubernetes", "about", "your migration to Kubernetes"),
    ("Mentioned that they want to open a Berlin office", "that", "you want to open a Berlin office"),
    ("found out they sponsor the football club", "that", "you sponsor the football club"),
    ("spoke with two customers", "whole", "I enjoyed speaking with two customers"),
    ("tiny team but huge reach", "that", "you are a tiny team with huge reach"),
    ("you mentioned your background in theatre", "about", "your background in theatre"),
    ("You said the roadmap is driven by customers", "that", "the roadmap is driven by customers"),
    ("that you promote from within", "that", "you promote from within"),
    ("the fact they pay for your truck license", "that", "you pay for the truck license"),
    ("what she said about failure", "seen", "what you said about failure"),
    ("how to price repairs", "talk", "how to price repairs"),
    ("why they left AWS", "how", "why you left AWS"),
    ("The way juniors present at all-hands.", "seen", "the way juniors present at all-hands"),
    ("Honest about the challenges with retention", "struck", "how honest you were about the challenges with retention"),
    ("everything about the apprenticeship scheme", "about", "the apprenticeship scheme"),
    ("bonding over hiking", "seen", "bonding over hiking"),
    ("working closely with the surgeons", "talk", "working closely with the surgeons"),
    ("asked thoughtful questions", "did", "you asked thoughtful questions"),
    ("care about accessibility", "that", "you care about accessibility"),
    ("no micro managing", "that", "there is no micromanaging"),
    ("they said my cv was the best theyd seen", "did", "you said my CV was the best you'd seen"),
    ("interest in my thesis topic", "seen", "your interest in my thesis topic"),
    ("was told that the manual is 400 pages", "that", "the manual is 400 pages"),
    ("cycle to work scheme", "about", "the cycle to work scheme"),
    ("no meetings on Fridays", "that", "you have no meetings on Fridays"),
    ("employee-owned since 1990", "that", "you have been employee-owned since 1990"),
    ("small enough to know everyone", "that", "you are small enough to know everyone"),
    ("shared love of jazz", "seen", "our shared love of jazz"),
    ("The CEO still codes", "that", "the CEO still codes"),
    ("new hires choose their own project", "that", "new hires choose their own project"),
    ("Their values align with mine", "that", "your values align with mine"),
    ("their product saved my grandmother's life", "whole", "your product saved my grandmother's life"),
    (
        "My question about burnout was answered honestly",
        "whole",
        "I was glad that my question about burnout was answered honestly",
    ),
    ("their 4 day week", "about", "your four-day week"),
    ("the energy", "seen", "the energy"),
    ("Tour of the lab", "seen", "the tour of the lab"),
    ("culture of writing things down,", "about", "the culture of writing things down"),
    ("Amazing view from the 14th floor", "seen", "the amazing view from the 14th floor"),
    ("company choir", "about", "the company choir"),
    ("mentorship", "about", "mentorship"),
    ("AI tools for radiologists", "about", "AI tools for radiologists"),
    ("20% time", "about", "20% time"),
    ("Series B, growing fast", "that", "you are growing fast"),
    ("nice office, dog friendly", "that", "you are dog-friendly"),
    ("close to home", "", ""),
    ("你们用旧地图训练新员工的故事", "", ""),
    ('his advice: "ship small, ship often"', "seen", 'your advice, "ship small, ship often"'),
    (
        "the trainee told me she felt safe to ask anything",
        "whole",
        "it was good to hear from the trainee that she felt safe to ask anything",
    ),
    (
        "Maria mentioned you'll be launching in Brazil",
        "whole",
        "it was good to hear from Maria that you'll be launching in Brazil",
    ),
    ("I'd get to lead the migration", "whole", "I like the idea that I'd get to lead the migration"),
    ("learned a lot about soil microbes", "whole", "I learned a lot about soil microbes"),
    ("got shown the control tower", "seen", "getting shown the control tower"),
    ("customers first", "that", "you put customers first"),
    ("talked w/ Mike about forklifts haha", "whole", "I enjoyed talking with Mike about forklifts"),
    ("talked football for half the interview", "talk", "football"),
    ("the nurse showed me around the ward", "did", "the nurse showed me around the ward"),
    ("she showed me around the ward", "did", "you showed me around the ward"),
    ("how honest they were about the budget", "struck", "how honest you were about the budget"),
    ("they want someone to start the robotics club", "need", "you want someone to start the robotics club"),
    ("you all seemed to like each other", "saw", "you all seemed to like each other"),
    ("open source contributions encouraged", "that", "open source contributions are encouraged"),
    ("wants to digitize the seed bank", "that", "you want to digitize the seed bank"),
    ("very friendly staff", "seen", "the friendly staff"),
    ("their lab is so modern!", "that", "your lab is so modern"),
    ("Charge nurse was kind", "saw", "the charge nurse was kind"),
    ("the walk-in fridge so organised", "", ""),
    ("grew from 5 to 60 people in 2 years", "past", "you grew from 5 to 60 people in two years"),
    ("expanding to Canada", "that", "you are expanding to Canada"),
    ("no accidents in 400 days", "that", "you have had no accidents in 400 days"),
    ("owned by employees", "that", "you are owned by employees"),
    ("love the idea of a clinic without paper", "whole", "I love the idea of a clinic without paper"),
    ("bilingual team", "that", "you are a bilingual team"),
    ("my Greek being useful", "talk", "my Greek being useful"),
    ("12hr shifts but u get 4 days off", "", ""),
    ("translate for court + hospitals", "talk", "translating for court and hospitals"),
    ("writing tests first, no exceptions", "talk", "writing tests first"),
    ("route planning software they built themselves", "about", "the route planning software you built yourselves"),
    ("guests come back every year", "that", "guests come back every year"),
    ("investigative desk got a prize", "saw", "the investigative desk got a prize"),
    ("dress rehearsal open to neighbours", "about", "the dress rehearsal open to neighbours"),
    ("sarah told me abt the reading nook", "whole", "I enjoyed hearing from Sarah about the reading nook"),
    ("talked through a real case", "saw", "we talked through a real case"),
    (
        "looking for someone to build up the Vienna office",
        "need",
        "you are looking for someone to build up the Vienna office",
    ),
    ("only 6 kids per group", "that", "there are only six kids per group"),
    ('"no heroes" culture', "about", 'the "no heroes" culture'),
    ("lots of autonomy", "that", "there is lots of autonomy"),
    ("strict about code review", "that", "you are strict about code review"),
    ("first company in town with solar", "that", "you are the first company in town with solar"),
    ("helps refugees find work", "that", "you help refugees find work"),
    ("no one eats lunch alone", "that", "no one eats lunch alone"),
    ("Kofi learned welding from scratch", "past", "Kofi learned welding from scratch"),
    ("union rep sat in on the interview", "saw", "the union rep sat in on the interview"),
    ("hybrid - 2 days office", "", ""),
    ("remote first from day one", "that", "you have been remote-first from day one"),
    ("employee discount", "", ""),
    ("no answer to that yet", "", ""),
    ("they admitted that the launch failed", "", ""),
]


@pytest.mark.parametrize(("typed", "kind", "words"), EXAMPLES, ids=[row[0] for row in EXAMPLES])
def test_what_kind_of_thing_was_typed(typed: str, kind: str, words: str) -> None:
    assert classify(typed, ANA) == (kind, words)


def test_every_pattern_has_its_example() -> None:
    """The one that decides, in the order of the table: without it the example would be something else."""
    words = [lower(turned(tidied(typed), ANA) or "") for typed, _, _ in EXAMPLES]
    decided = {fitting(one)[0] for one in words}
    assert [PATTERNS[at] for at in range(len(PATTERNS)) if at not in decided] == []


@pytest.mark.parametrize(("sign", "example"), [(sign, example) for sign, example, _ in SIGNS])
def test_every_sign_has_its_example(sign: str, example: str) -> None:
    assert doubt(example) == sign


@pytest.mark.parametrize(
    "typed",
    [
        "ask about visa sponsorship!!", "ok i guess. long commute", "salary 42-45k, start jan, 25 days hol",
        "I liked very much the explain of the machine line", "remote 3 days, office tue/thu", "boss seems strict",
        "200+ services", "nice people, good coffee, parking ok", "check if they sponsor", "follow up w/ HR",
        "bit chaotic but friendly", "would be the first data person, build everything myself", "talk with manager",
        "good culture fit i think",
        "they test on real soil not in sim", "uniform provided, canteen cheap", "get to choose laptop",
        "working 4 on 3 off", "the trust they have in interpreters",
        "starts march", "new ICU opens june",
    ],
)  # fmt: skip
def test_what_does_not_read_well_is_left_out(typed: str) -> None:
    assert detail(typed, ANA) == ""


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("how the nurses do there own scheduling", "how the nurses do their own scheduling"),
        ("she went to same uni as me", "you went to the same university as me"),
        ("school has own bees", "the school has its own bees"),
        ("data team reports to ceo", "the data team reports to the CEO"),
        ("they wanna hire 2 more translators", "you want to hire two more translators"),
        ("team does a pub quiz thursdays", "the team does a pub quiz on Thursdays"),
        ("he's been a medic for 20 yrs and still loves it", "you've been a medic for 20 years and still love it"),
        ("meeting is in english even tho most are german", "the meeting is in English even though most are German"),
        ("possibility to publish", "the possibility to publish"),
        ("he commutes by kayak", "you commute by kayak"),
        ("asked if i'd mind travelling - not at all", "you asked if I'd mind travelling"),
        ("Rebuilding trust after the strike", "rebuilding trust after the strike"),
        ("how open they are to career changers", "how open you are to career changers"),
        ("was nice to see the students work", "it was nice to see the students work"),
        ("they know all the patients names", "you know all the patients' names"),
        ("the garden project maybe", "the garden project"),
        ("4 day week from march", "the four-day week from March"),
        ("they march for charity", "you march for charity"),
        ("they're opening in Glasgow in sept", "you're opening in Glasgow in September"),
        ("he hates powerpoint", "you hate PowerPoint"),
        ("everyone has been there 10+ yrs", "everyone has been with you for 10+ years"),
        ("roadmap is decided by the team not top down", "the roadmap is decided by the team, not top-down"),
        ("they hire for curiosity not for grades", "you hire for curiosity, not for grades"),
        ("why it is not for everyone", "why it is not for everyone"),
        ("spanish speaking clients", "Spanish-speaking clients"),
        ("my portfolio, esp. the museum posters", "my portfolio, especially the museum posters"),
        ("discussed my gap year and he didnt mind", "my gap year"),
        ("Talked about forklift cert, he said they pay for it", "the forklift certificate"),
    ],
)
def test_what_is_certain_is_put_right(typed: str, words: str) -> None:
    assert classify(typed, ANA)[1] == words


def test_openings_differ_from_text_to_text_and_not_from_day_to_day() -> None:
    assert len({detail(f"their {word} team", ANA, 0, start=opening(word)) for word in "abcdefgh"}) > 1
    assert opening("their 4 day week") == 2832535745
    assert len({detail("the garden", ANA, number, start=7) for number in range(VARIANTS)}) == VARIANTS
    assert len({apart("their garden", "Acme", ANA, start) for start in range(3)}) == 3


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
    assert detail("She climbed Kilimanjaro", TOM) == "I loved hearing that Ana climbed Kilimanjaro."


def test_to_somebody_who_was_not_there_nobody_talked_with_them() -> None:
    there = TOM._replace(there=False)
    assert detail("talked about typography", there) == "I enjoyed the conversation about typography."
    assert detail("asked thoughtful questions", there) == "I appreciated that your team asked thoughtful questions."
    assert detail("they want someone to bake", there) == "I was glad to hear that you want someone to bake."


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
        ("AI tools for radiologists", "AI tools"), ("Bo's boat", "Bo's boat"), ("iOS training", "iOS training"),
        ("GraphQL federation", "GraphQL federation"), ("The Hague office", "the Hague office"),
        ("Team lunch", "team lunch"), ("team lunch every thursday", "every Thursday"),
        ("i think the team is great", "I think the team is great"),
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
        ("only company doing this", "What sets Acme apart for me is that you're the only company doing this."),
        ("best product on the market", "What sets Acme apart for me is that you have the best product on the market."),
        ("actually talks to customers", "What sets Acme apart for me is that you actually talk to customers."),
        ("B-Corp", "What sets Acme apart for me is that you're a B-Corp."),
        ("no middle managers", "What sets Acme apart for me is that you have no middle managers."),
        ("how they treat part-timers", "What sets Acme apart for me is how you treat part-timers."),
        ("I could see myself there", "I could see myself there."),
        ("work on real problems", "What sets Acme apart for me is that you work on real problems."),
        ("invests in juniors", "What sets Acme apart for me is that you invest in juniors."),
        ("small team, big impact", "What sets Acme apart for me is that you're a small team."),
        ("long history in the region", "What sets Acme apart for me is your long history in the region."),
        ("mission driven", "What sets Acme apart for me is that you're mission-driven."),
        ("close to home", ""),
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
        ("the story of the two founders", "I particularly liked the story of the two founders."),
        ("talked about typography", "Our conversation about typography has stayed with me."),
        ("She climbed Kilimanjaro", "I enjoyed hearing that you climbed Kilimanjaro."),
        ("loved the energy", "I loved the energy."),
    ],
)
def test_a_highlight_weeks_later(typed: str, sentence: str) -> None:
    assert later(typed, "Acme", ANA) == sentence


@pytest.mark.parametrize(
    ("typed", "question"),
    [
        ("How do you decide what not to build?", "how do you decide what not to build?"),
        ("How do you decide what not to build", "how do you decide what not to build?"),
        ("how do they measure success", "how do you measure success?"),
        ("how they measure success", "Could you tell me how you measure success?"),
        ("whether they sponsor visas", "Could you tell me whether you sponsor visas?"),
        ("salary bands", "Could you tell me a little more about the salary bands?"),
        ("ask about pensions", "Could you tell me a little more about pensions?"),
        ("Ask her what a bad day looks like", "Could you tell me what a bad day looks like?"),
        ("to ask: team size?", "Could you tell me a little more about the team size?"),
        ("What's the plan for the London office", "what's the plan for the London office?"),
        ("Would love to know about parental leave", "Could you tell me a little more about parental leave?"),
        ("is there on-call", "is there on-call?"),
        ("Who decides when a design is finished?", "who decides when a design is finished?"),
        ("Who decides, and when", "who decides, and when?"),
        ("which tools do you use", "which tools do you use?"),
        ("what the team is working on", "Could you tell me what the team is working on?"),
        ("how often do nurses float", "how often do nurses float?"),
        ("how success is measured", "Could you tell me how success is measured?"),
        ("if the team uses TDD", "Could you tell me whether the team uses TDD?"),
        ("did not ask about parking", "Could you tell me a little more about parking?"),
        ("who owns the forecasts after the merger", "who owns the forecasts after the merger?"),
        ("whats the plan", "what's the plan?"),
        ("next steps and timeline", "Could you tell me a little more about the next steps and timeline?"),
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


def test_a_long_text_is_left_out_and_quick() -> None:
    assert classify("their " + "very " * 4000 + "long story", ANA) == ("", "")


def test_every_kind_has_a_sentence_for_each_of_a_panel() -> None:
    assert all(len(set(frames)) == VARIANTS or kind == "whole" for kind, frames in FRAMES.items())


@pytest.mark.parametrize(
    "typed",
    ["your shop reads to children", "your bakery bakes at night", "your kitchen opens at five in the morning"],
)
def test_a_word_that_may_be_a_verb_is_never_taken_for_a_noun(typed: str) -> None:
    assert apart(typed, "Acme", ANA) == f"What sets Acme apart for me is that {typed}."
    assert detail(typed, ANA).endswith(f" that {typed}.")


@pytest.mark.parametrize("typed", ["nothing really stood out", "Nothing special", "not much", "can't remember"])
def test_nothing_in_many_words_is_nothing(typed: str) -> None:
    assert detail(typed, ANA) == apart(typed, "Acme", ANA) == later(typed, "Acme", ANA) == ""


def test_them_that_may_be_things_stays() -> None:
    assert "own them" in detail("they rebuild the finance models and I'd own them", ANA)
    assert "with you" in apart("what it is like to work with them", "Acme", ANA)
