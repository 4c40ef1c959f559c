"""Some English grammar, as far as a detail needs it: turning words to the reader, telling a clause from a noun.

It need not know English. Where it is in doubt it says so, and the words go into a form that always reads.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from sheetflow.letters.vocabulary import (
    ABBREVIATED,
    ADJECTIVES,
    ADVERBS,
    AFTER_HER,
    DAYS,
    DEFINITE,
    IRREGULAR,
    KNOWN,
    LONG,
    NO_PLURALS,
    NUMBERS,
    OBJECTS,
    OPENERS,
    OTHERS,
    PAST,
    PEOPLE,
    PLURAL_VERBS,
    PRESENT,
    PRONOUN,
    RELATIVE,
    SAD,
    SHORT,
    SINGULAR,
    SMILEY,
    VERBS,
    YOU,
)


class Reader(NamedTuple):
    """Who reads the letter, and whom a she or he in the detail means."""

    name: str = ""
    """What is typed of Bo is said to Bo as ``you``."""
    she: str = ""
    """``you``, a name, or empty: nobody can tell."""


@lru_cache(maxsize=1024)
def tidied(text: str) -> str:
    """One line without bullets, smileys, and what people hang on to the end of a note."""
    text = "".join(c for c in text if c == "\u200d" or unicodedata.category(c) not in ("So", "Cf", "Sk", "Cs"))
    text = " ".join(SMILEY.sub(" ", text).split())
    text = re.sub(r"^(?:[-*•–—·>]+\s*|\d{1,2}[.)]\s+)+", "", text)
    text = SHORT.sub(lambda match: LONG[match[0].lower()], text)
    text = re.sub(r"\b(\d+)[ -](day|person|year|week|month|hour|minute) (?=[a-z])", _numbered, text)
    text = DAYS.sub(lambda match: match[0].capitalize(), text)
    text = re.sub(r"\bi\b(?!\.)", "I", text)
    if text.isupper() and len(text.split()) > 2:
        text = text.capitalize()
    text = text.strip(" ,;-–!")
    return text if text.endswith(ABBREVIATED) else text.rstrip(" .…!")


def _numbered(match: re.Match[str]) -> str:
    """``4 day week`` as a letter has it: ``four-day week``."""
    return f"{NUMBERS.get(match[1], match[1])}-{match[2]} "


def lower(words: str) -> str:
    """The words for the middle of a sentence: a first word that is surely no name loses its capital."""
    first = re.match(r"[A-Z][a-z]*(?![\w'’]*[A-Z])", words)
    return words[0].lower() + words[1:] if first and first[0].lower() in KNOWN else words


def sentence(sentence: str) -> str:
    """The words as a sentence: a capital in front, one mark at the end."""
    sentence = sentence[0].upper() + sentence[1:]
    return sentence if sentence.endswith((".", "?", "!", ".”", "?”", '."', '?"')) else f"{sentence}."


def turned(words: str, reader: Reader) -> str | None:
    """The words turned to the reader: their is your, Bo's is your to Bo; ``None`` if she or he could be anybody."""
    names = [re.escape(name) for name in (reader.name, reader.name.split(" ")[0]) if len(name) > 1]
    if names:
        words = re.sub(rf"\b(?:{'|'.join(names)})['’]s(?= \w)", "your", words)
        words = _agree(words, rf"^(?:{'|'.join(names)})")
    words = re.sub(r"^(?:the )?interviewer(?= )", "she", words, flags=re.I)
    if re.match(r"(?:actually|really|always|still|even) [a-z]+s ", words):
        words = _agree(f"she {words}", "^she")
    she = re.search(r"\b(?:she|he|her|him|his)\b", words, flags=re.I)
    if she and not _names_somebody(words[: she.start()]):
        if not reader.she:
            return None
        words = _said_of(words, reader.she)
    return _of_them(words)


def _names_somebody(words: str) -> bool:
    """Whether words name a person, whom a she behind them means: ``the trainee told me she …``."""
    plain = {re.sub(r"['’]s$", "", word) for word in words.lower().split()}
    return (
        bool(plain & PEOPLE)
        or re.search(r"(?:\s|^)(?!The|They|That|When|What|How|Why)[A-Z][a-z]+(?:['’]s)?\s", words) is not None
    )


def _said_of(words: str, she: str) -> str:
    """She and he as you, or by name."""
    your, yourself = ("your", "yourself") if she == "you" else (f"{she}'s", she)
    words = re.sub(rf"\b(?:his|her)(?= (?!{AFTER_HER}\b)[\w'“\"])", your, words, flags=re.I)
    words = re.sub(r"\b(?:him|her)self\b", yourself, words, flags=re.I)
    words = re.sub(r"\b(?:him|her)\b", she, words, flags=re.I)
    return _agree(words, r"\b(?:she|he)") if she == "you" else re.sub(r"\b(?:she|he)\b", she, words, flags=re.I)


def _agree(words: str, subject: str) -> str:
    """A subject of the third person as ``you``, its verb with it."""

    def turn(match: re.Match[str]) -> str:
        short, adverbs, verb = match["short"] or "", match["adverbs"], match["verb"]
        if not short:
            return f"you {adverbs}{_plain(verb)}"
        if short[1:] == "s":
            short = "'ve" if re.fullmatch(r"\w+(?:ed|en|wn|ne)|been|got|had|run|built|led", verb) else "'re"
        return f"you{short} {adverbs}{verb}"

    adverbs = "|".join(ADVERBS)
    found = rf"{subject}(?P<short>['’](?:s|d|ll))? (?P<adverbs>(?:(?:{adverbs}) )*)(?P<verb>[\w'’]+)"
    turned = re.sub(found, turn, words, flags=re.I)
    if turned == words:
        return words
    return re.sub(r"\b(and|but|or) (\w+s)\b", lambda m: f"{m[1]} {_plain(m[2])}" if m[2] in SINGULAR else m[0], turned)


def _plain(verb: str) -> str:
    """A verb of hers, as it is with you: ``runs`` is ``run``."""
    low = verb.lower().replace("’", "'")
    if low in IRREGULAR:
        return IRREGULAR[low]
    if low.endswith("ies") and len(low) > 4:
        return verb[:-3] + "y"
    if low.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return verb[:-2]
    return verb[:-1] if low.endswith("s") and not low.endswith(("ss", "us")) else verb


def _of_them(words: str) -> str:
    """They and their as you and your, unless other people came before, whom they may mean."""

    def turn(match: re.Match[str]) -> str:
        before = re.findall(r"[\w-]+", words[: match.start()].lower())
        if match[1].lower() == "them" and "i" in before and before[-1] not in ("with", "to", "for", "by", "from"):
            return match[0]  # "I'd own them" is about things
        if any(word in OTHERS or (word[-1] == "s" and word[:-1] in PEOPLE) for word in before):
            return match[0]
        return YOU[match[1].lower()] + (match[2] or "")

    return re.sub(r"\b(they|their|theirs|them|themselves)(['’](?:re|ve|d|ll))?\b", turn, words, flags=re.I)


def is_clause(words: str) -> bool:
    """Whether the words have a subject and its verb."""
    tokens = [token.lower().replace("’", "'") for token in words.split()]
    if len(tokens) > 1 and PRONOUN.fullmatch(tokens[0]):
        return True
    if re.match(r"[A-Z][a-z]+ [a-z]{3,}ed\b", words) and tokens[0] not in KNOWN:  # "Ana climbed Kilimanjaro"
        return True
    for before, token, after in zip(tokens, tokens[1:7], [*tokens[2:], ""], strict=False):
        if token in RELATIVE or not re.fullmatch(r"[\w'-]*\w", before):
            return False
        token = token.strip(".,;:!?")
        if token in VERBS and before not in OPENERS:
            return True
        if token in PLURAL_VERBS and (is_plural(before) or before in OTHERS):
            return True
        if (before in PEOPLE or before in ADVERBS) and re.fullmatch(r"[a-z]{3,}(?:[^s]s|ed)", token):
            return True
        if re.fullmatch(r"[a-z]{3,}ed", token) and after in OBJECTS:  # "your product saved my life"
            return True
    return False


def is_past(words: str) -> bool:
    """Whether a clause tells what was, or what nobody is glad to hear."""
    if SAD.search(words):
        return True
    for token in words.lower().split()[1:7]:
        if token in PAST or re.fullmatch(r"[a-z]{3,}ed", token):
            return True
        if token in PRESENT:
            return False
    return False


def is_plural(noun: str) -> bool:
    """Whether a noun looks like several things."""
    return noun.endswith("s") and not noun.endswith(("ss", "us", "is", "'s", "’s")) and noun not in NO_PLURALS


def is_noun(nouns: list[str], words: str) -> bool:
    """Whether the words are surely a noun with what belongs to it: no verb in doubt, no list, no telegram."""
    definite = bool(DEFINITE.match(words))
    if not nouns or len(nouns) > 6 or not re.search(r"[^\W\d_]{2}", nouns[-1]):
        return False
    if not definite and re.search(r"[,;:]| [-–—/] |\.\.", words):
        return False
    plain = [noun.lower().strip("“”\"'") for noun in nouns]
    verbs = any(word in VERBS for word in plain[1:]) or plain[0] in PAST or plain[0] in ("lots", "plenty", "kind")
    plural = any(map(is_plural, plain[int(definite) : -1]))  # "your values align with mine"
    article = any(word in OPENERS for word in plain[1:])  # "your intern writes the newsletter"
    goes_on = len(words.split()) > len(nouns)
    doubt = goes_on and len(plain) > 2 and definite and is_plural(plain[-1])  # "your bakery bakes at night"
    return not (verbs or plural or article or doubt or plain[-1].endswith("ly") or plain[-1] in ADJECTIVES)


def is_name(words: str) -> bool:
    """Whether a bare noun begins as names and numbers do, which want no article: ``GraphQL``, ``20% time``."""
    return words[0].isdigit() or any(c.isupper() for c in words.split(" ", 1)[0])
