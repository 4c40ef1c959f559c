"""The last look at what a detail became: the signs that it does not read well, whatever pattern made it.

A letter without a detail is a good letter; one with a wrong sentence is not. So one sign is enough to leave a fragment
out, and the next fragment of the note is looked at.
"""

from __future__ import annotations

import re

from sheetflow.letters.english import base, tokens
from sheetflow.letters.vocabulary import (
    ACTIONS,
    ADJECTIVES,
    COUNTABLE,
    ONLY_VERBS,
    PAST,
    PAST_OR_PART,
    PREPOSITIONS,
    PRESENT,
)

_PREPOSITION = frozenset(PREPOSITIONS.split("|")) - {"per", "as", "like"}
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_NUMBER = r"(?:\d[\d,.]*\+?|two|three|four|five|six|seven|eight|nine)"

SIGNS: tuple[tuple[str, str, str], ...] = (
    ("a hedge", "pretty ok I guess",
     r"\b(?:maybe|perhaps|i (?:guess|suppose|forget|hope|think it was)|ok|okay|"
     r"idk|dunno|meh|not sure|something like|or something|"
     r"kind of|sort of|hopefully|apparently|supposedly|whatever|allegedly|rumou?r)\b"),
    ("a note to oneself", "ask about visa sponsorship",
     r"^(?:to )?(?:ask|check|remember|google|remind|confirm|clarify|mention|prepare|revise|bring|follow up|look up|"
     r"look into|find out (?:if|whether)|make sure|read up|wear|send|email|todo)\b(?! me\b| us\b| your\b|-)"),
    ("a note to oneself", "asking about visa sponsorship",
     r"^(?:asking|checking|remembering|googling|following up|looking (?:up|into)|finding out (?:if|whether))\b"
     r"(?! me\b| us\b| your\b)|^(?:i )?(?:need|have|must|should|ought|forgot|not|don't) (?:to )?(?!been\b|a\b|have\b)"),
    ("money and terms", "salary 42-45k",
     r"[$€£]|\b\d+(?:[.,]\d+)?k\b|\b(?:salary|pay|wage|ote|holidays?|leave|notice|contract|probation|pension) "
     r"(?:is |of )?(?:about |around |up to )?\d|\d+ days?(?: of)? (?:holidays?|vacation|leave|annual)\b|\bhols?\b|"
     r"^(?:the |your )?(?:salary|pay|wages?|hours|holidays?|benefits|probation|notice period|dress code|pension)$"),
    ("the steps of the process", "the 3rd round is with the VP",
     r"\b(?:2nd|3rd|second|third|next|final|last) (?:round|stage|interview)\b"),
    ("a bare adjective", "the bit chaotic but friendly",
     r"^(?:the |a )(?:bit|pretty|quite|fairly|rather|too|super|really|very|so)\b(?! (?:of|first|best|end|idea)\b)|"
     r"^the \S+ (?:cheap|expensive|fine|fun|cool|great|nice|modern|amazing)$|"
     r"^the (?!.*\b(?:is|are|was|were)\b).* (?:so|very|really|super) \w+$"),
    ("a bare amount", "the more strategy", r"^the (?:more|less|many|much|enough|no|not|all|every|each)\b(?!.* the\b)"),
    ("a bare own", "a school with own bees", r"\b(?:with|have|having|get|gets|got|in|on) own\b"),
    ("a telegram", "start jan",
     rf"\b(?:starts?|starting|opens?|opening|ends?|due|live|launch|moves?|moving|deadline) {_MONTH}$|"
     rf"\b(?:remote|hybrid|office|onsite|on-site|team|shifts?) {_NUMBER}\b|^(?:the )?{_NUMBER} people\b|"
     r"^the .* (?:provided|included|expected|required|preferred|optional)$|^\d[\d,.]*\+? |^(?:the )?reports? to [A-Z]"),
    ("a number behind a noun", "the mentor and budget 500",
     r"\b\d on \d|^(?!you\b|i\b|it\b|everyone\b).*\b(?:budget|salary|bonus|pay|hours|floor) \d+"),
    ("a we that is theirs", "we don't do heroes", r"^we (?:don't|do|never|always|only|hire|use|make|build)\b"),
    ("half a sentence", "its close to the sea",
     r"^its\b|^the \w+ (?:you|we|i) (?:have|had) (?!.*\b(?:is|are|was|were|has)\b)|"
     r"^(?:the )?\w+ (?:is|are|comes?) .*\b(?:policy|rule|mindset|attitude)$"),
    ("what nobody told", "building everything myself", r"^\w+ing .*\bmyself$"),
    ("signs and shorthand", "office tue/thu",
     r"[?=~@#<>_^*→\\{}]|->|\b\d+x\b|([a-z])\1\1|\w /|/ \w|[a-z]{3,}/[a-z]{2,}/|(?:mon|tue|wed|thu|fri)\w*/"),
    ("words of a chat", "v chill team",
     r"\b(?:v|r|n|pls|plz|thx|alot|kinda|sorta|ya|yeah|yep|nah|vibey|chill|legit|lowkey|fyi|afaik|aka|eg|ie|etc|smth|"
     r"sb|tl|stuff|thingy?|wtf|damn|shit\w*|crap\w*|hell|sucks?|dude|guys?|comp|max|deffo|obvs|defo|cos|til)\b"),
    ("a clause that runs on", "training is paid then you get a van",
     r"(?<!and)(?<!,)(?<!;) then (?:you|we|they|i|it|she|he|get|go)\b|\band (?:etc|so on|stuff|all)\b|"
     r"\b(?:is|are|was|were|has|have) (?:is|are|was|were|has|have)\b|\b(\w+) \1\b"),
    ("what only seems", "the manager seems strict",
     r"^(?!(?:i|it|we|you|you all|you both)\b).*\b(?:seems?)\b|\byou seem\b"),
    ("there for their", "how there do it",
     r"\b(?:how|why|what|because|and|but|with) there (?!(?:is|are|was|were|will|has|have|isn't|aren't)\b)"),
    ("a verb that is no noun", "I liked the explain of it",
     rf"\b(?:the|your|a|an|my|this) (?:{'|'.join(sorted(ONLY_VERBS))})\b(?!-)"),
    ("a verb that does not agree", "you does a lot",
     r"\b(?:you|they|we) (?:is|was|has|does)\b|\b(?:he|she) (?:have|do|are)\b|"
     r"\byou .*\b(?:and|but) (?:still|also|always|never|even|really) [a-z]+[^s\W]s\b"),
    ("since for for", "a family business since three generations",
     rf"\bsince {_NUMBER} (?:years|generations|decades|months|weeks)\b(?! ago)"),
    ("a wrong article", "an big team",
     r"\ban (?=[bcdfgjkpqtvwyz])[a-z]{3,}|\ba (?=[aio][bcdfgklmnprstvx])[a-z]{3,}"),
)  # fmt: skip
"""(what is seen, an example of it, how it looks)"""
_COMPILED = [re.compile(pattern, re.I) for _, _, pattern in SIGNS]


def doubt(words: str) -> str:
    """What speaks against the words as a part of a letter; empty where nothing does."""
    said = re.sub(r'["“][^"“”]*["”]', '""', words)  # somebody's own words stay as they are
    for (what, _, _), pattern in zip(SIGNS, _COMPILED, strict=True):
        if pattern.search(said):
            return what
    return "a noun without its article" if _lacks_article(said) else ""


def _lacks_article(words: str) -> bool:
    """Whether a noun that is counted stands alone behind a verb or a preposition: ``talk with manager``."""
    said = tokens(words)
    for at, word in enumerate(said):
        if word not in COUNTABLE or (at + 1 < len(said) and said[at + 1] not in _ENDS and words.split()[at][-1] != ","):
            continue
        before = next((one for one in reversed(said[:at]) if one not in ADJECTIVES | {"new", "old", "next"}), "")
        if before in (_PREPOSITION | _TAKING | ACTIONS) - {"own"} or base(before) in ACTIONS:
            return True
    return False


_TAKING = PRESENT | PAST | PAST_OR_PART | {"get", "have", "meet", "see", "become", "need", "want", "being", "having"}
_ENDS = _PREPOSITION | {
    "and",
    "or",
    "but",
    "who",
    "that",
    "which",
    "when",
    "where",
    "is",
    "are",
    "was",
    "if",
    "because",
}
