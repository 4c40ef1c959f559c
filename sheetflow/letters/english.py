"""Some English grammar, as far as a detail needs it: turning words to the reader, telling a clause from a noun.

It need not know English. Where it is in doubt it says so, and the words go into a form that always reads.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from sheetflow.letters.vocabulary import (
    ABBREVIATED,
    ACTIONS,
    ADJECTIVES,
    ADVERBS,
    AFTER_HER,
    ALSO_NOUNS,
    ASKING,
    BOUNDARY,
    DAYS,
    DEFINITE,
    EXCEL,
    FOREIGN,
    GROUPS,
    IRREGULAR,
    KNOWN,
    LIVED,
    LONG,
    MONTH,
    MOVES,
    NAME,
    NAMES,
    NO_PLURALS,
    NOT_FIRST,
    NOT_PEOPLE,
    NUMBERS,
    OBJECTS,
    OPENERS,
    OTHERS,
    OURSELVES,
    PARTICIPLES,
    PAST,
    PAST_OR_PART,
    PEOPLE,
    PREPOSITIONS,
    PRESENT,
    PRONOUN,
    RELATIVE,
    REPAIRS,
    SHORT,
    SINGULAR,
    SMILEY,
    THERE,
    TO_WHAT,
    UNCOUNTED,
    UNITS,
    WEEKDAYS,
    YOU,
    month,
)  # fmt: skip

TELLS = re.compile(r"^[a-z]{2,}(?= (?:told (?:me|us)|said|mentioned|explained|showed (?:me|us))\b)")
"""Who told something: a name, however small it was typed."""


class Reader(NamedTuple):
    """Who reads the letter, and whom a she or he in the detail means."""

    name: str = ""
    """What is typed of Bo is said to Bo as ``you``."""
    she: str = ""
    """``you``, a name, or empty: nobody can tell."""
    there: bool = True
    """Whether the reader was at the interview."""


def unmarked(text: str) -> str:
    """One line without bullets and smileys, in any language."""
    text = "".join(c for c in text if c == "\u200d" or unicodedata.category(c) not in ("So", "Cf", "Sk", "Cs"))
    text = " ".join(SMILEY.sub(" ", text).split())
    return re.sub(r"^(?:[-*•–—·>]+\s*|\d{1,2}[.)]\s+)+", "", text)


@lru_cache(maxsize=1024)
def tidied(text: str) -> str:
    """An English line without marks, shorthand, and what people hang on to the end of a note."""
    text = unmarked(text)
    text = re.sub(r"\b(esp|dept|approx|incl|mgr|mgmt|yrs?|hrs?|mins?)\.(?= \w)", r"\1", text, flags=re.I)
    text = re.sub(r",? which (?:was|is|felt) (?:so |really |very )?(?:nice|cool|great|fun|good|kind|lovely)$", "", text)
    text = re.sub(r"^you (?:can|could) (?:really )?(?:tell|see|feel)(?: that)? ", "", text, flags=re.I)
    text = re.sub(r"\b(\d+) ?(hr|yr|min)s?\b", lambda m: f"{m[1]} {m[2]}{'s' if m[0][-1] == 's' else ''}", text)
    text = re.sub(
        rf"(?<![.,])\b(\d+)[ -](hr|yr|min|{UNITS}) (?!(?:{PREPOSITIONS}|and|or|but|ago)\b)(?=[a-z])", _numbered, text
    )
    text = re.sub(r"(?<=\d )(?:min|hr|yr)\b", lambda m: f"{LONG.get(m[0] + 's', m[0])}", text)
    text = SHORT.sub(lambda match: LONG[match[0].lower()], text)
    text = re.sub(
        rf"(?<!\w )(?<![\d$€£.#:-])\b([2-9]) (?!(?:{PREPOSITIONS}|and|or|[ap]m|x)\b)(?=[a-z]{{2}})", _spelt, text
    )
    text = re.sub(
        rf"(?<=[a-z]{{2}} )(?<!year )(?<!round )(?<!level )(?<!phase )([2-9]) (?=(?:{UNITS})s\b|people\b)", _spelt, text
    )
    text = re.sub(r"\b(in|by|with|of|for|only) ([2-9]) (?=[a-z]+s\b)", lambda m: f"{m[1]} {NUMBERS[m[2]]} ", text)
    text = re.sub(r"(?<= )([2-9]) (?=(?:more|new|other|extra) )", lambda m: f"{NUMBERS[m[1]]} ", text)
    text = re.sub(r"\b(team of) ([2-9])(?!\d)", lambda m: f"{m[1]} {NUMBERS[m[2]]}", text)
    text = re.sub(r"\bday 1\b", "day one", text)
    text = re.sub(r"\b(in|for|of|during) (first|last|next) (\d+|\w+) (?=\w+s\b)", r"\1 the \2 \3 ", text)
    text = re.sub(
        rf"\b(every|each|on) ({'|'.join(WEEKDAYS)})\b", lambda m: f"{m[1]} {WEEKDAYS[m[2].lower()]}", text, flags=re.I
    )
    text = re.sub(r"\b(everyone|everybody|nobody|someone)s\b", r"\1's", text, flags=re.I)
    text = re.sub(r"\beach others\b(?!['’])", "each other's", text)
    text = re.sub(r"\bthank you (?=cards?|notes?|letters?)", "thank-you ", text, flags=re.I)
    text = re.sub(r"\bwork life balance\b", "work-life balance", text, flags=re.I)
    text = re.sub(r"\bwork from home\b", "working from home", text, flags=re.I)
    text = re.sub(r"\bon call (?=rota|duty|rotation|shift|schedule|week)", "on-call ", text)
    for typed, meant in REPAIRS:
        text = re.sub(typed, meant, text, flags=re.I)
    text = MONTH.sub(month, DAYS.sub(lambda match: match[0].capitalize(), text))
    text = EXCEL.sub(r"\1 Excel", NAME.sub(lambda match: NAMES[match[0]], text))
    text = re.sub(r"\bi\b(?!\.)", "I", text)
    if text.isupper() and len(text.split()) > 2:
        text = text.capitalize()
    text = text.strip(" ,;-–!")
    text = TELLS.sub(lambda m: m[0] if m[0] in KNOWN | PEOPLE or PRONOUN.fullmatch(m[0]) else m[0].capitalize(), text)
    return text if text.endswith(ABBREVIATED) else text.rstrip(" .…!")


def _numbered(match: re.Match[str]) -> str:
    """``4 day week`` as a letter has it: ``four-day week``."""
    unit = {"hr": "hour", "yr": "year", "min": "minute"}.get(match[2], match[2])
    return f"{NUMBERS.get(match[1], match[1])}-{unit} "


def _spelt(match: re.Match[str]) -> str:
    """``3 years`` as a letter has it."""
    return f"{NUMBERS[match[1]]} "


def lower(words: str) -> str:
    """The words for the middle of a sentence: a first word that is surely no name loses its capital."""
    first = re.match(r"[A-Z][a-z]*(?![\w'’]*[A-Z])", words)
    plain = first and (
        first[0].lower() in KNOWN or re.fullmatch(r"(?!Beijing|Boeing|Reading)[A-Z][a-z]{2,}ing", first[0])
    )
    return words[0].lower() + words[1:] if plain else words


def sentence(sentence: str) -> str:
    """The words as a sentence: a capital in front, one mark at the end."""
    sentence = sentence[0].upper() + sentence[1:]
    return sentence if sentence.endswith((".", "?", "!", ".”", "?”", '."', '?"')) else f"{sentence}."


def turned(words: str, reader: Reader) -> str | None:
    """The words turned to the reader: their is your, Bo's is your to Bo; ``None`` if she or he could be anybody."""
    words = _of_anybody(words)
    names = [re.escape(name) for name in (reader.name, reader.name.split(" ")[0]) if len(name) > 1]
    if names:
        words = re.sub(rf"\b(?:{'|'.join(names)})['’]s(?= \w)", "your", words)
        words = _agree(words, rf"^(?:{'|'.join(names)})")
    words = re.sub(r"^(?:the )?interviewer(?= (?!who\b|from\b|with\b|at\b|of\b|in\b))", "she", words, flags=re.I)
    if re.match(r"(?:actually|really|always|still|even) [a-z]+s ", words):
        words = _agree(f"she {words}", "^she")
    she = re.search(r"\b(?:she|he|her|him|his)\b", words, flags=re.I)
    if she and not _names_somebody(words[: she.start()]):
        if not reader.she:
            return None
        words = _said_of(words, reader.she)
    return THERE.sub(r"\1 with you", _of_them(words))


def _names_somebody(words: str) -> bool:
    """Whether words name a person, whom a she behind them means: ``the trainee told me she …``."""
    plain = {re.sub(r"['’]s$", "", word) for word in words.lower().split()}
    return bool(plain & PEOPLE) or any(
        name.lower() not in KNOWN and not name.endswith("ed")
        for name in re.findall(r"(?:\s|^)([A-Z][a-z]+)(?:['’]s)?(?=\s)", words)
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
    return re.sub(rf"\b(and|but|or) ((?:(?:{adverbs}) )*)(\w+s)\b", _also_agreed, turned)


def _also_agreed(match: re.Match[str]) -> str:
    """The second verb of a subject that became you: ``you run marathons and bakes bread``."""
    surely = match[3] in SINGULAR or (base(match[3]) and (match[2] or base(match[3]) not in ALSO_NOUNS))
    return f"{match[1]} {match[2]}{_plain(match[3])}" if surely else match[0]


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


def _of_anybody(words: str) -> str:
    """A your beside a their is anybody's: ``they pay for your licence``; empty where it cannot be put otherwise."""
    if not re.search(r"\b(?:they|their)\b", words, flags=re.I) or re.match(
        r"(?:when )?you (?:\w+ )?\w+(?:ed|d|t)\b", words, re.I
    ):
        return words
    words = re.sub(r"\byour (?=\w)", "the ", words)
    words = re.sub(r"\b(let|lets|help|helps|give|gives|allow|allows|teach|ask|send|show) you\b", r"\1 people", words)
    return "" if re.search(r"(?<![\w-])you\b", words) else words


def _of_them(words: str) -> str:
    """They and their as you and your, unless other people came before, whom they may mean."""

    def turn(match: re.Match[str]) -> str:
        before = re.findall(r"[\w-]+", words[: match.start()].lower())
        if match[1].lower() == "them" and "i" in before and before[-1] not in ("with", "to", "for", "by", "from"):
            return match[0]  # "I'd own them" is about things
        if any(word in OTHERS or (is_person(word) and word not in OURSELVES) for word in before):
            return match[0]
        return YOU[match[1].lower()] + (match[2] or "")

    return re.sub(r"\b(they|their|theirs|them|themselves)(['’](?:re|ve|d|ll))?\b", turn, words, flags=re.I)


# --- what the words are ----------------------------------------------------------------------------------------


def tokens(words: str) -> list[str]:
    """The words one by one, in small letters, without the marks around them."""
    return [token.strip('.,;:!?"“”()').lower().replace("’", "'") for token in words.split()]


def base(verb: str) -> str:
    """A verb in -s without it, where it is a known one: ``bakes`` is ``bake``; else empty."""
    plain = _plain(verb)
    return plain if verb.endswith("s") and plain != verb and plain in ACTIONS | ALSO_NOUNS else ""


def is_clause(words: str) -> bool:
    """Whether the words have, for certain, a subject and its verb."""
    return verb_at(words) > 0


def verb_at(words: str) -> int:
    """Where the verb of a clause stands, counted in words; 0 where the words are none, for all that is certain."""
    said = tokens(words)
    if not said or said[0] in NOT_FIRST | ASKING or (base(said[0]) and base(said[0]) not in ALSO_NOUNS):
        return 0
    named = re.match(r"[A-Z][a-z]+ ", words) and len(said) > 2 and said[0] not in KNOWN | PEOPLE
    if named and (said[1] in PAST | PAST_OR_PART or (said[1].endswith("ed") and said[1] not in PARTICIPLES)):
        return 1  # "Ana climbed Kilimanjaro"
    for at, (before, token, after) in enumerate(zip(said, said[1:8], [*said[2:], ""], strict=False), start=1):
        if token in RELATIVE or not re.fullmatch(r"[\w'&-]*\w", before) or re.search(r"[,;:(]$", words.split()[at - 1]):
            break
        if before not in OPENERS and _is_verb(before, token, after):
            return at
    return 1 if len(said) > 1 and PRONOUN.fullmatch(said[0]) else 0


def _is_verb(before: str, token: str, after: str) -> bool:
    """Whether a word is the verb of the one before it, as far as its form and its neighbours say so."""
    if token in PRESENT | PAST:
        return True
    if after in ("is", "are", "was", "were", "has", "have", "can", "will"):
        return False  # "shift swaps are done by the team"
    by_somebody = is_person(before) or before in ADVERBS or before in OTHERS
    takes = after in OBJECTS
    if token in ACTIONS - ALSO_NOUNS:
        return is_plural(before) or before in OTHERS or before in ADVERBS
    if token in ALSO_NOUNS:
        several = is_plural(before) or before in OTHERS
        return (several and (by_somebody or takes or after == "as")) or before in ADVERBS
    if base(token):
        return base(token) in ACTIONS - ALSO_NOUNS or by_somebody or takes
    if token in MOVES:
        return True
    if token in PAST_OR_PART or re.fullmatch(r"[a-z]{3,}ed", token):
        return takes or (
            by_somebody
            and before not in ("first", "all", "both", "once", "only")
            and after not in ("by", "in", "from", "at", "with", "on", "to", "for", "of", "")
        )
    return False


def is_past(words: str) -> bool:
    """Whether a clause tells what was."""
    for token in tokens(words)[:8]:
        if token in PAST | MOVES | PAST_OR_PART or re.fullmatch(r"[a-z]{3,}ed", token):
            return True
        if token in PRESENT or token in ACTIONS or base(token) or re.search(r"'(?:ve|re|ll|s|m)$", token):
            return False
    return False


def is_person(noun: str) -> bool:
    """Whether a noun is somebody: ``nurse``, ``driver``, ``biologists``."""
    one = noun.removesuffix("s")
    return (
        noun in PEOPLE
        or one in PEOPLE
        or (
            one not in NOT_PEOPLE
            and not one.endswith("over")
            and re.fullmatch(r"[a-z]{3,}(?:er|ist|ian)", one) is not None
        )
    )


def is_plural(noun: str) -> bool:
    """Whether a noun looks like several things."""
    return noun.endswith("s") and not noun.endswith(("ss", "us", "is", "'s", "’s")) and noun not in NO_PLURALS


def head_of(words: str) -> list[str]:
    """The words of the noun at the beginning of a phrase, up to what says more about it."""
    nouns = words[: match.start()].split() if (match := BOUNDARY.search(words)) else words.split()
    if match and len(nouns) > 1 and nouns[-1].lower() in ("open", "full", "free", "close", "based", "ready", "next"):
        nouns.pop()  # "dress rehearsal open to neighbours"
    for at, noun in enumerate(nouns[1:], start=1):  # "bread baked in house", "caseload capped at 15"
        low = noun.lower()
        if at and (low in PAST_OR_PART or re.fullmatch(r"[a-z]{3,}ed", low)) and at == len(nouns) - 1:
            return nouns[:at]
    return nouns


def is_noun(nouns: list[str], words: str) -> bool:
    """Whether the words are surely a noun with what belongs to it: no verb in doubt, no adjective, no telegram."""
    if not nouns or len(nouns) > 6 or not re.search(r"[^\W\d_]{2}", nouns[-1]):
        return False
    plain = [noun.lower().strip("“”\"'.") for noun in nouns]
    definite = bool(DEFINITE.match(words))
    if plain[0] in NOT_FIRST | ASKING | PAST | FOREIGN or (plain[0].endswith("ed") and _was_done(plain[0])):
        return False
    if not definite and (plain[0] in ACTIONS - ALSO_NOUNS or base(plain[0])):
        return False
    inside = plain[int(definite) :]
    named = {noun.lower() for noun in nouns if any(c.isupper() for c in noun[1:])}  # "iOS" is not several
    verbs = any(word in PRESENT | PAST or (word in ACTIONS - ALSO_NOUNS) for word in inside[1:])
    counted = plain[0] in NUMBERS.values()  # "two days office"
    pairs = pairwise(inside)  # "your values align with mine"
    plural = any(is_plural(word) and word not in named and (after not in GROUPS or counted) for word, after in pairs)
    article = any(word in OPENERS - {"well", "newly", "highly"} for word in inside[1:])
    verb = base(inside[-1]) if len(inside) > 1 and len(words.split()) > len(nouns) else ""
    doubt = bool(verb) and (verb not in ALSO_NOUNS or is_person(inside[-2]))  # "your bakery bakes at night"
    if len(nouns) == 1 and not definite and re.match(r"\S+ (?:to|about|at)\b", words):  # "strict about code review"
        doubt = plain[0] not in TO_WHAT | LIVED and not UNCOUNTED.search(plain[0])
    last = plain[-1]
    return not (
        verbs
        or plural
        or article
        or doubt
        or last in ADJECTIVES
        or re.search(r"[^l]ly$|[a-z](?:ful|ous|less|[aeo]tic)$", last)
    )


def _was_done(word: str) -> bool:
    """Whether a word in -ed at the beginning tells what somebody did: ``talked football``."""
    stems = (word[:-1], word[:-2], word[:-3], f"{word[:-3]}y")
    return word not in PARTICIPLES and (word in MOVES or any(stem in ACTIONS | ALSO_NOUNS for stem in stems))


def is_name(words: str) -> bool:
    """Whether a bare noun begins as names and numbers do, which want no article: ``GraphQL``, ``20% time``."""
    return words[0].isdigit() or any(c.isupper() for c in words.split(" ", 1)[0])


def gerund(verb: str) -> str:
    """``write`` as ``writing``."""
    if verb.endswith("e") and not verb.endswith("ee"):
        return f"{verb[:-1]}ing"
    if verb in ("run", "plan", "let", "get", "put", "swap", "ship", "sit", "win", "stop", "step", "begin", "forget"):
        return f"{verb}{verb[-1]}ing"
    return f"{verb}ing"
