"""What a letter calls a person: by a title that was typed, else by first name (English) or in a neutral form.

A title decides the form of address and is never guessed from a name. In doubt about a name there is none: a letter
without a name is polite, one with a wrong name is not.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple


def word_set(*lines: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(word for line in lines for word in line.split())


Sex = str
"""Of a title: ``f``, ``m``, or empty where the title does not say."""

TITLES: dict[str, Sex] = {
    **dict.fromkeys(("mrs", "ms", "miss", "frau", "mme", "madame", "mlle", "mademoiselle", "sra", "srta", "señora",
                     "señorita", "signora"), "f"),
    **dict.fromkeys(("mr", "herr", "herrn", "hr", "monsieur", "sr", "señor", "signor"), "m"),
    **dict.fromkeys(("mx", "dr", "doctor", "prof", "pr", "professor", "docteur", "doktor"), ""),
    **dict.fromkeys(("dra", "doctora", "profa", "professora", "professorin"), "f"),
}  # fmt: skip
"""The titles that go with a family name, without their full stop."""
RANKS = {"prof": "Prof.", "pr": "Prof.", "professor": "Prof.", "profa": "Prof.", "professorin": "Prof.",
         "dr": "Dr.", "doctor": "Dr.", "dra": "Dr.", "doctora": "Dr.", "docteur": "Dr.", "doktor": "Dr."}  # fmt: skip
"""Those of them that stand before a name in every language; the first in this table is the higher one."""
STYLES = word_set(
    "sir dame lady lord rev reverend father sister brother pastor rabbi imam judge justice captain capt major",
    "colonel col sergeant sgt lieutenant lt don doña dña maître me hon",
)
"""Titles of another kind: the name behind them stays as it was typed, and so do they."""
CHINESE_TITLES = {"先生": "m", "女士": "f", "小姐": "f", "老师": "", "博士": "", "教授": "", "总监": "", "经理": "",
                  "主任": "", "总": "", "医生": "", "老師": "", "經理": "", "總監": ""}  # fmt: skip
"""Titles behind a Chinese name."""
_ONLY_IN = {"fr": ("M.", "M"), "de": ("Fr.", "Fr")}
"""Titles in letters of one language, and something else in all others."""
_AFTER = word_set("jr sr ii iii iv phd md mba msc ma ba cpa esq obe mbe rn jd")
"""What may stand behind a name and is no part of it."""
_PARTICLES = word_set(
    "de da do dos das del della di du van von der den ter ten zu zum la le el al bin ben ibn st af av",
)
_BEFORE_FAMILY = word_set("De Du Des La Le Von Del Della Zu Zum Zur")
"""Particles that are no first name, so that even with a capital a family name begins with them."""
_SECOND_NAMES = word_set(
    "josé jose maría maria luis carlos antonio manuel jesús jesus carmen pilar isabel teresa dolores luisa ángel angel",
    "pablo ramón ramon francisco javier miguel belén belen elena rosa cristina victoria eugenia ignacio alberto",
)
"""The second half of a Spanish first name: María José Pérez is María José."""
_NO_NAMES = word_set(
    "hiring talent recruiting recruitment recruiter recruiters search team panel human resources hr people ops manager",
    "department office vp ceo cto cfo coo head director the a staff committee board everyone all interviewer contact",
    "acquisition partner careers jobs info unknown tbd none null nan n/a yes no and und et y mail email",
)
"""Words that are not what a person is called."""


class Name(NamedTuple):
    """A name taken apart."""

    titles: tuple[str, ...]
    """As typed, in their order; behind a Chinese name, too."""
    words: tuple[str, ...]
    """The name itself; empty where there is none that one could use."""

    @property
    def text(self) -> str:
        """The name without its titles."""
        return " ".join(self.words)

    @property
    def first(self) -> str:
        """The first name; empty in doubt. The whole name where the family name may come first."""
        if not self.words or self.titles:
            return ""
        if not is_latin(self.text):
            return self.text
        return self.words[0] if re.fullmatch(r"(?:[^\W\d_]['’-]?){2,}", self.words[0]) else ""

    @property
    def family(self) -> str:
        """The family name; the whole name where it cannot be told."""
        if self.words and (self.words[0] in _PARTICLES or self.words[0] in _BEFORE_FAMILY):
            return self.text  # von Stein, Le Goff
        if len(self.words) < 3 or not is_latin(self.text):
            return self.words[-1] if self.words else ""
        for index, word in enumerate(self.words[1:], start=1):
            if word.lower() in _PARTICLES:
                return " ".join(self.words[index:])
        return self.text

    @property
    def sex(self) -> Sex:
        """What the titles say."""
        return next(
            (sex for title in self.titles if (sex := TITLES.get(_plain(title)) or CHINESE_TITLES.get(title))), ""
        )

    @property
    def rank(self) -> str:
        """``Prof.``, ``Dr.`` or nothing."""
        plain = {_plain(title) for title in self.titles}
        return next((rank for title, rank in RANKS.items() if title in plain), "")


@lru_cache(maxsize=1024)
def read_name(text: str, language: str = "en") -> Name:
    """Take a name apart; ``M.`` is a title in French letters, ``Fr.`` a woman's in German ones, ``Pr.`` anywhere."""
    text = " ".join(re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", text).split())
    parts = [part for part in re.split(" ?, ?", text) if part and not set(_plain(part).split()) <= _AFTER]
    if len(parts) > 1 and (len(parts) > 2 or not (" " not in parts[0] or parts[0].split()[0].lower() in _PARTICLES)):
        return Name((), ())  # Ana Ruiz, Bo: one person or two?
    words = " ".join(reversed(parts)).split()  # Ruiz, Ana
    titles: list[str] = []
    while len(words) > 1 and (_is_title(words[0]) or words[0] in _ONLY_IN.get(language, ())):
        titles.append("Frau" if language == "de" and words[0] in ("Fr.", "Fr") else words[0])
        del words[0]
    while len(words) > 1 and _plain(words[-1]) in _AFTER:
        words.pop()
    if words and (behind := next((t for t in CHINESE_TITLES if words[-1].endswith(t) and words[-1] != t), "")):
        titles.append(behind)
        words[-1] = words[-1].removesuffix(behind)
    elif len(words) == 1 and (_is_title(words[0]) or words[0] in CHINESE_TITLES):
        words = []
    if any(_plain(word) in _NO_NAMES for word in words) or not re.fullmatch(r"[^\W\d_].*", " ".join(words)):
        words = []
    if re.search(r"[&/+@|<>{}=#:;]|\d", " ".join(words)):
        words = []
    return Name(tuple(titles), tuple(words))


@lru_cache(maxsize=1024)
def greeting(name: str, language: str) -> str:
    """The first line of a letter, with its mark: ``Hi Ana,``, ``Sehr geehrte Frau Ruiz,``, ``王女士，您好：``."""
    return _GREETINGS[language](read_name(name, language))


@lru_cache(maxsize=1024)
def first_name(name: str) -> str:
    """What a link or a remark calls somebody: the first name, else the name as typed."""
    return read_name(name).first or name


def _english(name: Name) -> str:
    if not name.words:
        return "Hello,"
    if not name.titles:
        return f"Hi {name.first}," if name.first else "Hello,"
    if any(_plain(title) in STYLES for title in name.titles) or name.titles[-1] in CHINESE_TITLES:
        return f"Dear {_typed(name)},"
    titles = [title for title in name.titles if _plain(title) in RANKS] or name.titles
    return f"Dear {titles[0]} {name.family},"


def _german(name: Name) -> str:
    if not name.words:
        return "Guten Tag,"
    if _is_styled(name) or not (name.sex or name.rank):
        return f"Guten Tag {_typed(name)},"
    called = f"{name.rank} {name.family}".strip()
    return {"f": f"Sehr geehrte Frau {called},", "m": f"Sehr geehrter Herr {called},"}.get(
        name.sex, f"Guten Tag {called},"
    )


def _french(name: Name) -> str:
    if not name.words or _is_styled(name):
        return "Bonjour,"
    if any(title in ("M.", "M") for title in name.titles):
        return f"Bonjour Monsieur {name.family},"
    if name.sex:
        return f"Bonjour {'Madame' if name.sex == 'f' else 'Monsieur'} {name.family},"
    rank = {"Dr.": "Docteur", "Prof.": "Professeur"}.get(name.rank, "")
    return f"Bonjour {rank} {name.family}," if rank else "Bonjour,"


def _spanish(name: Name) -> str:
    if not name.words:
        return "Buenos días:"
    for title, called in (("don", "Estimado don"), ("doña", "Estimada doña"), ("dña", "Estimada Dña.")):
        if _plain(name.titles[-1] if name.titles else "") == title:
            return f"{called} {name.text}:"
    if _is_styled(name):
        return f"Buenos días, {_typed(name)}:"
    if name.sex:
        rank = {"Dr.": ("Dra.", "Dr."), "Prof.": ("Profa.", "Prof.")}.get(name.rank, ("Sra.", "Sr."))
        return f"Estimada {rank[0]} {name.family}:" if name.sex == "f" else f"Estimado {rank[1]} {name.family}:"
    if name.rank:
        return f"Buenos días, {name.rank} {name.family}:"
    if name.first and len(name.words) > 2 and _plain(name.words[1]) in _SECOND_NAMES:
        return f"Buenos días, {' '.join(name.words[:2])}:"
    return f"Buenos días, {name.first}:" if name.first else "Buenos días:"


def _chinese(name: Name) -> str:
    if not name.words:
        return "您好："
    if name.titles and name.titles[-1] in CHINESE_TITLES:
        return f"{name.text}{name.titles[-1]}，您好："
    behind = {"Dr.": "博士", "Prof.": "教授"}.get(name.rank) or {"f": "女士", "m": "先生"}.get(name.sex, "")
    return f"{_typed(name)}，您好：" if _is_styled(name) else f"{name.text}{behind}，您好："


_GREETINGS = {"en": _english, "de": _german, "fr": _french, "es": _spanish, "zh": _chinese}


def _plain(title: str) -> str:
    return title.casefold().replace(".", "")


def _is_title(word: str) -> bool:
    return word != "HR" and (_plain(word) in TITLES or _plain(word) in STYLES)


def _is_styled(name: Name) -> bool:
    return any(_plain(title) in STYLES for title in name.titles)


def _typed(name: Name) -> str:
    """Name and titles as they were typed."""
    if name.titles and name.titles[-1] in CHINESE_TITLES:
        return " ".join([*name.titles[:-1], name.text + name.titles[-1]])
    return " ".join([*name.titles, name.text])


def is_latin(name: str) -> bool:
    """Whether all letters are of the Latin script."""
    return name.isascii() or all(unicodedata.name(c, "").startswith("LATIN") for c in name if c.isalpha())
