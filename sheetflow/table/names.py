"""What in a text is somebody's name, and what is none: a post, a team, a telephone number, a word for nobody.

Own rules, and no library: ``nameparser``, which is well kept, takes a name apart and asks of no text whether it is
one (``Hiring team`` has the first name *Hiring*, ``None`` the first name *None*); that question is most of this module.
Words are in ``words/``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

from sheetflow.columns import plain
from sheetflow.table.dates import empty_words, tick_words
from sheetflow.words import words

ADDRESS = re.compile(r"[^\s<>,;:()\"|]+@[^\s<>,;()\"'|]+")
MOST_WORDS = 7
LONGEST_NAME = 80

_URL = re.compile(r"(?:https?://|www\.)\S*|\b[\w-]+(?:\.[\w-]+)+/\S*", re.IGNORECASE)
_DOMAIN = re.compile(r"[\w-]+\.(?:com|org|net|io|co|ai|de|fr|es|cn|eu|uk|edu|gov|info|example)", re.IGNORECASE)
_TELEPHONE = re.compile(r"(?:\b(?:ext|x)\.?\s?)?(?:\+|\()?\d[\d\s()./-]{5,}\d(?:\s?(?:ext\.?|x)\s?\d+)?", re.IGNORECASE)
_BRACKETS = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?")
_PIECES = re.compile(r"\s*\|\s*|\s+/\s+|\s+[-–—·•]+\s+")
_QUOTED = re.compile(r"(['\"])(.+)\1")
_NICKNAME = re.compile(r"\s[\"“”„][^\"“”„]+[\"“”„](?=\s)")
_PLAIN = re.compile(r"[A-Z][a-z]+(?:[ -][A-Z][a-z]+)*")
_LABEL = re.compile(r"([^:]{1,40}?)\s?:\s*")


def name_in(text: str) -> str:
    """The name of a person in a text without addresses and commas, with its capitals; empty where there is none."""
    if quoted := _QUOTED.fullmatch(text.strip()):
        inside = " ".join(re.sub(r"[<>]", " ", quoted[2]).split())
        return inside if any(c.isalpha() for c in inside) and not _is_nobody(inside) else ""
    bare = _TELEPHONE.sub(" ", _URL.sub(" ", _NICKNAME.sub(" ", text)))
    inside_brackets = bare.strip().strip("()[]") if not _BRACKETS.sub("", bare).strip() else ""
    bare = _without_labels(inside_brackets or _BRACKETS.sub(" ", bare))
    for piece in _PIECES.split(bare):
        name = _tidied(_at().sub("", f"{piece} ").strip())
        if is_name(name):
            return with_capitals(name)
    return ""


@lru_cache(maxsize=4096)
def is_plain(name: str) -> bool:
    """Whether ``name_in`` gives back just this: Latin words with a capital each, none of which has another use.

    Most names are so, and a tracker has many.
    """
    if not _PLAIN.fullmatch(name):
        return False
    said = name.lower().replace("-", " ").split()
    return (
        len(said) <= MOST_WORDS
        and len(name) <= LONGEST_NAME
        and not any(len(word) < 2 or word in _used() for word in said)
        and not _is_nobody(name)
    )


def is_name(text: str) -> bool:
    """Whether a text can be what somebody is called."""
    said = text.split()
    if not said or len(said) > MOST_WORDS or len(text) > LONGEST_NAME or not all(map(_may_stand_in_a_name, text)):
        return False
    letters = [c for c in text if c.isalpha()]
    if not letters or (len(letters) == 1 and letters[0].isascii()) or any(_DOMAIN.fullmatch(word) for word in said):
        return False
    if all(plain(word) in _listed("titles") for word in said):
        return False
    return not _is_nobody(text) and not _is_prose(said)


def _may_stand_in_a_name(c: str) -> bool:
    return c in " .'’‘`´-‐‑·・\u200c\u200d" or unicodedata.category(c)[0] in "LM"


def _is_nobody(text: str) -> bool:
    """Whether a text stands for nobody, or has a word for a post or a team in it."""
    word = " ".join(text.casefold().split())
    if word in empty_words() or word in tick_words() or plain(text) in _listed("posts"):
        return True
    if not text.isascii() and any(post in text for post in _chinese("posts")):
        return True
    return any(plain(part) in _listed("posts") for part in re.split(r"[\s/-]+", text))


def _is_prose(said: Sequence[str]) -> bool:
    """Whether words that no name has, written small, are among these; or one of them is all there is.

    ``They will call me`` is nobody; *He* and *An* are names, and count where they are written like one.
    """
    if len(said) == 1:
        return plain(said[0]) in _listed("prose")
    if plain(said[0]) in _listed("openers"):
        return True
    small = " ".join(said).isupper()
    prose = _listed("prose") - _listed("particles")
    return any((small or word.islower()) and plain(word) in prose for word in said)


def _without_labels(text: str) -> str:
    """A text without what says what follows: ``Recruiter:``, ``Round 1:``. Empty where the word is no such label."""
    while label := _LABEL.match(text):
        rest = text[label.end() :]
        if not _is_label(label[1]):
            return "" if rest.strip() else label[1]
        text = rest
    return text


def _is_label(text: str) -> bool:
    """Whether what stands before a colon says what follows."""
    if any(c.isdecimal() for c in text) or any(word in text for word in (*_chinese("posts"), *_chinese("labels"))):
        return True
    return all(plain(word) in _listed("posts") | _listed("labels") | {""} for word in text.split())


def _tidied(text: str) -> str:
    """A name without signs around it and without what may stand behind one: ``PhD``."""
    text = "".join(c for c in text if unicodedata.category(c) not in ("So", "Sk", "Cs"))
    said = text.strip(" \"'“”„‘’<>[](){}–—-,;:*•!~=_").split()
    while len(said) > 1 and plain(said[-1]) in _listed("behind"):
        said.pop()
    if len(said) == 1 and plain(said[0]) in _listed("behind") - {"ma", "ba"}:
        return ""
    if said and re.fullmatch(r"[^\W\d_]{3,}\.", said[-1]) and plain(said[-1]) not in _listed("titles"):
        said[-1] = said[-1][:-1]
    return " ".join(said)


# --- capitals -----------------------------------------------------------------------------------------------------


def with_capitals(name: str) -> str:
    """A name in capitals or without any, as one writes it; ``RUIZ Ana`` has the family name first."""
    said = name.split()
    if name.isupper() or name.islower():
        return " ".join(_capital(word, first=index == 0) for index, word in enumerate(said))
    loud = [len(word) > 2 and word.isupper() and word.isalpha() for word in said]
    if not any(loud) or all(loud):
        return name
    called = [_capital(word, first=True) if is_loud else word for word, is_loud in zip(said, loud, strict=True)]
    split = loud.index(False)
    if split and not any(loud[split:]) and not any(plain(word) in _listed("particles") for word in said):
        called = called[split:] + called[:split]
    return " ".join(called)


def _capital(word: str, *, first: bool) -> str:
    """One word: ``O'Neil``, ``McDonald``, ``Jean-Luc``; ``de`` and ``van`` stay small; ``AJ`` stays as it is."""
    low = word.lower()
    if not first and plain(word) in _listed("particles"):
        return low
    if len(word) == 2 and word.isupper() and word.isascii() and low[1] not in "aeiouy":
        return word
    parts = re.split(r"(['’-])", low)
    cased = "".join(part[:1].upper() + part[1:] for part in parts)
    return re.sub(r"^Mc(\w)", lambda match: f"Mc{match[1].upper()}", cased)


# --- words --------------------------------------------------------------------------------------------------------


@cache
def _listed(key: str) -> frozenset[str]:
    """Words of a list of ``people``, as they are compared."""
    return frozenset(plain(word) for word in words("people", key))


@cache
def _used() -> frozenset[str]:
    """Words that are, or may be, something else than a name."""
    keys = ("posts", "prose", "behind", "labels", "joins", "titles")
    return frozenset(word for key in keys for word in _listed(key)) | empty_words() | tick_words()


@cache
def _chinese(key: str) -> tuple[str, ...]:
    """Words of a list that stand in a text without blanks."""
    return tuple(word for word in words("people", key) if word[0] >= "\u3400")


@cache
def _at() -> re.Pattern[str]:
    """*from HR*, *at Acme*: what says where somebody is."""
    listed = "|".join(re.escape(word) for word in words("people", "at") if word.isascii())
    return re.compile(rf"\s(?:{listed}|@)\s.*")
