"""The languages of the letters: their dates, what they call a position, and the sentence that a detail stands in.

A language is an entry in ``LANGUAGES``, a folder in ``templates/`` and a greeting in ``greeting``. The dates are a
table of our own: what a letter needs is small, and the libraries write ``1 novembre`` where a French letter has
``1er novembre``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from sheetflow.letters.greeting import Name


@dataclass(frozen=True)
class Language:
    """What a letter needs of its language, beside its templates. ``{}`` in a pattern is what comes in."""

    code: str
    name: str
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    """From Monday."""
    day: str
    """The pattern of a date, with ``{day}``, ``{month}`` (by name) and ``{number}`` (the month's)."""
    job: tuple[str, str, str, str]
    """What is applied for: with role and company, with the role, with the company, with neither."""
    details: tuple[str, str, str, str]
    """The sentence that ends in a Highlight, by variant: it needs no inflection of what was typed."""
    apart: tuple[str, str]
    """The same for What sets them apart, with the company and without its name."""
    later: str
    """The same for a Highlight, weeks later, to somebody who may not have been there."""
    shapes: tuple[tuple[str, tuple[str, str, str, str]], ...] = ()
    """(pattern of a whole Highlight, sentences that take it in without a colon), where it needs no inflection."""
    apart_shapes: tuple[tuple[str, str], ...] = ()
    """The same for What sets them apart, where the company is named."""
    end: str = "."
    question: tuple[str, str] = ("", "?")
    """What stands before and after a question."""
    first: str = ""
    """The first of a month, where it is written otherwise."""
    theirs: tuple[tuple[str, str], ...] = ()
    """(pattern, replacement): what is said of them at the beginning of a detail, as it is said to them."""
    one: tuple[tuple[str, str], ...] = ()
    """The same for a she or a he, written ``WHO``, that is the one person who reads; the first that fits."""
    asked: tuple[tuple[str, str], ...] = ()
    """The same for a question to several whom one calls du."""
    familiar: str = ""
    """The pattern of what must not be left of that in it."""
    pronouns: tuple[str, str] = ("", "")
    """She and he."""
    sentence: str = ""
    """The pattern of how a whole sentence begins that has a capital behind a colon."""
    at: tuple[tuple[str, str], ...] = ()
    """(pattern of how a company begins, what stands before it): the two together are ``{at}``; the last fits all."""
    itself: tuple[tuple[str, str], ...] = ()
    """(pattern of how a role begins that says itself what it is, that with its article): an internship is none
    that one holds as an internship."""
    small: str = "(?!)"
    """The pattern of the first words that have no capital within a sentence."""
    told: str = ""
    """The pattern of "we talked about" and "they said that" at the beginning of a detail: the sentence says it."""

    def detail_frame(self, words: str, variant: int) -> str:
        """The sentence for a Highlight: within it where its shape is sure, else behind a colon."""
        frames = next((frames for pattern, frames in self.shapes if re.fullmatch(pattern, words)), self.details)
        return frames[variant % len(frames)]

    def to_one(self, words: str, name: Name) -> str:
        """What is said of the one who reads, as it is said to them."""
        she, he = self.pronouns
        who = "|".join(
            [pronoun for pronoun, sex in ((she, "f"), (he, "m")) if name.sex in ("", sex)]
            + [rf"(?:[A-Z]\w*\.? )*{re.escape(name.family)}" for _ in name.words[:1]]
        )
        for pattern, said in self.one:
            changed, times = re.subn(pattern.replace("WHO", f"(?:{who})"), said, words, count=1, flags=re.I)
            if times:
                return changed
        return words

    def asked_politely(self, question: str) -> str:
        """A question to several whom one calls du, as a letter asks it; as typed, where that is not wholly sure."""
        polite = question
        for pattern, said in self.asked:
            polite = re.sub(pattern, said, polite, flags=re.I)
        return question if self.familiar and re.search(self.familiar, polite) else polite

    def after_colon(self, words: str) -> str:
        """The words as they stand behind a colon."""
        return words[:1].upper() + words[1:] if self.sentence and re.match(self.sentence, words) else words

    def apart_frame(self, words: str, company: str) -> str:
        """The sentence for What sets them apart."""
        if not company:
            return self.apart[1]
        shaped = (frame for pattern, frame in self.apart_shapes if re.fullmatch(pattern, words))
        frame = next(shaped, self.apart[0])
        if "{company}" in frame and self._before(company) != self._before(""):
            return self.apart[1]  # the name would want its article
        frame = frame.replace("{at}", self._before(company) + company).replace("{company}", company)
        return frame[:1].upper() + frame[1:]

    def spoken(self, day: date | None) -> str:
        """A date as a letter says it: ``20 November``; empty for none."""
        if day is None:
            return ""
        pattern = self.first if day.day == 1 and self.first else self.day
        return pattern.format(day=day.day, month=self.months[day.month - 1], number=day.month)

    def weekday(self, day: date | None) -> str:
        """The day of the week; empty for none."""
        return self.weekdays[day.weekday()] if day else ""

    def job_words(self, role: str, company: str) -> str:
        """Role and company together, as far as they are known: ``the Data Analyst role at Acme``."""
        if self is CHINESE and company and role and company[-1].isascii() and role[0].isascii():
            company += " "  # no blank stands but between Latin words
        pattern = self.job[0 if role and company else 1 if role else 2 if company else 3]
        for begins, named in self.itself:
            if re.match(begins, role, flags=re.I):
                pattern, role = pattern.replace(self.job[1], "{role}"), re.sub(begins, named, role, count=1, flags=re.I)
                break
        words = pattern.format(role=role, company=company, at=self._before(company) + company)
        if self is ENGLISH:
            return re.sub(rf"\b({_SAYS_ITSELF}) role\b", r"\1", words, flags=re.I)
        if self is CHINESE:
            return re.sub(rf"({_SAYS_ITSELF_IN_CHINESE})一职$", r"\1", words)
        return re.sub(rf"poste de (?={_ELIDES})", "poste d'", words) if self is FRENCH else words

    def _before(self, company: str) -> str:
        """What stands before a company: ``bei ``, ``bei der ``."""
        return next((before for begins, before in self.at if re.match(begins, company, flags=re.I)), "")


_ELIDES = (
    r"(?:[aeiouàâéèêëîïôûœAEIOUÀÂÉÈÊÎÔŒ]|"
    r"[Hh](?:ôte|orlog|ortic|uissier|istorien|umoriste|ydr|ygién|abill|élic|omme))"
)
"""Before what a French ``de`` loses its e: vowels, and the h of these words."""
_SAYS_ITSELF = "role|position|job|post|internship|apprenticeship|traineeship|fellowship|placement"
_SAYS_ITSELF_IN_CHINESE = "岗|岗位|职位|实习|一职"

ENGLISH = Language(
    code="en",
    name="English",
    months=(
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    day="{day} {month}",
    job=("the {role} role at {company}", "the {role} role", "the position at {company}", "the position"),
    details=("", "", "", ""),
    apart=("", ""),
    later="",
)  # fmt: skip
_GERMAN_NOUN = (
    r"(?:die|das|eine|Ihre|unsere) (?:[a-zäöüß]+e[n]? ){0,2}[A-ZÄÖÜ\d][\w-]+"
    r"(?: (?:von|mit|für|im|in|zu|zum|zur|auf|über|bei|nach|aus|und|der|des|den|dem|am|an|ohne) .+"
    r"|, (?:(?:in|mit|für|bei|an|aus|auf|von) )?(?:die|das|der|dem|denen) .+|, .+(?: zu \w+|[a-z]+zu[a-z]+en))?"
)
"""A noun that looks the same as the object of a verb: no ``der``, which would be ``den``."""
_NO_NOUN = r"(?! (?-i:[A-ZÄÖÜ])| \w+e[nmrs]?\b)"
"""What is not behind an ``ihr`` that is somebody: a noun or an adjective, of which it would be the owner."""
_ASKING = "(was|wie|wen|ob|dass|wann|wo|warum)"
_SMALL = "((?:nicht |nie |hier |es |das |zuerst |selbst )*)"
_OF_ONE = {
    "hat": "haben", "ist": "sind", "war": "waren", "hatte": "hatten", "kann": "können", "will": "wollen",
    "wird": "werden", "kam": "kamen", "kommt": "kommen", "arbeitet": "arbeiten", "arbeitete": "arbeiteten",
    "leitet": "leiten", "macht": "machen", "spielt": "spielen", "erzählte": "erzählten", "liebt": "lieben",
}  # fmt: skip
"""Verbs that are said of one, as they are said to one whom one calls Sie."""
_TO_SEVERAL = {
    "habt": "haben", "seid": "sind", "könnt": "können", "wollt": "wollen", "dürft": "dürfen", "müsst": "müssen",
    "werdet": "werden", "lasst": "lassen", "gebt": "geben", "nehmt": "nehmen", "sprecht": "sprechen", "wart": "waren",
}  # fmt: skip
"""Verbs that are said to several whom one calls du, as they are said to those whom one calls Sie."""
_FRENCH_NOUN = (
    r"(?:la |le |les |l'|un |une |votre |vos |cette )[\w'’-]+"
    r"(?: (?:de|du|des|d'\S+|pour|sur|avec|entre|et|sans|chez)\b.+| [\w-]+)?"
)
_FRENCH_YOU = (
    ("ont", "vous avez"), ("sont", "vous êtes"), ("font", "vous faites"), ("vont", "vous allez"),
    ("publient", "vous publiez"), ("partagent", "vous partagez"), ("proposent", "vous proposez"),
    ("prennent", "vous prenez"), ("travaillent", "vous travaillez"), ("utilisent", "vous utilisez"),
    ("laissent", "vous laissez"), ("forment", "vous formez"), ("recrutent", "vous recrutez"),
    ("mettent", "vous mettez"), ("paient", "vous payez"), ("donnent", "vous donnez"),
)  # fmt: skip
"""What is said of them in French, as it is said to them, for verbs of which it is sure."""
_FRENCH_ONE = (
    ("a", "avez"), ("avait", "aviez"), ("était", "étiez"), ("dirige", "dirigez"), ("travaille", "travaillez"),
    ("travaillait", "travailliez"), ("parle", "parlez"), ("parlait", "parliez"), ("joue", "jouez"), ("aime", "aimez"),
)  # fmt: skip
"""Verbs that are said of one, as they are said to one; no ``est``, which is as often impersonal."""
_SPANISH_NOUN = (
    r"(?:el|la|los|las|un|una|su|sus|nuestra) [\w-]+"
    r"(?: (?:de|del|para|con|sobre|entre|y|sin|en|al|por|a (?:la|los|las|un|una|su|sus))\b.+| [\w-]+)?"
)
GERMAN = Language(
    code="de",
    name="German",
    months=(
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
        "Dezember",
    ),
    weekdays=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    day="{day}. {month}",
    job=("die Stelle als {role} {at}", "die Stelle als {role}", "die Stelle {at}", "die ausgeschriebene Stelle"),
    at=(
        (r"(?:hanse)?stadt\b|[\w-]*(?:gemeinde|universität|hochschule|stiftung|agentur|sparkasse|volksbank|verwaltung|"
         r"kammer|genossenschaft|kanzlei|praxis|klinik|schule|apotheke|bäckerei|buchhandlung|bibliothek|"
         r"akademie|redaktion)\b", "bei der "),
        (r"[\w-]*(?:amt|kreis|ministerium|klinikum|krankenhaus|jobcenter|institut|museum|theater|studierendenwerk)\b",
         "beim "),
        (r"", "bei "),
    ),
    itself=(
        (r"duales studium\b", "das duale Studium"),
        (r"([\w-]*praktikum|volontariat|referendariat|trainee-?programm)\b", r"das \1"),
        (r"([\w-]*ausbildung|lehre|[\w-]*stelle|(?:abschluss|bachelor|master|doktor)arbeit)\b", r"die \1"),
    ),
    details=(
        "Ein Punkt aus unserem Gespräch ist mir besonders in Erinnerung geblieben: {}",
        "Ein Thema ging mir danach noch durch den Kopf: {}",
        "An eines denke ich besonders gern zurück: {}",
        "Vor allem eines hat mich angesprochen: {}",
    ),
    shapes=(
        (_GERMAN_NOUN, (
            "Besonders spannend fand ich {}", "Noch länger nachgedacht habe ich über {}",
            "Sehr interessant fand ich {}", "Beeindruckend fand ich {}",
        )),
        (r"(?:dass|wie) .+", (
            "Besonders gefallen hat mir, {}", "Sehr interessant fand ich, {}",
            "In Erinnerung geblieben ist mir, {}", "Beeindruckend fand ich, {}",
        )),
        (r"(?:warum|wieso|weshalb|was|woher|womit|woran) .+", (
            "Besonders interessant fand ich, {}", "Noch länger nachgedacht habe ich darüber, {}",
            "In Erinnerung geblieben ist mir, {}", "Sehr aufschlussreich fand ich, {}",
        )),
    ),
    apart=(
        "In meinen Augen zeichnet {company} vor allem eines aus: {}",
        "In meinen Augen zeichnet Sie vor allem eines aus: {}",
    ),
    apart_shapes=(
        (r"(?:dass|wie) .+", "{at} schätze ich besonders, {}"),
        (_GERMAN_NOUN, "{at} schätze ich besonders {}"),
    ),
    later="Noch gut in Erinnerung ist mir ein Punkt aus dem Gespräch: {}",
    theirs=(
        *((rf"^ihr {verb}\b", f"Sie {polite}") for verb, polite in _TO_SEVERAL.items()),
        *((rf"^(dass|wie|warum|was) ihr\b(.*) {verb}$", rf"\1 Sie\2 {polite}") for verb, polite in _TO_SEVERAL.items()),
        (r"^(dass|wie|warum|was) sie\b(?=.* (?:sind|tun|\w+(?:en|ern|eln))$)", r"\1 Sie"),
        (r"^(dass |wie |warum |was |)(?:ihr|eur)(?=e[mnrs]?\b)", r"\1Ihr"),
        (r"^dein(?=(?:e[mnrs]?)?\b)", "Ihr"),
        (r"^(?:ihr|euer)\b", "Ihr"), (r"^sie\b", "Sie"), (r"^haben (?=(?:lange |viel )?über )", "Wir haben "),
    ),
    asked=(
        *((rf"\b{verb} ihr\b", f"{polite} Sie") for verb, polite in _TO_SEVERAL.items()),
        *((rf"\bihr\b([^,]*) {verb}(?=,|$)", rf"Sie\1 {polite}") for verb, polite in _TO_SEVERAL.items()),
        (rf"\b(\w+e[lr])t ihr\b{_NO_NOUN}", r"\1n Sie"),
        (rf"\b(?!(?:ist|hat|mit|seit|nicht) )([^\W\d_]{{2,}}?)e?t ihr\b{_NO_NOUN}", r"\1en Sie"),
        (rf"\b{_ASKING} ihr {_SMALL}(\w+e[lr])t(?=,|$)", r"\1 Sie \2\3n"),
        (rf"\b{_ASKING} ihr {_SMALL}([^\W\d_]{{2,}}?)e?t(?=,|$)", r"\1 Sie \2\3en"),
    ),
    familiar=r"\b(?:ihr|euch|euer|eure[mnrs]?|du|dich|dir|deine?[mnrs]?)\b",
    pronouns=("sie", "er"),
    one=(
        *((rf"^WHO {verb}\b", f"Sie {polite}") for verb, polite in _OF_ONE.items()),
        *(
            (rf"^(dass|wie|wie \w+|warum|was) WHO\b(.*) {verb}$", rf"\1 Sie\2 {polite}")
            for verb, polite in _OF_ONE.items()
        ),
        (r"^(?:sein|ihr)(?=(?:e[mnrs]?)?\b)", "Ihr"),
    ),
    sentence=(
        r"(?:ich|wir|man|es|er) |(?:die|der|das|eine?|Ihre?|unsere?) (?:[a-zäöüß]+e[rsn]? )?[A-ZÄÖÜ][\w-]* "
        r"(?!mit\b|seit\b|statt\b|samt\b|nicht\b)(?:war|sind|haben|kann|[a-zäöüß]+t)\b"
    ),
)  # fmt: skip
FRENCH = Language(
    code="fr",
    name="French",
    months=(
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    ),
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    day="{day} {month}",
    first="1er {month}",
    job=("le poste de {role} {at}", "le poste de {role}", "le poste {at}", "le poste proposé"),
    at=(
        (r"(?:mairie|ville de|clinique|polyclinique|fondation|région|préfecture|bibliothèque|médiathèque|caisse|banque|"
         r"direction|métropole|chambre|librairie|boulangerie|pharmacie|faculté)\b", "à la "),
        (r"(?:université|hôpital|hôtel|[ée]cole|institut|association|académie|agence|office|opéra)\b", "à l'"),
        (r"(?:chu|ministère|conseil|lycée|collège|département|musée|centre|théâtre|cabinet|restaurant|rectorat|cnrs)\b",
         "au "),
        (r"(?:hospices|archives|galeries|éditions)\b", "aux "),
        (r"", "chez "),
    ),
    itself=(
        *((rf"{word}\b", f"le {word}") for word in ("stage", "poste", "contrat", "volontariat", "service civique")),
        *((rf"{word}\b", f"l'{word}") for word in ("alternance", "apprentissage", "emploi")),
    ),
    details=(
        "J'ai particulièrement retenu un point de notre échange : {}",
        "Une chose me reste en mémoire plus que les autres : {}",
        "Il y a une chose à laquelle je repense volontiers : {}",
        "Un élément a surtout retenu mon attention : {}",
    ),
    shapes=(
        (_FRENCH_NOUN, (
            "J'ai particulièrement retenu {}", "Je garde surtout en mémoire {}",
            "J'aimerais en savoir plus sur {}", "J'ai découvert avec beaucoup d'intérêt {}",
        )),
        (r"(?:que |qu'|comment |pourquoi ).+", (
            "J'ai trouvé très intéressant d'apprendre {}", "Cela m'a plu d'apprendre {}",
            "J'ai noté avec intérêt {}", "Je n'ai pas oublié {}",
        )),
    ),
    apart_shapes=(
        (f"(?=les |vos ){_FRENCH_NOUN}", "Ce que j'apprécie le plus {at}, ce sont {}"),
        (_FRENCH_NOUN, "Ce que j'apprécie le plus {at}, c'est {}"),
    ),
    apart=("Ce qui distingue {company} à mes yeux : {}", "Ce qui vous distingue à mes yeux : {}"),
    later="Je repense encore à un point de l'entretien : {}",
    question=("", " ?"),
    theirs=(
        (r"^leur\b", "votre"), (r"^leurs\b", "vos"),
        *((rf"^ils {they}\b", you) for they, you in _FRENCH_YOU),
        *((rf"^qu'ils {they}\b", f"que {you}") for they, you in _FRENCH_YOU),
    ),
    pronouns=("elle", "il"),
    one=(
        *((rf"^WHO {verb}\b", f"vous {polite}") for verb, polite in _FRENCH_ONE),
        *((rf"^qu'WHO {verb}\b", f"que vous {polite}") for verb, polite in _FRENCH_ONE),
        (r"^s(?:on|a)\b", "votre"), (r"^ses\b", "vos"),
    ),
)  # fmt: skip
SPANISH = Language(
    code="es",
    name="Spanish",
    months=(
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
        "diciembre",
    ),
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    day="{day} de {month}",
    job=("el puesto de {role} en {company}", "el puesto de {role}", "el puesto en {company}", "el puesto"),
    details=(
        "De nuestra conversación me quedo sobre todo con esto: {}",
        "Hay algo que recuerdo en especial: {}",
        "He vuelto a pensar más de una vez en un punto: {}",
        "De todo lo que hablamos, destacaría un punto: {}",
    ),
    shapes=(
        (_SPANISH_NOUN, (
            "De nuestra conversación me quedo sobre todo con {}", "Recuerdo en especial {}",
            "He vuelto a pensar más de una vez en {}", "De todo lo que hablamos, destacaría {}",
        )),
        (r"(?:que|cómo|por qué) .+", (
            "Me gustó especialmente saber {}", "Recuerdo en especial {}",
            "Me pareció muy interesante saber {}", "Me alegró mucho saber {}",
        )),
    ),
    apart_shapes=(
        (f"(?=los |las |sus ){_SPANISH_NOUN}", "Lo que más valoro de {company} son {}"),
        (_SPANISH_NOUN, "Lo que más valoro de {company} es {}"),
    ),
    apart=(
        "Hay algo que valoro especialmente de {company}: {}", "Hay algo que valoro especialmente de ustedes: {}",
    ),
    later="De la entrevista recuerdo sobre todo una cosa: {}",
    question=("¿", "?"),
    itself=((r"puesto\b", "el puesto"), (r"beca\b", "la beca")),
    small=(
        r"(?:El|La|Los|Las|Un|Una|Su|Sus|Nuestr[oa]s?|Que|Cómo|Por|Hablamos|Me|Dijo|Dijeron|Contó|Explicó|Tod[oa]s?|No"
        r"|Hay|Es|Son|Se|Le|Les|Sin|Con|Cada|Muy|Much[oa]s?|Buen|Buena|Gran|Ella|Él|Tienen|Publican|Teletrabajo|Horario"
        r"|Flexibilidad|Transparencia) "
    ),
    pronouns=("ella", "él"),
    one=((r"^WHO (?=\w)", "que usted "), (r"^(que|cómo|por qué) WHO (?=\w)", r"\1 usted ")),
    told=(
        r"(?:hablamos (?:de|sobre) (?=(?:el|la|los|las|un|una|su|sus|que|cómo) )"
        r"|(?:me )?(?:dijo|dijeron|contó|contaron|comentó|comentaron|explicó|explicaron) (?=(?:que|cómo|por qué) ))"
    ),
)  # fmt: skip
CHINESE = Language(
    code="zh",
    name="Chinese",
    months=tuple(f"{month}月" for month in range(1, 13)),
    weekdays=("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    day="{number}月{day}日",
    job=("{company}{role}一职", "{role}一职", "{company}的职位", "贵公司的职位"),
    details=(
        "交谈中让我印象最深的是{}",
        "事后回想，我记忆犹新的是{}",
        "面试结束后，我还时常想起一件事：{}",
        "格外吸引我的是{}",
    ),
    apart=("在我看来，贵公司的独特之处在于{}", "有一点我尤其欣赏：{}"),
    apart_shapes=((r"贵公司.+", "有一点我尤其欣赏：{}"),),
    later="面试中有一点我至今印象深刻：{}",
    pronouns=("她", "他"),
    one=((r"^((?:我们)?(?:聊|谈|说|提|讨论)[聊到]?了?)?(?=[她他])WHO(?!们)", r"\1您"),),
    end="。",
    question=("", "？"),
    theirs=((r"^(?:他们|你们)(?:公司)?", "贵公司"),),
    told=r"(?:我们)?(?:一起)?(?:聊了聊|聊了|聊到了?|谈了|谈到了?|讨论了|说到了?|提到了?)(?=.)|(?:他|她|对方)们?(?:说|提到)了?(?=.)",
)
LANGUAGES = {language.code: language for language in (ENGLISH, GERMAN, FRENCH, SPANISH, CHINESE)}
"""Code -> language; the first is the one that the others fall back to."""
