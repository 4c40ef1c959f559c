"""A Highlight as people type it, made into a sentence of an English letter.

People type fragments: "their 4 day week", "talked about typography lol", "She climbed Kilimanjaro last year!".
``PATTERNS`` is tried in order; the first that fits says what kind of thing was typed, and ``FRAMES`` has, for each
kind, the sentences that it ends, one for each of the people of a panel. What fits none is a note, whose frame always
reads. Nothing is made up: the words are the person's own, turned to face the reader.
"""

from __future__ import annotations

import re
from functools import lru_cache

from sheetflow.letters.english import (
    Reader,
    is_clause,
    is_name,
    is_noun,
    is_past,
    is_plural,
    lower,
    sentence,
    tidied,
    turned,
)
from sheetflow.letters.greeting import is_latin
from sheetflow.letters.vocabulary import (
    ASKING,
    AUXILIARIES,
    BARE_SUBJECTS,
    BOUNDARY,
    DEFINITE,
    LIVED,
    NOTHING,
    PEOPLE,
    TO_ASK,
    UNCOUNTED,
)

VARIANTS = 4
"""So many people of a panel are told the same thing in words of their own."""
LONGEST = 300
"""Characters; a longer text is a note, whatever its pattern."""

FRAMES: dict[str, tuple[str, str, str, str]] = {
    "about": (
        "I especially enjoyed hearing about {}",
        "The part that I remember best is hearing about {}",
        "I have thought more than once since about {}",
        "Of everything that came up, I keep coming back to {}",
    ),
    "liked": (
        "I especially enjoyed {}",
        "The part that I remember best is {}",
        "I have thought back more than once to {}",
        "In my mind I keep coming back to {}",
    ),
    "talk": (
        "I especially enjoyed our conversation about {}",
        "The part that I remember best is our conversation about {}",
        "I have thought back more than once to our exchange about {}",
        "In my mind I keep coming back to our talk about {}",
    ),
    "how": (
        "I especially enjoyed hearing {}",
        "The part that I remember best is hearing {}",
        "It was good to hear {}",
        "I was interested to learn {}",
    ),
    "that": (
        "It was good to hear that {}",
        "What I remember best is that {}",
        "I was interested to learn that {}",
        "In my mind I keep coming back to the fact that {}",
    ),
    "past": (
        "It has stayed with me that {}",
        "What I remember best is that {}",
        "I have thought more than once since about the fact that {}",
        "In my mind I keep coming back to the fact that {}",
    ),
    "quote": (
        "One sentence has stayed with me: {}",
        "I remember one sentence above all: {}",
        "I have thought more than once since about the words {}",
        "In my mind I keep coming back to the words {}",
    ),
    "note": (
        "One thing has stayed with me: {}",
        "I remember one thing above all: {}",
        "There is one thing that I have thought about since: {}",
        "In my mind I keep coming back to one thing: {}",
    ),
    "whole": ("{}", "{}", "{}", "{}"),
}
"""Kind of detail -> the sentence that it ends, by variant."""
FRAMES["topic"] = FRAMES["talk"]
WAYS = (
    "It told me a lot about {how} you work.",
    "That is how I would like to work, too.",
    "It says a lot about you.",
    "It is one of the reasons why I would like to join you.",
)
"""What it means to the writer, where the detail is a way of working."""
APART = {
    "that": "What sets {company} apart for me is that {}",
    "past": "What sets {company} apart for me is that {}",
    "note": "What sets {company} apart for me: {}",
    "quote": "What sets {company} apart for me is a sentence: {}",
    "talk": "I still think of the conversation about {}",
    "whole": "{}",
    "": "What sets {company} apart for me is {}",
}
"""The same for What sets them apart; the last is for all other kinds."""
LATER = {
    "about": "I still think of {}",
    "liked": "I still think of {}",
    "talk": "I still think of the conversation about {}",
    "topic": "I still think of the conversation about {}",
    "how": "I still think of hearing {}",
    "that": "I still think of the fact that {}",
    "past": "I still think of the fact that {}",
    "quote": "One sentence has stayed with me: {}",
    "note": "One thing has stayed with me: {}",
    "whole": "{}",
}
"""A Highlight in a follow-up, which may go to somebody who was not there."""


def detail(text: str, reader: Reader, variant: int = 0) -> str:
    """A Highlight as a sentence; empty where it is none, or where nobody can tell whom a she or he means."""
    kind, words = classify(text, reader)
    if not kind:
        return ""
    variant %= VARIANTS
    told = sentence(FRAMES[kind][variant].format(words))
    if not _is_way(kind, words):
        return told
    return f"{told} {WAYS[variant].format(how='how' if 'the way' in words else 'the way')}"


def apart(text: str, company: str, reader: Reader) -> str:
    """What sets them apart, as a sentence."""
    text = re.sub(r"^(?:the )?(?=(?:only|first) )", "they are the ", text, flags=re.I)
    text = re.sub(r"^(?:the )?(?=(?:best|biggest|largest|oldest) )", "they have the ", text, flags=re.I)
    kind, words = classify(text, reader)
    if kind == "topic":
        kind, words = ("note", words) if is_name(words) else ("", f"your {words}")
    frame = APART.get(kind, APART[""])
    return sentence(frame.format(words, company=company or "you")) if words else ""


NOTHING_SAID = re.compile(
    r"(?:nothing|not (?:much|a lot|really)|can['’]?t remember|don['’]?t remember)\b(?! (?:but|if))"
)
"""How people say in more than one word that there is nothing to tell."""


def is_unclear(text: str, reader: Reader) -> bool:
    """Whether a detail says she or he, and nobody can tell who is meant."""
    return says_something(text) and turned(tidied(text), reader) is None


def says_something(text: str) -> bool:
    """Whether a detail is one: neither empty nor a word for nothing."""
    words = tidied(text).casefold()
    return words not in NOTHING and not NOTHING_SAID.match(words)


def later(text: str, company: str, reader: Reader) -> str:
    """A Highlight as a follow-up has it, weeks afterwards."""
    kind, words = classify(text, reader)
    if _is_way(kind, words):
        return sentence(APART.get(kind, APART[""]).format(words, company=company or "you"))
    return sentence(LATER[kind].format(words)) if kind else ""


def asked(text: str) -> str:
    """A Question as one that can be put to somebody, whether it was typed as a question or as a topic."""
    text = text.strip()
    words = tidied(text)
    words = turned(words, Reader(she="you")) or words
    words = TO_ASK.sub("", words).rstrip("?")
    if not words:
        return ""
    first, second, *_ = (*words.lower().replace("’", "'").replace("'s", " is").split(), "")
    if (
        first in AUXILIARIES
        or (first in ASKING and second in AUXILIARIES)
        or (len(words.split()) > 6 and text[-1] == "?")
    ):
        return f"{words[0].upper()}{words[1:]}?"
    if first in ASKING:
        return f"Could you tell me {lower(words)}?"
    return f"What can you tell me about {lower(words)}?"


# --- what kind of thing was typed ----------------------------------------------------------------------------

_VERY = r"(?:really |very |so |just |quite |especially |particularly |such an? |an? )*"
_GOOD = r"(?:great|good|nice|lovely|interesting|fun|cool|amazing|fantastic|wonderful|fascinating|brilliant|awesome)"
_WHO = r"(?:(?:you|we|they|she|he|i|someone|somebody) )?(?:also )?"
_SHARED = r"shared(?= (?:a|an|the|their|your|some|that|how|about|with)\b)(?: with (?:me|us))?"
_SAID = rf"(?:said|says|mentioned|noted|pointed out|explained|{_SHARED}|told (?:me|us)|described)"
_HEARD = rf"(?:{_SAID}|learned|learnt|learning|heard|hearing|found out|finding out)"
_TALKED = r"(?:talk(?:ed|ing)?|sp(?:oke|eaking)|chat(?:ted|ting)?|discussion|conversation|exchange)"
_LENGTH = r"(?: (?:a lot|lots|a bit|at length|briefly|for [\w ]{1,20}))?"

_LIKED = "liked|loved|enjoyed|appreciated|admired"
_STRUCK = "(?:impress|inspir|touch|mov|intrigu|fascinat|surpris|encourag)ed"
_OPEN = "honest|open|frank|candid|transparent|clear|passionate|enthusiastic|upfront|positive|relaxed"
_LIVING = "meeting|seeing|bonding|comparing|laughing|visiting|being|getting|finding|trying|touring|watching"
_GAVE = (
    "gave|offered|remembered|paid|let|made|invited|introduced|walked|took|put|asked|answered|listened|moved|switched|"
    "launched|opened|grew|won|raised|started"
)
_HAD = (
    "got to|got an?|had an?|spoke (?:with|to)|saw|met|tried|visited|toured|felt|watched|"
    "was (?:shown|offered|invited|asked|given|introduced)"
)
_WITH = "with|on|for|in|at|to|from|the|a|an|your|new|people|things|kids|teams"
_DO = (
    r"care (?:about|for)|hire|ship|focus on|invest in|put|give|treat|let|make|have|do|promote|"
    r"train (?:people|their|every\w*)|work (?:with|on|in|from|closely)|pay (?:for|people|interns|everyone)|"
    r"share (?:their|the|a|profits|what|everything)"
)
_LABEL = rf"{_GOOD}|nb|note|fun fact|highlight|favou?rite|best (?:part|thing|bit)"

PATTERNS: tuple[tuple[str, str, str], ...] = (
    # a label in front comes off: "Cool: they give sabbaticals"
    (rf"(?:{_LABEL})(?: was)? ?[:–-] (.+)", "again", r"\1"),
    # the words of somebody else, and whole sentences of the writer's own
    (r'(["“”«].+["“”»])', "quote", r"\1"),
    (r"(i (?:can|could|may|get to|would get to) .+)", "whole", r"it was good to hear that \1"),
    (r"(i(?:['’]\w+)? .+|it (?:was|felt) .+)", "whole", r"\1"),
    (rf"(?:i )?(?:also )?{_VERY}(?:{_LIKED}|like|love) (?:hearing|learning|finding out) (.+)", "again", r"hearing \1"),
    (rf"(?:i )?(?:also )?({_VERY}(?:{_LIKED}) .+)", "whole", r"I \1"),
    (rf"(?:i )?(?:was |am )?({_VERY}{_STRUCK} (?:by|with|that|to|how) .+)", "whole", r"I was \1"),
    (rf"((?:{_HAD}) .+)", "whole", r"I \1"),
    (r"((?:bonded|laughed|connected|agreed|clicked|joked) (?:over|about|on) .+)", "whole", r"we \1"),
    (r"(we (?:both|share|all|have) .+)", "whole", r"it was good to find that \1"),
    (rf"(we (?!{_TALKED}|discussed).+)", "whole", r"\1"),
    (r"to ((?:see|hear|learn|meet|find|know|talk|read|discover|experience) .+)", "whole", r"it was good to \1"),
    (rf"{_VERY}{_GOOD} (chat|talk|conversation|discussion)", "whole", r"it was a good \1"),
    # a conversation about something
    (rf"{_WHO}{_VERY}(?:{_GOOD} )?{_TALKED}{_LENGTH} (?:about|on|over|re:?|of) (.+)", "talk", r"\1"),
    (rf"{_WHO}discuss(?:ed|ing) (.+)", "talk", r"\1"),
    (rf"{_WHO}asked (?:me|us) ((?:about|how|why|what|whether) .+)", "liked", r"being asked \1"),
    # something heard or seen
    (rf"{_WHO}showed (?:me|us) (.+)", "liked", r"seeing \1"),
    (rf"when (?:you|she|he|they) ({_SAID} .+)", "again", r"\1"),
    (r"(?:you )?(explained .+ (?:well|clearly|patiently))", "that", r"you \1"),
    (r"(you (?:also )?explained .+)", "liked", r"how \1"),
    (rf"{_WHO}{_HEARD} (?:about )?((?:how|why|what|where|when) .+)", "again", r"\1"),
    (rf"{_WHO}{_HEARD} about (.+)", "about", r"\1"),
    (rf"{_WHO}{_HEARD} that (.+)", "that", r"\1"),
    (rf"{_WHO}(?:learned|learnt|heard|found out) ((?:you|we|there|everyone|nobody|people|it) .+)", "that", r"\1"),
    (rf"{_WHO}{_SAID} (.+)", "again", r"\1"),
    (r"(?:the fact that|the fact|that) (\S+ .+)", "that", r"\1"),
    (rf"(what you {_SAID} .+)", "liked", r"\1"),
    (r"((?:how to|whether) .+)", "topic", r"\1"),
    (r"((?:how|why|what|where) (?!about)\S+ .+)", "how", r"\1"),
    # a manner, an activity, a state
    (r"(the way .+)", "liked", r"\1"),
    (rf"{_VERY}((?:{_OPEN}) )(about .+)", "liked", r"how \1you were \2"),
    (r"(?:everything )?about (.+)", "about", r"\1"),
    (rf"((?:{_LIVING}) .+)", "liked", r"\1"),
    (rf"([a-z]{{3,}}ing (?:\w+ly |together )?(?:{_WITH}) .+)", "topic", r"\1"),
    (rf"((?:{_GAVE}) .+)", "again", r"you \1"),
    (rf"((?:(?:actually|really|always|even|still) )?(?:{_DO}) .+)", "again", r"you \1"),
    (r"(no (?!one\b|longer\b|matter\b)\S+(?: .+)?)", "that", r"you have \1"),
    (r"([\w-]+-(?:first|driven|led|owned|funded|friendly|focused)(?: since .+)?)", "that", r"you are \1"),
    (r"(\w+ enough to .+|not (?:just )?another .+)", "that", r"you are \1"),
    (r"((?:shared|mutual|common) .+)", "liked", r"our \1"),
)
"""(what is typed, its kind, the words of it that go into the frame); ``again``: what is left is looked at anew."""
_COMPILED = [(re.compile(pattern, re.I | re.S), kind, words) for pattern, kind, words in PATTERNS]


@lru_cache(maxsize=1024)
def classify(text: str, reader: Reader) -> tuple[str, str]:
    """The kind of a detail (a key of ``FRAMES``; empty: nothing can be said) and its words, as the kind wants them."""
    typed = turned(tidied(text), reader) if says_something(text) else None
    if typed is None:
        return "", ""
    if len(typed) > LONGEST or not is_latin(typed):
        return "note", typed
    first, *others = re.split(r"(?<=[a-z]{3}[.!?]) +(?=[A-Z])", typed)
    kind, words = _kind(lower(first))
    if not others:
        return kind, words
    return (kind, " ".join([words, *others])) if kind in ("that", "past", "whole") else ("note", typed)


def _kind(words: str) -> tuple[str, str]:
    """The first pattern that fits; some take a beginning off, and what is left is looked at again."""
    for pattern, kind, made in _COMPILED:
        if match := pattern.fullmatch(words):
            words = match.expand(made) if kind == "quote" else lower(match.expand(made))
            if kind == "again":
                return _kind(words)
            return "past" if kind == "that" and is_past(words) else kind, words
    return _phrase(words)


def _phrase(words: str) -> tuple[str, str]:
    """What no pattern knows: a clause, a noun with an article or the like before it, a bare noun, or a note."""
    if is_clause(words):
        if words.startswith("my "):
            return "whole", words
        if words.split(" ", 1)[0].lower() in BARE_SUBJECTS | PEOPLE:
            words = f"the {words if words[1].isupper() else words[0].lower() + words[1:]}"
        return "past" if is_past(words) else "that", words
    nouns = BOUNDARY.split(words)[0].split()
    if not is_noun(nouns, words):
        return "note", words
    head = nouns[-1].lower()
    if re.match(rf"{_GOOD}\b", words, flags=re.I):
        return "liked", f"the {words}"
    if not DEFINITE.match(words):
        named = is_name(words) or (
            nouns[-1][0].isupper() and not re.match(r"(?:new|old|own|next|first)\b", words, re.I)
        )
        if head not in LIVED and (is_plural(head) or named or UNCOUNTED.search(head)):
            return "topic", words
        words = f"the {words}"
    return "liked" if head in LIVED else "about", words


def _is_way(kind: str, words: str) -> bool:
    """Whether a detail tells how they work, so that it can mean something for the job."""
    return kind in _WAY and _WAY[kind].match(words) is not None


_HABITS = (
    "promote|do|give|let|trust|share|write|teach|pair|rotate|review|celebrate|encourage|invest|support|train|mentor|"
    "answers?|trusts|shares|reads|writes|makes? time|put"
)
_PRACTICES = (
    "rule|policy|culture|approach|practices?|habits?|tradition|commitment|process|program(?:me)?|week|training|values|"
    "mission|mentorship|mentoring|ownership|autonomy|flexibility|reviews|retrospectives|post-mortems|onboarding|focus|"
    "emphasis|philosophy"
)
_HOW_YOU = r"(?:how|the way) (?:you|your|everyone|people|juniors|teams?)\b(?! (?:were|was|explained))"
_YOUR_PRACTICE = rf"your (?:[\w-]+ ){{0,3}}(?:{_PRACTICES})\b"
_WAY = {
    "how": re.compile(_HOW_YOU),
    "liked": re.compile(f"{_HOW_YOU}|{_YOUR_PRACTICE}"),
    "about": re.compile(_YOUR_PRACTICE),
    "talk": re.compile(_YOUR_PRACTICE),
    "that": re.compile(rf"(?:you|everyone|everybody|people|nobody)(?: all| always| really)? (?:{_HABITS})\b"),
}
