"""A Highlight as people type it, made into a sentence of an English letter.

People type fragments: "their 4 day week", "talked about typography lol", "She climbed Kilimanjaro last year!".
``PATTERNS`` is tried in order; the first that fits says what kind of thing was typed, and ``FRAMES`` has, for each
kind, the sentences that it completes, one for each of the people of a panel. What no pattern knows is looked at as a
clause or as a noun. Of several fragments the first that can be said is said. What cannot be said with certainty is
left out of the letter, and ``Why`` asks for it in other words: nobody is sent a sentence that does not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from zlib import crc32

from sheetflow.letters.doubt import doubt
from sheetflow.letters.english import (
    Reader,
    base,
    gerund,
    head_of,
    is_clause,
    is_name,
    is_noun,
    is_past,
    is_person,
    is_plural,
    lower,
    sentence,
    tidied,
    tokens,
    turned,
    verb_at,
)
from sheetflow.letters.greeting import is_latin
from sheetflow.letters.vocabulary import (
    ACTIONS,
    ADJECTIVES,
    ADVERBS,
    ALSO_NOUNS,
    ASKING,
    AUXILIARIES,
    BARE_SUBJECTS,
    COMMON,
    COMPANY,
    CONNECTED,
    COUNTABLE,
    COUNTED,
    DANGLING,
    DEFINITE,
    FEATURES,
    FOREIGN,
    HUMAN,
    LIVED,
    MASS,
    NOTHING,
    OTHERS,
    PERKS,
    POINTING,
    PREPOSITIONS,
    PRONOUN,
    SAD,
    TO_ASK,
    UNCOUNTED,
)

VARIANTS = 4
"""So many people of a panel are told the same thing in words of their own."""
LONGEST = 300
"""Characters; what has no full stop for so long is no note."""

FRAMES: dict[str, tuple[str, str, str, str]] = {
    "about": (
        "I especially enjoyed hearing about {}",
        "I was glad to hear about {}",
        "I really liked hearing about {}",
        "It was interesting to hear about {}",
    ),
    "seen": (
        "I really liked {}",
        "I particularly liked {}",
        "One thing I'll remember is {}",
        "I especially liked {}",
    ),
    "talk": (
        "I enjoyed talking with you about {}",
        "Our conversation about {} has stayed with me",
        "I was glad that we talked about {}",
        "I really enjoyed our conversation about {}",
    ),
    "how": (
        "I enjoyed hearing {}",
        "I loved hearing {}",
        "I really liked hearing {}",
        "It was good to hear {}",
    ),
    "struck": (
        "I was struck by {}",
        "I really liked {}",
        "I appreciated {}",
        "One thing I'll remember is {}",
    ),
    "that": (
        "I liked hearing that {}",
        "I was glad to hear that {}",
        "It was good to hear that {}",
        "I loved hearing that {}",
    ),
    "past": (
        "I loved hearing that {}",
        "I enjoyed hearing that {}",
        "It was interesting to hear that {}",
        "I liked hearing that {}",
    ),
    "did": (
        "I appreciated that {}",
        "It meant a lot to me that {}",
        "I was glad that {}",
        "I liked that {}",
    ),
    "need": (
        "You mentioned that {}, and I'd love to be that person",
        "I remember that {}; I'd be glad to be that person",
        "I was glad to hear that {}, because that is what I'd like to do",
        "When you said that {}, I thought that I'd like to be that person",
    ),
    "saw": (
        "I liked that {}",
        "I'll remember that {}",
        "It was nice that {}",
        "I really liked that {}",
    ),
    "quote": (
        "The line {} has stayed with me",
        "I really liked the line {}",
        "I've thought about the line {} since",
        "I'll remember the line {}",
    ),
    "whole": ("{}", "{}", "{}", "{}"),
}
"""Kind of detail -> the sentence that it completes, by variant."""
ABSENT = {"talk": "I enjoyed the conversation about {}", "need": "I was glad to hear that {}"}
"""The same, to somebody who was not there."""
APART = ("What sets {company} apart for me is {}", "What draws me to {company} is {}",
         "One reason I'd like to join {company} is {}")  # fmt: skip
"""The same for What sets them apart; the first is also for a company without a name."""
APART_WHOLE = {"quote": "I often think of the line {}", "whole": "{}"}
TIES = (
    ("{}, which is one reason I'd like to join you", "It made me want to join you even more."),
    ("", "That counts for a lot with me."),
    ("", "Things like that matter to me in a job."),
    ("", "You don't find that everywhere."),
)
"""What it means to the writer, where the detail is a way of working: within a short sentence, or behind a long one."""
SHORT_ENOUGH = 14
"""Words of a detail that a ``which`` may follow."""


def opening(text: str) -> int:
    """Which of the equally good openings a text has: the same every day, another for another text."""
    return crc32(text.encode("utf-8", "surrogatepass"))


def detail(text: str, reader: Reader, variant: int = 0, *, tied: bool = True, start: int = 0) -> str:
    """A Highlight as a sentence; empty where none can be made of it. ``tied``: with what it means to the writer.

    ``start`` is the opening of the first variant.
    """
    kind, words = classify(text, reader)
    if not kind:
        return ""
    variant, begins = variant % VARIANTS, (variant + start) % VARIANTS
    if FRAMES[kind][begins][-1] != "}" and ("," in words or len(words.split()) > SHORT_ENOUGH // 2):
        begins = 0  # nothing hangs behind what is long
    frame = FRAMES[kind][begins] if reader.there else ABSENT.get(kind, FRAMES[kind][begins])
    if kind == "did" and not reader.there:
        words = re.sub(r"^you ", "your team ", words)
    told = _contracted(frame.format(words))
    if not tied or not _is_way(kind, words):
        return sentence(told)
    within, behind = TIES[variant]
    if within and len(told.split()) <= SHORT_ENOUGH and "," not in told:
        return sentence(within.format(told))
    return f"{sentence(told)} {behind}"


def _contracted(told: str) -> str:
    """As people write: ``you're hiring``, ``you've been``."""
    if not re.search(r"\bhow [\w-]+ you are\b", told):
        told = re.sub(r"\b([Yy]ou) are (?=\w)", r"\1're ", told)
    return re.sub(r"\b([Yy]ou) have (?=been\b|had\b)", r"\1've ", told)


def apart(text: str, company: str, reader: Reader, start: int = 0) -> str:
    """What sets them apart, as a sentence."""
    kind, words = classify(_of_theirs(text), reader)
    if kind == "need" or not kind:
        return ""
    if kind in ("about", "talk", "seen") and not DEFINITE.match(tidied(text)):
        words = re.sub(r"^the (?=[a-z])(?!(?:fact|way)\b)", "your ", words)
        if not is_name(words) and not re.match(r"[a-z]+ing\b", words) and not DEFINITE.match(words):
            words = f"your {words}"
    return _set_apart(kind, words, company, start)


def _set_apart(kind: str, words: str, company: str, start: int) -> str:
    frame = APART_WHOLE.get(kind) or APART[start % len(APART) if company else 0]
    clause = "that " if kind in ("that", "past", "did", "saw") else ""
    return sentence(_contracted(frame.format(clause + words, company=company or "you")))


def later(text: str, company: str, reader: Reader, start: int = 0) -> str:
    """A Highlight as a follow-up has it, weeks afterwards: in other words than in the thank-you."""
    kind, words = classify(text, reader)
    if _is_way(kind, words):
        return _set_apart(kind, words, company, start)
    return detail(text, reader, 1, tied=False, start=start)


def kept(text: str, reader: Reader, start: int = 0) -> str:
    """A Highlight in a letter that parts: what one enjoyed, and nothing about wanting to come."""
    kind, words = classify(text, reader)
    wants_to_come = kind == "need" or (kind == "whole" and not re.search(r"\b(?:enjoyed|liked|loved|good to)\b", words))
    return "" if wants_to_come else detail(text, reader, tied=False, start=start)


def _of_theirs(text: str) -> str:
    """What is typed about them without saying so, as said of them."""
    words = tidied(text)
    words = re.sub(r"^(?:the )?(?=(?:only|first)\b.* )", "they are the ", words, flags=re.I)
    words = re.sub(r"^(?:the )?(?=(?:best|biggest|largest|oldest|strongest) )", "they have the ", words, flags=re.I)
    first = (tokens(words) or [""])[0]
    if first in ACTIONS | ALSO_NOUNS and re.match(
        rf"\S+ (?:the|a|an|their|every|everyone|people|{PREPOSITIONS})\b", words
    ):
        return f"they {lower(words)}"
    if base(first) and len(words.split()) > 1:
        return f"they {base(first)} {words.split(' ', 1)[1]}"
    return words


NOTHING_SAID = re.compile(
    r"(?:nothing|not (?:much|a lot|really)|can['’]?t remember|don['’]?t (?:remember|know))\b(?! (?:but|if))"
)
"""How people say in more than one word that there is nothing to tell."""


def is_unclear(text: str, reader: Reader) -> bool:
    """Whether a detail says she or he, and nobody can tell who is meant."""
    return says_something(text) and turned(tidied(text), reader) is None


def says_something(text: str) -> bool:
    """Whether a detail is one: neither empty nor a word for nothing."""
    words = tidied(text).casefold()
    return words not in NOTHING and not NOTHING_SAID.match(words)


_WH = "how|why|what|when|where|who|which|whose|if|whether"
_DIRECT = re.compile(
    r"(?:how (?:often|long|many|much|big|soon|early|far|well|flexible|large|hard)\b.*?"
    r"|(?:what|which|whose)(?: (?!the\b|your\b|a\b|you\b|kind of\b)\w+){0,3}?"
    rf"|(?:{_WH})) (?:{'|'.join(sorted(AUXILIARIES))})\b",
    re.I,
)


def asked(text: str) -> str:
    """A Question as one that can be put to somebody, whether it was typed as a question or as a topic.

    A question begins small, as it stands behind a colon.
    """
    text = text.strip()
    words = tidied(text)
    words = turned(words, Reader(she="you")) or words
    words = TO_ASK.sub("", words).rstrip("? ")
    if not words:
        return ""
    first = tokens(words.replace("'s ", " is "))[0]
    whole = re.sub(r"^(\w+)['’]s ", r"\1 is ", words)
    if first in AUXILIARIES or (first not in ("if", "whether") and _DIRECT.match(whole)) or _asks_who(words):
        return f"{_small(words)}?"
    if first in ASKING:
        words = re.sub(r"^if\b", "whether", words, flags=re.I)
        return f"Could you tell me {_small(words)}?"
    if len(words.split()) > 6 and text[-1] == "?":
        return f"{lower(words)}?"
    words = re.sub(r"^next\b", "the next", words, flags=re.I)
    kind, topic = _phrase(lower(words))
    if kind in ("about", "talk", "seen"):
        return f"Could you tell me a little more about {topic}?"
    if re.match(r"[a-z]+ing\b|(?:the|your|any)\b", lower(words)) or not is_clause(words):
        return f"Could you tell me a little more about {lower(words)}?"
    return f"{lower(words)}?"


def _asks_who(words: str) -> bool:
    """Whether a who is itself the subject, so that the words are a question as they stand: ``who owns …``."""
    match = re.match(r"(?:who|what|which team) ([a-z]+)\b", words, re.I)
    return match is not None and bool(base(match[1].lower()))


def _small(words: str) -> str:
    return words[0].lower() + words[1:]


# --- what kind of thing was typed ----------------------------------------------------------------------------

_VERY = r"(?:really |very |so |super |just |quite |especially |particularly |such an? |an? )*"
_GOOD = r"(?:great|good|nice|lovely|interesting|fun|cool|amazing|fantastic|wonderful|fascinating|brilliant|awesome)"
_WHO = r"(?:(?:you|we|they|she|he|i|someone|somebody) )?(?:also )?"
_NAME = r"(?!Our\b|Your\b|The\b|They\b|We\b|You\b)(?-i:[A-Z])[\w’'-]+(?: (?-i:[A-Z])[\w’'-]+)?(?:, [^,]{3,40},)?"
_SHARED = r"shared(?= (?:a|an|the|their|your|some|that|how|about|with)\b)(?: with (?:me|us))?"
_SAID = rf"(?:said|says|mentioned|noted|pointed out|explained|{_SHARED}|told (?:me|us)|described)"
_HEARD = rf"(?:{_SAID}|learned|learnt|learning|heard|hearing|found out|finding out)"
_TALKED = r"(?:talk(?:ed|ing)?|sp(?:oke|eaking)|chat(?:ted|ting)?|discussion|conversation|exchange)"
_LENGTH = r"(?: (?:a lot|lots|a bit|at length|briefly|for [\w ]{1,20}))?"
_ADJ = rf"(?:{'|'.join(sorted(ADJECTIVES))})"

_LIKED = "liked|loved|enjoyed|appreciated|admired"
_STRUCK = "(?:impress|inspir|touch|mov|intrigu|fascinat|surpris|encourag)ed"
_OPEN = "honest|open|frank|candid|transparent|clear|passionate|enthusiastic|upfront|positive|relaxed"
LIVING = {"saw": "seeing", "met": "meeting", "tried": "trying", "visited": "visiting", "toured": "touring",
          "watched": "watching", "had": "having", "got": "getting"}  # fmt: skip
"""What the writer did, as something that one may have liked."""
_LIVING = (
    r"meeting|seeing|bonding|comparing|laughing|visiting|being|listening|sitting in|shadowing|walking|solving|"
    r"getting (?:to|shown|asked|a|the|my)|finding|trying|touring|watching|hearing"
)
_TO_ME = (
    "sent|gave|offered|remembered|paid|let|invited|introduced|walked|took|asked|answered|listened|showed|made|explained"
)
_GREW = "grew|won|raised|launched|opened|switched|moved|rewrote|rebuilt|built|doubled|put|started"
_WITH = (
    "(?-i:[A-Z])\\w*|with|on|for|in|at|to|from|the|a|an|your|new|people|things|kids|teams|it|out|up|through|how|what"
)
_LABEL = rf"{_GOOD}|nb|note|fun fact|highlight|favou?rite|best (?:part|thing|bit)|me too"
_HUMAN = (
    r"(?:the |your )?(?:\w+ )?(?:panel|interviewers?|receptionist|everyone|everybody|guide|interview|people|nurses?)"
)

PATTERNS: tuple[tuple[str, str, str], ...] = (
    # what a letter does not say
    (rf"{_VERY}{_GOOD} (?:chat|talk|conversation|discussion|interview|people|vibes?|energy|office|place|building|team|"
     r"company|atmosphere|(?:culture )?fit|match)|lots of learning|(?:the )?small things", "", ""),
    (r"no (?:answer|idea|plans?|clue|decision|info\w*|details?|news|exceptions?|joke|problem|doubt|question)\b.*",
     "", ""),
    # the words of somebody else
    (r'(["“”«][^"“”«»]+["“”»])(?: (?:i )?(?:really )?(?:loved?|liked?) (?:that|this|it))?', "quote", r"\1"),
    (r'((?:the |your |his |her |our )?(?:\w+ ){0,5}\w+)(?: was)?: (["“].+["”])', "again", r"\1, \2"),
    (rf"{_WHO}said (?:that )?((?:i['’]\w+|my) .+)", "did", r"you said \1"),
    (r"(the (?!way\b)(?:\w+ )?\w+) (?:told (?:me|us)|said|says|mentioned|explained)(?: that)? "
     r"((?!about|how|what|why).+)", "whole", r"it was good to hear from \1 that \2"),
    (rf"({_NAME}) (?:also )?(?:said|says|mentioned|explained|told (?:me|us))(?: that)? ((?!about|how|what|why).+)",
     "whole", r"it was good to hear from \1 that \2"),
    (rf"({_NAME}) (?:explained|told (?:me|us)|talked|spoke) ((?:about|how|what|why) .+)", "whole",
     r"I enjoyed hearing from \1 \2"),
    # whole sentences of the writer's own
    (r"(i (?:can|could(?! (?:imagine|see|picture|feel))|may|get to|would get to) .+)",
     "whole", r"I like the idea that \1"),
    (r"(i(?:['’]d| would) (?:get|have|be|work|lead|own|help|run|build|start) .+)", "whole", r"I like the idea that \1"),
    (rf"(?:i )?(?:also )?({_VERY}(?:{_LIKED}) .+|{_VERY}(?:love|like) (?:the|how|that|your|what) .+)",
     "whole", r"I \1"),
    (r"(?:learned|learnt) (a lot|so much|lots|plenty) (about|from) (.+)", "whole", r"I learned a lot \2 \3"),
    (r"(i(?:['’]\w+)? .+|it (?:was|felt) .+)", "whole", r"\1"),
    (rf"(?:i )?(?:was |am )?({_VERY}{_STRUCK} (?:by|with|that|to|how) .+)", "whole", r"I was \1"),
    (r"was told (?:that )?((?!about\b|how\b|what\b|why\b|to\b).+)", "again", r"that \1"),
    (r"was ((?:shown|offered|invited|asked|given|introduced) .+)", "whole", r"I was glad to be \1"),
    (rf"((?:{'|'.join(LIVING)}) .+)", "lived", r"\1"),
    (r"((?:bonded|laughed|connected|agreed|clicked|joked) (?:over|about|on) .+)", "whole", r"we \1"),
    (r"(we (?:both|share|all|have|are both|were both) .+)", "whole", r"it was good to find that \1"),
    (rf"(we (?!{_TALKED}|discussed).+)", "saw", r"\1"),
    (r"((?:talked|went|walked|worked) through .+)", "saw", r"we \1"),
    (r"(\w+) first", "that", r"you put \1 first"),
    (r"to ((?:see|hear|learn|meet|find|know|talk|read|discover|experience) .+)", "whole", r"it was good to \1"),
    # a conversation about something
    (rf"{_WHO}(?:talked|spoke|chatted|chat|talk) (?:with|to) (\S.{{1,40}}?) about (.+)", "whole",
     r"I enjoyed talking with \1 about \2"),
    (r"(?:i )?(?:spoke|talked|chatted) (?:with|to) (.+)", "whole", r"I enjoyed speaking with \1"),
    (rf"{_WHO}{_VERY}(?:{_GOOD} )?(?!.* by [A-Z]){_TALKED}{_LENGTH} (?:about|on|over|re:?|of) (.+)", "topic", r"\1"),
    (rf"{_WHO}talked ([\w-]+)(?: for .+)?", "topic", r"\1"),
    (rf"{_WHO}discuss(?:ed|ing) (.+)", "topic", r"\1"),
    # something heard or seen
    (rf"when (?:you|she|he|they) ({_SAID} .+)", "again", r"\1"),
    (r"(?:you )?(explained .+ (?:well|clearly|patiently))|you (?:also )?(explained .+)", "seen", r"how you \1\2"),
    (rf"{_WHO}{_HEARD} (?:about )?((?:how|why|what|where|when) .+)", "again", r"\1"),
    (rf"{_WHO}{_HEARD} (?:all |a bit |more )?about (.+)", "again", r"about \1"),
    (rf"{_WHO}{_HEARD} that (.+)", "again", r"that \1"),
    (rf"{_WHO}(?:learned|learnt|heard|found out) ((?:you|we|there|everyone|nobody|people|it) .+)", "again", r"that \1"),
    (rf"{_WHO}{_SAID} (.+)", "again", r"\1"),
    (r"(?:the fact that|the fact|that) (\S+ .+)", "clause", r"\1"),
    (rf"(what you {_SAID} .+)", "seen", r"\1"),
    (r"((?:how to|whether) .+)", "talk", r"\1"),
    (rf"(how (?:{HUMAN}|proud|clean|modern|organi[sz]ed|quiet|busy|fast|small|big) .+ (?:was|were|is|are)\b.*)",
     "struck", r"\1"),
    (r"((?:how|why|what|where) (?!about)\S+ .+)", "how", r"\1"),
    # what they want of somebody
    (r"(?:you )?(?:also )?((?:want|need|look for) (?:someone|somebody|a person) .+)", "need", r"you \1"),
    (r"(?:you(?:['’]re| are) )?(looking for (?:someone|somebody|a person) .+)", "need", r"you are \1"),
    (r"only (\w+ \w+s (?:per|in|for) .+)", "that", r"there are only \1"),
    (r'(["“][^"“”]+["”] [a-z]+)', "about", r"the \1"),
    (r"(you (?:all |both )?(?:seem|seemed|looked|sounded|felt) .+)", "saw", r"\1"),
    (r"((?:interest in|curiosity about|questions about|feedback on|comments on) my .+)", "seen", r"your \1"),
    (r"(my .+)", "mine", r"\1"),
    (r"(.+s) ((?:encouraged|welcome|allowed|published|shared|included|covered|paid))", "that", r"\1 are \2"),
    (r"(want|plan|hope|aim|intend)s? to (.+)", "clause", r"you \1 to \2"),
    (r"((?:lots|plenty|a lot) of .+)", "exists", r"\1"),
    # a manner, an activity, a state
    (r"(the way .+)", "seen", r"\1"),
    (rf"{_VERY}((?:{_OPEN}) )(about .+)", "struck", r"how \1you were \2"),
    (r"(?:you(?: are|['’]re) )?((?:a )?(?:(?:small|tiny|big|young|diverse|international|bilingual|close-knit|new|"
     r"tight-knit|cross-functional|growing|\w+-person) )+(?:team|company|family|firm|crew)(?: (?:but|with|of) .+)?)",
     "are", r"\1"),
    (r"everything about (.+)|about (.+)", "about", r"\1\2"),
    (rf"((?:{_LIVING}) (?!is\b|are\b|was\b|were\b|has\b).+)", "seen", r"\1"),
    (rf"((?:{_TO_ME}) .+)", "clause", r"you \1"),
    (rf"((?:{_GREW}) (?!as\b|out\b|here\b).+)", "past", r"you \1"),
    (r"((?:growing|hiring|expanding) (?:fast|quickly|in|to|into|again|soon|this|next|more|rapidly)\b.*)",
     "that", r"you are \1"),
    (r"(\w+ (?:over|within|for|before|after|on|in|to|at) (?!(?:the|a|an|my|your)\b)[\w-]+ (?:mindset|promise|policy|"
     r"rule|approach|projects?|program(?:me)?|attitude|principle|system|guarantee|scheme|event))", "about", r"the \1"),
    (rf"((?:using|[a-z]{{3,}}ing) (?:\w+ly |together )?(?:{_WITH})\b.*)", "talk", r"\1"),
    (rf"((?:(?:actually|really|always|even|still) )?(?:{COMPANY}) .+)", "clause", r"you \1"),
    (r"(no (?!one\b|longer\b|matter\b)\S.* (?:in|for|since) (?:\d|the last|over|a |years).*)",
     "that", r"you have had \1"),
    (r"(no \w+ing)", "that", r"there is \1"),
    (r"(no (?!one\b|longer\b|matter\b)\S+(?: .+)?)", "that", r"you have \1"),
    (rf"((?:\w+[- ](?:{FEATURES})|open[- ]source|non-?profit|b[- ]corp)"
     rf"(?: (?:{PREPOSITIONS})\b.+| (?:and|but) (?:not )?{_ADJ})?)", "are", r"\1"),
    (r"((?:big|keen|strict|serious|careful|generous|flexible|good|great|strong) (?:on|about|with|at) .+)", "that",
     r"you are \1"),
    (r"(?:the )?((?:only|first|oldest|biggest|largest) (?:company|firm|lab|team|school|shop|hospital|clinic|place|"
     r"employer|agency|studio|bakery|museum|charity)\b.*)", "that", r"you are the \1"),
    (r"((?:owned|run|founded|led|started|funded|based) (?:by|in) .+)", "that", r"you are \1"),
    (r"(\w+ enough to .+|not (?:just )?(?:another|an?|your) .+)", "that", r"you are \1"),
    (r"((?:shared|mutual|common) (?:love|interest|passion|taste|background|history|friend)\b.*)", "seen", r"our \1"),
)  # fmt: skip
"""(what is typed, its kind, the words of it that go into the frame); ``again``: what is left is looked at anew;
``clause``, ``topic`` and ``are`` are worked out below; no kind: nothing is said."""
_COMPILED = [re.compile(pattern, re.I | re.S) for pattern, _, _ in PATTERNS]


@lru_cache(maxsize=1024)
def classify(text: str, reader: Reader) -> tuple[str, str]:
    """The kind of a detail (a key of ``FRAMES``; empty: nothing can be said) and its words, as the kind wants them."""
    typed = turned(tidied(text), reader) if says_something(text) else None
    if not typed or typed.split(" ", 1)[0] in FOREIGN or not is_latin(typed):
        return "", ""
    if reader.she == "you" and base(tokens(typed)[0]) in ACTIONS | {"help", "pay", "use", "love"} and " " in typed:
        typed = f"you {base(tokens(typed)[0])} {typed.split(' ', 1)[1]}"  # "helps refugees find work"
    first, *others = re.split(r"(?<!\bProf\.)(?<=[a-z]{3}[.!?]) +(?=[A-Z])", typed)
    if len(first) > LONGEST or re.match(r"\w+(?:, \w+){2,}", first):  # "ownership, speed, honesty" are no sentence
        return "", ""
    for number, piece in enumerate(_pieces(first)):
        if not piece or DANGLING.search(piece) or (number and POINTING.search(piece)) or doubt(piece):
            continue
        kind, words = _kind(lower(piece))
        if kind in ("about", "talk", "seen", "mine"):
            words = _without_aside(words)
        if kind and words and not doubt(words) and not re.match(r"(?:was|were|is|are)\b", words):
            goes_on = others and kind in ("that", "past", "whole", "did") and all(map(is_clause, others))
            return kind, " ".join([f"{words}.", *others]).removesuffix(".") if goes_on else words
    return "", ""


def _without_aside(words: str) -> str:
    """A noun without the clause of its own behind it: ``my gap year and he didn't mind``."""
    head, _, tail = re.sub(r",? (?:and|but) ", "\0", words, count=1).partition("\0")
    goes_on = re.search(r"\b(?:how|why|what|who|way|when|that|if|where|which|whether)\b", head)
    return head if tail and is_clause(tail) and not goes_on else words


def _pieces(typed: str) -> Iterator[str]:
    """The fragments of a note, one after the other: what stands behind a comma or a dash is often another one."""
    typed = re.sub(rf"^(?:{_LABEL})(?: was)? ?[:–-] +", "", typed, flags=re.I)  # "Cool: they give sabbaticals"
    typed = re.sub(r'["“][^"“”]*["”]', lambda match: match[0].replace(",", "\0"), typed)
    typed = re.sub(r" ?\((?![A-Z][\w.’' -]{1,30}\))[^()]*\)", "", typed)
    if re.fullmatch(r"[^,;:.]+(?:, [^,;:.]+)+,? and [^,;:.]+", typed) and not is_clause(typed.split(",")[0]):
        listed = re.split(r",? and |, ", typed)
        if all(is_noun(head_of(one), one) for one in listed):
            yield typed
            return
    for part in re.split(
        r"(?<!\bProf)(?<!\b[DMS][rst])(?<!\bMrs)(?<=\w)[.!?;]+ +| [-–—/|]+ |(?<!\bre): (?![\"“])", typed
    ):
        pieces: list[str] = []
        for piece in re.split(r", +", part):
            belongs = CONNECTED.match(piece) or re.match(rf"{_NAME}$", pieces[-1] if pieces else "")
            apposed = pieces and re.match(r"[A-Z]\w+, the other|.*, (?:the|an?|my|your) [\w ]+$", pieces[-1])
            aside = bool(pieces) and re.match(r"(?:the|an?) [\w ]+$", piece) and re.match(rf"{_NAME}$", pieces[-1])
            if pieces and (belongs or aside or apposed):
                pieces[-1] = f"{pieces[-1]}, {piece}"
            else:
                pieces.append(piece)
        for piece in pieces:
            head, _, tail = piece.partition(" and ")
            yield (head if SAD.search(tail) else piece).replace("\0", ",")


def _kind(words: str) -> tuple[str, str]:
    """The first pattern that fits; some take a beginning off, and what is left is looked at again."""
    if PERKS.search(words):
        return "", ""
    at, match = fitting(words)
    if match is None:
        return _phrase(words)
    _, kind, made = PATTERNS[at]
    return _made(kind, match.expand(made) if kind == "quote" else lower(match.expand(made)))


def fitting(words: str) -> tuple[int, re.Match[str] | None]:
    """The place in ``PATTERNS`` of the first that fits, and how; -1 and ``None`` for none."""
    fits = ((at, pattern.fullmatch(words)) for at, pattern in enumerate(_COMPILED))
    return next(((at, match) for at, match in fits if match), (-1, None))


def _made(kind: str, words: str) -> tuple[str, str]:
    """What a pattern leaves to be worked out."""
    match kind:
        case "again":
            return _kind(words)
        case "topic":
            made, of = _phrase(words)
            counted = tokens(head_of(words)[-1])[0] in COUNTABLE if head_of(words) else False
            return ("talk", of if made in ("about", "seen") and (counted or _is_known_of(words)) else words)
        case "mine":
            if is_clause(words):
                return "whole", f"I was glad that {words}"
            return ("", "") if re.search(r"\b[a-z]{3,}ed\b", words) else ("talk", words)
        case "exists":
            if verb_at(words):
                return _clause(words)
            return "that", f"there {'are' if is_plural(head_of(words.split(' of ', 1)[1])[-1]) else 'is'} {words}"
        case "lived":
            if SAD.search(words):
                return "", ""
            did, rest = words.split(" ", 1)
            return "seen", f"{LIVING[did.lower()]} {rest}"
        case "about":
            made, of = _phrase(words)
            return ("about", of if made in ("about", "seen") else words)
        case "clause":
            return _clause(words)
        case "are":
            are = (
                "have been"
                if re.search(r"\bsince\b|\bfrom (?:day|the)\b|\bfor (?:\d|over|more|years)", words)
                else "are"
            )
            return "that", f"you {are} {_with_article(_hyphened(words))}"
        case "":
            return "", ""
    return kind, words


def _is_known_of(words: str) -> bool:
    """Whether a topic is one thing that both know of: ``the roadmap``, ``the new warehouse``."""
    return (
        len(head_of(words)) == 1
        or re.match(r"(?:new|upcoming|recent|current|future|latest|next|old)\b", words) is not None
    )


def _hyphened(words: str) -> str:
    """``mission driven`` as ``mission-driven``."""
    return re.sub(rf"^(\w+) ({FEATURES})(?= |$)", r"\1-\2", words, flags=re.I)


def _with_article(words: str) -> str:
    """``small team`` as ``a small team``."""
    noun = re.match(r"(?:[\w-]+ )+(?:team|company|family|firm|crew)\b|b[- ]corp|non-?profit$", words, re.I)
    words = re.sub(r" but (?!not\b|still\b)", " with ", words) if noun else words
    return f"a {words}" if noun and not words.startswith("a ") else words


def _phrase(words: str) -> tuple[str, str]:
    """What no pattern knows: a clause, a noun with an article or the like before it, a bare noun; or nothing sure."""
    if is_clause(words):
        return _clause(words)
    cut = re.match(r"(.+?) (?:and|but) (.+)", words)
    if cut and is_clause(cut[2]):  # "an open kitchen and the chef knows everyone"
        return _phrase(cut[1])
    words = re.sub(r"^(?:very|super|really|so|quite) ", "", words)
    nouns = head_of(words)
    if not is_noun(nouns, words):
        first = words.split(" ", 1)[0].lower()
        if first in ACTIONS - ALSO_NOUNS and re.match(
            rf"\S+ (?:{PREPOSITIONS}|\w+s|your|my|people)\b", words
        ):  # "translate for courts"
            return "talk", f"{gerund(first)} {words.split(' ', 1)[1]}"
        if re.fullmatch(r"[a-z]{3,}ing", first) and first not in NO_GERUND:  # "writing tests first"
            return "talk", words
        return "", ""
    head = nouns[-1].lower().strip("“”\"'")
    if re.search(r"\b(?:boss|manager|supervisor)$", words) and not DEFINITE.match(words):
        return "", ""  # nobody is told that one heard about the supportive manager
    if re.match(rf"{_GOOD}\b", words, flags=re.I):
        words = re.sub(r"^(?:good|great|nice|cool) ", "", words, flags=re.I)
        return "seen", f"the {words}"
    if not DEFINITE.match(words):
        goes_on = re.match(r"\S+ (?:you|we|they|she|he)\b", " ".join(words.split()[len(nouns) - 1 :]))
        counted = head not in MASS and not is_plural(head) and (not UNCOUNTED.search(head) or COUNTED.search(head))
        named = (
            (nouns[-1][0].isupper() and (len(nouns) == 1 or not nouns[-1].isupper()))
            or words[0].isdigit()
            or re.match(rf"(?:{_SPELT}) ", words)
        )
        several = is_plural(head) and len(nouns) > 1 and not named and not words[0].isupper()
        if head not in LIVED and not goes_on and not several and (named or not counted):
            return "about", words
        words = f"the {_hyphened(words)}"
    return "seen" if head in LIVED and not FUTURE.search(words) else "about", words


FUTURE = re.compile(r"\b(?:by \d{4}|next (?:year|month|week|quarter|spring|summer|fall|autumn|winter))$", re.I)
NO_GERUND = frozenset(("during", "nothing", "something", "everything", "morning", "evening", "spring", "amazing"))
_SPELT = "two|three|four|five|six|seven|eight|nine"


def _clause(words: str) -> tuple[str, str]:
    """A clause: what was done for the writer, what was, or what is. Of what is sad nobody was glad to hear."""
    if SAD.search(words) and not re.search(r"\b(?:nobody|never|no one|no)\b", words):
        return "", ""
    words = re.sub(r"(?<!\bon)(?<!\band)(?<!\bevery) ((?:[A-Z]\w+)days)$", r" on \1", words)
    words = _with_the(words, " ".join(words.split()[: verb_at(words)]))
    if not words:
        return "", ""
    if re.search(rf"\b(?:{_TO_ME}|read|noticed|printed|tried) (?:me|us|(?:all )?my)\b", words):
        return "did", words
    if re.match(_HUMAN, words) and is_past(words):
        return "saw", words
    if re.match(
        rf"you (?:also |even |really |actually |all )?(?:{_TO_ME}) |(?:{_HUMAN}) .*\b(?:was|were|{_TO_ME})\b", words
    ):
        return "did", words
    if words.startswith("my "):
        return "whole", f"I was glad that {words}"
    if not is_past(words):
        return "that", words
    if words.startswith("we ") or re.match(r"you (?!had|have|used|mentioned|said).*\b(?:my|me)\b", words):
        return "saw", words
    if re.match(r"your .+ my\b", words):
        return "whole", words  # "your product saved my grandmother's life"
    if words.startswith("your ") and not re.search(r"\b(?:call|interview|tour)\b", words):
        return "past", words
    return "past" if PRONOUN.fullmatch(tokens(words)[0]) or words[0].isupper() else "saw", words


def _with_the(words: str, subject: str) -> str:
    """A clause whose bare subject wants an article with it: ``chef lets …``, ``investigative desk won …``."""
    plain = [token for token in tokens(subject) if token not in ADVERBS]
    if not plain or DEFINITE.match(subject) or PRONOUN.fullmatch(plain[0]):
        return words
    noun = plain[-1]
    if plain[0] == "no" or noun in OTHERS or is_plural(noun):
        return words
    several = 1 < len(plain) <= 4 and not any(c.isupper() for c in subject) and not UNCOUNTED.search(noun)
    mass = noun in MASS or (UNCOUNTED.search(noun) and not COUNTED.search(noun))
    if (
        plain[0] in ("new", "old", "whole", "main", "current")
        or noun in BARE_SUBJECTS
        or is_person(noun)
        or several
        or (noun in COMMON and not mass)
    ):
        return f"the {words if words[1].isupper() else words[0].lower() + words[1:]}"
    return words if mass or any(c.isupper() for c in subject) else ""


_HABITS = (
    "promote|do|give|let|trust|share|write|teach|pair|rotate|review|celebrate|encourage|invest|support|train|mentor|"
    "answers?|trusts|shares|reads|writes|makes? time|put|care|listen|publish|focus|take"
)
_PRACTICES = (
    "rule|policy|culture|approach|practices?|habits?|tradition|commitment|process|program(?:me)?|week|training|values|"
    "mission|mentorship|mentoring|ownership|autonomy|flexibility|reviews|retrospectives|post-mortems|onboarding|focus|"
    "emphasis|philosophy|model|attitude"
)
_HOW_YOU = r"(?:how|the way) (?:you|your|everyone|people|juniors|teams?)\b" + (
    r"(?! (?:\w+ed|were|was|left|grew|lost|got|came|made|built|won|began|became|went|met|ran|kept|chose)\b)"
)
_YOUR_PRACTICE = rf"your (?:[\w-]+ ){{0,3}}(?:{_PRACTICES})\b"
_WAY = {
    "how": re.compile(_HOW_YOU),
    "seen": re.compile(f"{_HOW_YOU}|{_YOUR_PRACTICE}"),
    "about": re.compile(_YOUR_PRACTICE),
    "talk": re.compile(_YOUR_PRACTICE),
    "that": re.compile(rf"(?:you|everyone|everybody|people|nobody)(?: all| always| really| actually)? (?:{_HABITS})\b"),
}


def _is_way(kind: str, words: str) -> bool:
    """Whether a detail tells how they work, so that it can mean something for the job."""
    return kind in _WAY and _WAY[kind].match(words) is not None
