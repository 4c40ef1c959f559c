"""What the words of an Outcome cell stand for, in whose language, however people put them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sheetflow.columns import plain
from sheetflow.table.outcomes import OUTCOMES, Outcome, means_nothing, read_feeling, read_outcome
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


@pytest.mark.parametrize("word", ["banana", "❌", "👍", "!!!", "yes", "No", "TRUE", "0", "accept"])
def test_any_other_outcome_is_unknown(word: str) -> None:
    assert read_outcome(word) == Outcome(kind="unknown")


def test_what_means_nothing() -> None:
    assert all(means_nothing(word) for word in ("", "tbd", "TBA", "n/a", "None", "?", "-", "–", "Pending", "False"))
    assert not any(means_nothing(word) for word in ("x", "no", "0", "applied"))


# --- as people write it -------------------------------------------------------------------------------------------


def corpus() -> Iterator[Any]:
    """The cells of ``outcomes.txt``, each with the heading that it stands under."""
    meaning = ""
    for line in (Path(__file__).parent / "outcomes.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            meaning = line.removeprefix("== ")
        elif line and not line.startswith("#"):
            yield pytest.param(line, meaning, id=line)


def said(outcome: Outcome) -> str:
    if outcome.by_whom:
        assert outcome.outcome == "Closed"
        return "Closed, by whom?"
    return outcome.outcome or outcome.kind.replace("_", " ") or "empty"


@pytest.mark.parametrize(("text", "meaning"), list(corpus()))
def test_an_outcome_as_people_write_it(text: str, meaning: str) -> None:
    assert said(read_outcome(text)) == meaning


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("rejected", "Rejected"), ("not rejected", "unknown"), ("not, I am sure, rejected", "Rejected"),
        ("no longer and surely rejected", "Rejected"), ("not yet formally rejected", "unknown"),
        ("not what I call rejected", "Rejected"),
        ("no news, rejected", "Ghosted"), ("He said: rejected", "Rejected"), ("He said hired", "unknown"),
        ("Rejected no", "unknown"), ("Rejected, no reason", "Rejected"), ("Offer, then rejected", "unknown"),
        ("Rejected, then an offer", "Rejected"), ("A rejection or an offer", "unknown"),
        ("Applied, offer received", "unknown"), ("Interview, next round on Monday", "stage"),
        ("Interview, no more", "unknown"), ("Had an interview with them", "stage"),
        ("Had an interview and they liked somebody of theirs more", "unknown"),
        ("Phone screen done, now waiting", "stage"), ("Not yet an interview", "unknown"),
        ("Still waiting, not applied", "unknown"), ("Accepted at another company", "Closed"),
        ("Got offer elsewhere", "Closed"), ("Still waiting, they promised an offer", "unknown"),
        ("3. Hired", "Accepted"), ("2nd round", "stage"), ("1/12", "unknown"),
    ],
)  # fmt: skip
def test_what_takes_an_outcome_back(text: str, meaning: str) -> None:
    assert said(read_outcome(text)) == meaning


def test_only_the_beginning_of_a_long_text_counts() -> None:
    assert said(read_outcome("Rejected. " + "They wrote at length. " * 500)) == "Rejected"
    assert said(read_outcome("x " * 145 + "rejected")) == "Rejected"
    assert said(read_outcome("x " * 150 + "rejected")) == "unknown"


def test_words_that_count_at_the_beginning_only_are_known_words() -> None:
    known = {plain(word) for key in keys("outcomes") for word in words("outcomes", key)}
    assert {word for word in words("phrases", "only_first") if plain(word) not in known} == set()


# --- How it went ----------------------------------------------------------------------------------------------------

FELT = {
    "Great": "great|GREAT!|Amazing|very good|really great|Toll|très bien|Excelente|很好|Super!!!",
    "Fine": "fine|ok|OK.|okay|meh|so-so|So so|good|Good!|pretty good|It went well|not bad|gut|bien|regular|一般|ça va",
    "Bad": "bad|poor|Poor.|very bad|not good|schlecht|mal|muy mal|不好",
    "Horrible": "Horrible|Horrible!|HORRIBLE|awful|terrible|a disaster|it was a disaster|Katastrophe|affreux|糟糕",
    "": "|banana|not horrible|great, then awful|Rejected|3/5|👍|horrible traffic, went well|-|so|best and worst",
}


@pytest.mark.parametrize(("feeling", "cells"), FELT.items())
def test_how_it_went_as_people_write_it(feeling: str, cells: str) -> None:
    assert {cell: read_feeling(cell) for cell in cells.split("|")} == dict.fromkeys(cells.split("|"), feeling)
