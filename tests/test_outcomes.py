"""What the words of an Outcome cell stand for, in whose language, however people put them."""

from __future__ import annotations

from collections import Counter

import pytest

from sheetflow.columns import plain
from sheetflow.table.outcomes import (
    _BY_WHOM,
    _NOT_APPLIED,
    _STAGES,
    _WAITING,
    _WORDS,
    OUTCOMES,
    Outcome,
    means_nothing,
    read_outcome,
)

WORDS = {
    "Next round": "Next round|next round|NEXT-ROUND|下一轮|nächste Runde",
    "Offer": "Offer|offer received|Angebot|offre|oferta",
    "Accepted": "Accepted|hired|offer accepted|zugesagt|accepté|aceptado|已接受",
    "Rejected": "Rejected|rejected!|not selected|turned down|no offer|Absage|rechazado|被拒",
    "Withdrawn": "Withdrawn|offer declined|I declined|zurückgezogen|retirée|放弃",
    "Ghosted": "Ghosted|👻 Ghosted|no response|keine Antwort|sans réponse|sin respuesta|无回复",
    "Closed": "Closed|archived|cancelled|canceled|filled|storniert|annulé|cerrado|已取消",
}


@pytest.mark.parametrize(("outcome", "words"), WORDS.items())
def test_outcome_words(outcome: str, words: str) -> None:
    assert {read_outcome(word) for word in words.split("|")} == {Outcome(outcome)}


def test_every_word_of_the_table_stands_for_its_outcome() -> None:
    assert set(_WORDS) == set(OUTCOMES)
    for outcome, words in _WORDS.items():
        for word in words.split(", "):
            assert read_outcome(word) == Outcome(outcome), word
    assert {read_outcome(word) for word in _STAGES.split(", ")} == {Outcome(kind="stage")}
    assert {read_outcome(word) for word in _WAITING.split(", ")} == {Outcome(kind="waiting")}
    assert {read_outcome(word) for word in _NOT_APPLIED.split(", ")} == {Outcome(kind="not_applied")}
    assert {read_outcome(word) for word in _BY_WHOM.split(", ")} == {Outcome("Closed", by_whom=True)}


def test_no_word_is_listed_twice() -> None:
    words = [
        word for line in (*_WORDS.values(), _STAGES, _WAITING, _NOT_APPLIED, _BY_WHOM) for word in line.split(", ")
    ]
    assert {word for word, count in Counter(map(plain, words)).items() if count > 1 or not word} == set()


@pytest.mark.parametrize("word", ["declined", "Declined.", "refus", "refusé", "已拒", "abgelehnt", "declinado"])
def test_two_sided_words_close_the_row_and_ask_by_whom(word: str) -> None:
    assert read_outcome(word) == Outcome("Closed", by_whom=True)


SPEC_STAGES = "applied|screening|phone|onsite|On-site|technical|interview|pending|waiting|in progress|In Progress"


@pytest.mark.parametrize("word", ["", "-", "–", "?", "TBD", "tba", "N/A", "none", "FALSE", *SPEC_STAGES.split("|")])
def test_stages_and_empty_words_are_empty_in_silence(word: str) -> None:
    assert read_outcome(word).outcome == ""
    assert read_outcome(word).kind != "unknown"


@pytest.mark.parametrize("word", ["banana", "❌", "👍", "!!!", "Rejected by Ana", "yes", "TRUE", "0", "accept", "—"])
def test_any_other_outcome_is_unknown(word: str) -> None:
    assert read_outcome(word) == Outcome(kind="unknown")


def test_what_means_nothing() -> None:
    assert all(means_nothing(word) for word in ("", "tbd", "TBA", "n/a", "None", "?", "-", "–", "Pending", "False"))
    assert not any(means_nothing(word) for word in ("x", "no", "0", "applied"))
