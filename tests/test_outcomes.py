"""What the words of an Outcome cell stand for, in whose language, however people put them."""

from __future__ import annotations

import pytest

from sheetflow.table.outcomes import OUTCOMES, Outcome, means_nothing, read_outcome
from sheetflow.words import keys, words

WORDS = {
    "Next round": "Next round|next round|NEXT-ROUND|下一轮|nächste Runde",
    "Offer": "Offer|offer received|Angebot|offre|oferta",
    "Accepted": "Accepted|hired|offer accepted|zugesagt|accepté|aceptado|已接受",
    "Rejected": "Rejected|rejected!|not selected|turned down|no offer|Absage|rechazado|被拒",
    "Withdrawn": "Withdrawn|I withdrew|withdrawn by me|zurückgezogen|retirée|放弃",
    "Ghosted": "Ghosted|👻 Ghosted|no response|keine Antwort|sans réponse|sin respuesta|无回复",
    "Closed": "Closed|offer declined|I declined|archived|cancelled|canceled|filled|storniert|annulé|cerrado|已取消",
}


@pytest.mark.parametrize(("outcome", "words"), WORDS.items())
def test_outcome_words(outcome: str, words: str) -> None:
    assert {read_outcome(word) for word in words.split("|")} == {Outcome(outcome)}


def test_every_word_of_the_table_stands_for_its_outcome() -> None:
    meanings = {outcome.lower().replace(" ", "_"): Outcome(outcome) for outcome in OUTCOMES}
    meanings |= {kind: Outcome(kind=kind) for kind in ("not_applied", "waiting", "stage")}
    meanings["by_whom"] = Outcome("Closed", by_whom=True)
    assert set(keys("outcomes")) == set(meanings)
    for key, meaning in meanings.items():
        for word in words("outcomes", key):
            assert read_outcome(word) == meaning, word


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
