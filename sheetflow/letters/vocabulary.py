"""The English words that a detail is read by: data, and nothing else. Closed lists; what is not in them is unknown."""

from __future__ import annotations

import re

from sheetflow.letters.greeting import word_set

NOTHING = word_set("n/a na no nope none nothing - – ? x tbd tba null nan todo ok yes fine good great") | {
    "",
    "nothing special",
    "not sure",
}

# --- what people shorten -------------------------------------------------------------------------------------

LONG = {
    "mins": "minutes", "yrs": "years", "yr": "year", "hrs": "hours", "w/": "with", "w": "with", "w/o": "without",
    "ppl": "people", "b/c": "because", "bc": "because", "u": "you", "ur": "your", "mgmt": "management",
    "mgr": "manager", "eng": "engineering", "esp": "especially", "dept": "department", "govt": "government",
    "convo": "conversation", "info": "information", "thru": "through", "rly": "really", "approx": "about",
    "incl": "including", "dont": "don't", "doesnt": "doesn't", "didnt": "didn't", "isnt": "isn't",
    "arent": "aren't", "cant": "can't", "wasnt": "wasn't", "thats": "that's", "theyre": "they're",
    "theyve": "they've", "theyd": "they'd", "theyll": "they'll", "youre": "you're", "youd": "you'd",
    "youll": "you'll", "youve": "you've", "hes": "he's", "shes": "she's", "havent": "haven't", "hasnt": "hasn't",
    "werent": "weren't", "wont": "won't", "couldnt": "couldn't", "wouldnt": "wouldn't", "ive": "I've", "im": "I'm",
    "whats": "what's", "hows": "how's", "wheres": "where's", "&": "and", "+": "and", "ai": "AI", "ceo": "CEO",
    "cto": "CTO", "cfo": "CFO", "hr": "HR", "ux": "UX", "ui": "UI", "qa": "QA", "api": "API", "abt": "about",
    "btwn": "between", "gonna": "going to", "wanna": "want to", "cuz": "because", "coz": "because",
    "def": "definitely", "prob": "probably", "hq": "HQ", "phd": "PhD", "mba": "MBA", "uk": "UK", "nhs": "NHS",
    "wfh": "working from home", "cert": "certificate", "certs": "certificates", "uni": "university",
    "tho": "though", "wks": "weeks", "mths": "months", "tmrw": "tomorrow", "biz": "business", "qs": "questions",
}  # fmt: skip
SHORT = re.compile(rf"(?<![\w/&+.'’-])(?:{'|'.join(map(re.escape, LONG))})(?![\w/&+'’-])", re.I)
NUMBERS = {"2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight",
           "9": "nine"}  # fmt: skip
UNITS = "day|person|people|year|week|month|hour|minute"
SMILEY = re.compile(r"(?:^|(?<= ))[:;]-?[)(DPp](?= |$)|<3|\b(?:lol|ha(?:ha)+|lmao|tbh|imo|btw|omg|wow)\b", re.I)
WEEKDAYS = {"mon": "Monday", "tue": "Tuesday", "tues": "Tuesday", "wed": "Wednesday", "thu": "Thursday",
            "thur": "Thursday", "thurs": "Thursday", "fri": "Friday", "sat": "Saturday", "sun": "Sunday"}  # fmt: skip
DAYS = re.compile(r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|april|june|july|august|"
                   r"september|october|november|december)\b")  # fmt: skip
ABBREVIATED = ("etc.", "a.m.", "p.m.", "Inc.", "Ltd.")

# --- whom words mean -----------------------------------------------------------------------------------------

YOU = {"they": "you", "their": "your", "theirs": "yours", "them": "you", "themselves": "yourselves"}
THERE = re.compile(r"\b(been|work(?:ed|s|ing)?|stay(?:ed|s|ing)?|start(?:ed|s|ing)?) there\b", re.I)
"""Where a there is the place of those who read."""
IRREGULAR = {"is": "are", "was": "were", "has": "have", "does": "do", "goes": "go", "isn't": "aren't",
              "wasn't": "weren't", "hasn't": "haven't", "doesn't": "don't"}  # fmt: skip
AFTER_HER = (
    "(?:about|of|a|the|that|to|in|on|at|for|with|and|how|when|if|because|as|who|what|why|whether|where|which|more|so)"
)
ADVERBS = ("also", "still", "even", "just", "never", "always", "really", "actually", "only", "once", "often", "now",
           "usually", "already", "sometimes", "all", "both", "first", "recently", "rarely", "genuinely")  # fmt: skip
SINGULAR = word_set(
    "runs bakes cooks writes teaches plays sings reads climbs swims coaches paints speaks loves leads manages",
    "mentors codes builds travels cycles skis knits gardens draws",
)
OTHERS = word_set(
    "people everyone everybody kids children staff women men newcomers folks parents others volunteers residents",
    "juniors seniors apprentices hires guests",
)
PEOPLE = word_set(
    "ceo cto cfo coo boss manager director founder owner lead head team company intern engineer designer chef",
    "nurse developer doctor teacher student junior senior hire customer client user employee colleague kid child",
    "guest parent patient member volunteer analyst trainee apprentice recruiter candidate neighbour neighbor wife",
    "husband mother father sister brother principal receptionist supervisor partner driver president panel crew",
    "librarian",
)

OURSELVES = word_set("company team panel crew partner customer client user student")
"""Of these a their may be the company's: ``the company and their mission``, ``customer stories they collect``."""

# --- words that hold sentences together ----------------------------------------------------------------------

RELATIVE = word_set("who that which where when how why what whose whom because if while as after before to so than but")
OPENERS = word_set(
    "but a an the your our my his her their this these those of in on at for with from by and or no some every",
    "well newly highly",
)
"""Words that no verb follows."""
PRONOUN = re.compile(r"(?:i|you|we|they|she|he|it|everyone|everybody|nobody|someone|somebody|there)(?:'\w+)?")
PREPOSITIONS = "of|in|from|with|without|about|to|for|at|on|behind|between|over|around|by|during|after|before|since|"\
    "until|under|through|across|per|via|like|as|into|near|inside|outside|against|within|despite"  # fmt: skip
JOINING = "that|when|who|which|where|and|but|because|if|while|whose|so|than"
BOUNDARY = re.compile(
    rf"(?<![\w'’-])(?:{PREPOSITIONS}|{JOINING}|being|every|each|once|twice|last|next|this|not|only|named|called|known|"
    r"you|we|i|they|she|he|just|even|instead|together)(?![\w-])|[,:(]",
    re.I,
)
"""What ends the noun at the beginning of a phrase."""
DEFINITE = re.compile(
    r"(?:the|an?|your|our|my|this|these|those|every|each|both|all|some|one|half|most|many|few|several)(?![\w-])"
    r"|(?:(?-i:[A-Z])[\w.]* )?[\w-]+['’]s? ",
    re.I,
)
NOT_FIRST = word_set(
    "on in at with without from for by to under as since during and or but so very too really super quite if",
    "because not only just even still also always never maybe almost able ready due thanks lots plenty kind",
)
"""First words after which no noun, and no clause of its own, comes."""
CONNECTED = re.compile(
    r"(?:and|but|which|who|where|when|so|not|even|especially|because|since|with|while|though|including|from|as|too)\b",
    re.I,
)
"""How a piece behind a comma begins that belongs to the one before."""
ASKING = word_set("how why what when where who which whose if whether")
AUXILIARIES = word_set(
    "is are was were do does did can could will would should has have had may might isn't don't doesn't aren't",
)
OBJECTS = word_set(
    "my me us the a an their your his her you it we i that what how everyone everybody people all no one you'll",
    "you're you've they'll",
)
TO_ASK = re.compile(
    r"^(?:(?:I )?(?:did ?n['’o]t|did not|forgot to|never got to|would|['’]d)? ?"
    r"(?:(?:love|like|want(?:ed)?|curious|meant|get) to (?:know|ask|hear|learn)|ask|curious|wonder(?:ing)?)|to ask)\b"
    r"[:,]?"
    r"(?: (?:you|them|her|him|more|[A-Z]\w+(?= about))\b)* ?(?:about )?|^(?:about|re:?) ",
    re.I,
)

# --- verbs ---------------------------------------------------------------------------------------------------

ACTIONS = word_set(
    "allow ask bake become begin believe belong bring build buy carry celebrate choose compost cook come create",
    "decide deliver develop donate draw drive eat employ encourage expect explain fix fly forget get give go grow",
    "happen have hear include invest join keep know laugh learn let listen live love maintain make mean meet mend",
    "paint pay prefer prepare produce promote protect provide publish read receive recruit recycle remember",
    "repair rotate say see seem sell send serve sing sit sleep solve speak spend stand stay sponsor swap switch",
    "take teach tell think translate treat try understand use want wear win write collect compete decorate sew",
    "adopt agree apply arrange arrive attend avoid borrow earn enjoy enter feed fill find follow gather hold",
    "cycle commute",
    "introduce invent invite knit lend manage offer pick play pray race raise refuse rely rent retire save seek",
    "settle sort throw train travel vote wait warn wash watch welcome wonder help need trust value own align",
    "count rebuild rewrite refurbish restore trade run",
)
"""Verbs whose forms with -s are no nouns in a note, or seldom."""
ALSO_NOUNS = word_set(
    "pick answer benefit book break care change check code cover design focus fund guide host lead lunch match",
    "measure mentor move open order plan practice practise question reach report research review ride rule share",
    "ship show sign start step stop study support talk test tour trade trust value visit vote walk watch work",
    "hire coach cost train offer play help need own run race count pay use love sponsor volunteer wash draw",
)
"""Verbs that are nouns just as often: they count as verbs only where the words around them say so."""
PAST = word_set(
    "was were wasn't weren't had did didn't went knew took became ate wrote spoke chose sat felt grew began saw",
    "gave thought ran fell drove rode flew got rewrote came told met seemed sang won wanted decided happened",
    "laughed",
)
"""Forms that can only be a verb of the past."""
PAST_OR_PART = word_set(
    "made built taught sent kept paid led held left lost brought sold spent bought fed grown written done drawn",
)
"""Forms that may be a verb or what was done to a noun: ``bread made in house``."""
MOVES = word_set(
    "started moved worked lived stayed joined talked looked listened retired graduated switched apologised",
    "apologized climbed arrived returned stopped tried volunteered changed helped remembered used answered asked",
    "explained noticed agreed smiled cared",
)
"""Forms in -ed that take no object, so that no noun stands before them as its own."""
PRESENT = word_set(
    "is are has have can could will would should must isn't aren't hasn't haven't won't can't don't doesn't does",
    "do goes opens starts stops closes owns needs pays uses helps loves",
)
COMPANY = (
    r"care (?:about|for)|hire|ship (?:every|to|fast|daily|weekly|early|often|code|new)|"
    r"focus on|invest in|put|give|treat|let|make|have|do|promote|publish|take|keep|"
    r"pay (?:for|people|interns|their|your|the|every\w*)|(?:train|support|trust|share|use|sponsor) (?:people|their|"
    r"your|the|every\w*|a|an|local|profits|what|each)|work (?:with|on|in|from|closely)|listen to|encourage|celebrate"
)
"""What a company does, so that a note that begins with it is about the company."""

# --- nouns and adjectives ------------------------------------------------------------------------------------

BARE_SUBJECTS = word_set(
    "meeting roadmap rota menu schedule budget backlog codebase app website platform canteen",
    "office culture product department building atmosphere lab kitchen canteen school factory shop warehouse",
    "clinic ward library studio workshop store hotel hospital museum farm garage bakery desk newsroom garden",
)
ADJECTIVES = word_set(
    "close good great honest open small big young friendly relaxed flexible fast diverse modern remote kind",
    "helpful warm calm agile lean hybrid busy green global local transparent patient organised organized prepared",
    "welcoming clean quiet generous thoughtful funny passionate proud curious tidy huge tiny neat clear positive",
    "enthusiastic professional supportive attentive respectful humble ambitious inclusive well-prepared",
    "approachable easy beautiful nice bright cosy cozy lively down-to-earth engaged polite neutral profit free",
    "driven based",
)
HUMAN = (
    r"friendly|nice|kind|warm|welcoming|calm|relaxed|open|honest|helpful|patient|professional|supportive|attentive|"
    r"respectful|humble|enthusiastic|passionate|curious|polite|engaged|approachable|thoughtful|funny|well[- ]prepared|"
    r"down[- ]to[- ]earth|positive|generous"
)
"""What people are."""
FEATURES = (
    r"driven|first|led|owned|funded|friendly|focused|oriented|minded|neutral|profit|certified|backed|native|positive|"
    r"free|run"
)
"""What ends an adjective of two words: ``mission driven``, ``carbon neutral``, ``non profit``."""
GROUPS = word_set(
    "program programme club office team room group service project day fund desk lab committee network union",
    "house home center centre market garden course workshop library museum meeting meetings hospital school choir",
    "league festival",
)
"""Nouns before which another may be plural: ``international students program``."""
TO_WHAT = word_set(
    "trip trips path paths visit visits access approach chance plan plans door letter guide key commitment",
    "project projects campaign effort idea room tool tools app apps workshop story race push decision promise",
)
"""Bare nouns that a to may follow; other single words before to, about and at may be verbs and adjectives."""
NO_PLURALS = word_set(
    "sales operations systems news sports communications analytics customs savings ops arts careers business meds",
    "physics mathematics economics logistics graphics always kids women process access series lens works less",
    "class glass address staffs yes across towards besides perhaps gas bus plus campus virus",
)
UNCOUNTED = re.compile(
    r"(?:ing|ism|ity|ness|ship|ment|logy|graphy|ics|ation|sion|care|work|time|balance|leave|research|software|growth|"
    r"source|transparency|feedback|trust|autonomy|equity|health|music|jazz|life|pay|data|sport|wine|tea|food|ethics|"
    r"safety|privacy|law|help|access|support|bread|coffee|fun|home|equipment|tech|dev|furniture|advice|money|cloud|outreach)$"
)
"""Endings of nouns that want no article."""
COUNTED = re.compile(
    r"(?:^|-)(?:building|meeting|painting|training|apprenticeship|internship|scholarship|relationship|department|"
    r"experiment|foundation|apartment|station|location|presentation|migration|negotiation|celebration|"
    r"integration|application|rotation|mission|edition|session|version|position|decision|garden|wedding|greenhouse|vision|"
    r"possibility|opportunity|ability|activity|personality|spring|ring|wing|ceiling|facility|university|charity|city|community|framework|network)$"
)
"""And nouns with such endings that want one."""
LIVED = word_set(
    "tip tips tour lunch walk demo visit view office conversation talk chat discussion exercise interview question",
    "questions energy vibe vibes honesty openness warmth atmosphere enthusiasm passion humour humor calm kindness",
    "curiosity attitude spirit advice people welcome coffee dog garden space candour candor patience laugh",
    "laughter joke jokes smile hospitality staff kitchen room way story stories anecdote anecdotes presentation",
    "explanation answer answers example examples metaphor comparison feel feeling mural murals smell mood",
    "interviewers shout-out chickens robot whiteboard tasting quote window windows mosaic",
)
"""Nouns of what one has seen or been told oneself, so that one does not hear about them."""
SAD = re.compile(
    r"\b(?:layoffs?|laid off|cuts?|admit\w*|flop\w*|lost|losing|leaving|quit|fail(?:s|ed|ing)?|struggl\w+|difficult|"
    r"problems with|crisis|ill|lawsuit|broke|die[ds]?|death|sick|burn(?:ed|t)?-?\s?out|over-?worked|understaffed|"
    r"stress\w*|debts?|closing|shut|fired|divorced?|bankrupt|late|sorry|worr\w+|unhappy|bad|worse|worst|poor|hectic|chaos|chaotic|rude|boring|"
    r"annoying|awkward|weird|turnover|old-fashioned|confidential|toxic|messy|micromanag\w+|scary|nervous|unpaid)\b",
    re.I,
)
"""What nobody is told that one liked hearing; a story about it may be told all the same."""
PERKS = re.compile(
    r"\b(?:discounts?|bonus(?:es)?|pto|perks?|snacks?|parking|gym|\d+% off|free (?:food|lunch(?:es)?|coffee|beer|fruit|"
    r"drinks?|stuff|pizza|breakfast)|(?:long|short|easy|the|my) commute|^commute$|"
    r"distance from (?:my|the)|close to (?:my )?home|days off|coffee machine|401k|company car|"
    r"(?:good|great|high|nice|better) (?:pay|salary|money|coffee|parking)|^(?:the )?coffee$|well paid|pays? well|"
    r"stock options|flexi(?:[ -]?time)?)\b",
    re.I,
)
"""What one takes, which no letter of thanks is about."""
DANGLING = re.compile(
    r"\b(?:especially|and|but|or|with|without|of|the|an?|for|from|by|than|because|so|very|as|at|into|your|my|our|if|when|"
    r"i|not|only|their|her|his|who|which)$",
    re.I,
)
"""How no sentence ends: something was cut off."""
POINTING = re.compile(r"\b(?:that|it|this|them|those|too|either)$|^(?:it|that|this|these|those)\b", re.I)
"""How a second fragment speaks of the first, without which it cannot stand."""
FOREIGN = word_set("der die das ein eine le la les une el los las il lo gli und et")
"""First words of a note in another language."""
MASS = word_set(
    "bread food wine tea cheese health care safety marketing sales finance accounting tax water fire wind music",
    "art film data code work stock supply history video football chess overtime commission coffee equipment",
    "software feedback pay failure grief faith lunch dinner breakfast language leadership history nature",
)
"""Nouns that stand without an article at the beginning of a clause."""
PARTICIPLES = word_set(
    "shared rescued guided paid baked planned restored rebuilt dedicated connected integrated structured mixed",
    "used trusted recycled donated refurbished written trained tailored customised customized unlimited limited",
    "hundred",
)
"""Forms in -ed that stand before a noun."""
NOT_PEOPLE = word_set(
    "whether rather further whoever summer winter paper server computer corner number water order power letter",
    "matter weather printer center cover river tower layer folder dinner newsletter container border charter",
    "chapter register answer offer under after over other another either never ever together however per her",
    "quarter sticker whiteboarder freezer boiler poster",
)
"""Words that end like somebody who does something."""
COMMON = word_set(
    "team company culture growth mentorship mentoring training remote flexible small big great good nice lovely",
    "amazing interesting cool fun fantastic hybrid diversity sustainability onboarding work product parental",
    "unlimited free early career code data strong honesty autonomy freedom trust clear common short long weekly",
    "monthly annual yearly daily regular hotel charge hiring store month quarterly pro internal external public",
    "private local global national customer client patient student staff safety health care community family",
    "young senior junior new old main open shared mutual design research user clinical medical legal financial",
    "social digital mobile virtual physical personal professional technical creative outdoor indoor summer winter",
    "morning evening night day shift road map plan project program programme system process policy strategy",
    "budget campaign brand marketing sales finance accounting audit tax school college class classroom lesson lab",
    "library museum hospital clinic ward kitchen menu bread food wine tea cheese shop warehouse factory garage",
    "truck van bike train bus boat plane flight ship bridge house garden farm field animal dog cat horse bird",
    "tree plant flower water fire solar wind electric green blue red black white story stories talk tour visit",
    "view office building room desk roof basement wall window door volunteer paid quota commission bilingual",
    "international rescued investigative editorial supportive friendly warm kind calm honest open-plan",
    "cross-functional loading reading writing cooking planning moving making route order stock supply delivery",
    "quality control hands-on real live guest book film music art photo video game games board chess football",
    "running cycling hiking supervision caseload residency apprenticeship internship rotation exchange",
    "scholarship grant award prize history archive collection exhibition festival concert choir orchestra theatre",
    "theater stage studio workshop wiring bakery",
)
"""Words that are no names, so that they lose the capital that a telephone gave them."""
KNOWN = (
    word_set(
        "the a an our your we you they their she he her his it everyone everybody nobody someone there people that",
        "this these those how why what where when to both all some no liked loved enjoyed appreciated admired really",
        "very so learned learnt learning heard hearing said mentioned told explained described talked if about",
        "talking spoke chatted discussed discussing asked impressed inspired bonded laughed meeting seeing being",
        "bonding comparing working doing using growing managing leading teaching having frank candid passionate",
        "whether everything bringing finding getting my got gave offered remembered took put saw met tried visited",
        "toured felt watched had connected agreed clicked joked actually always still lots plenty every each only",
        "best most super which who do does did is are can could would will should may might in on at with from for by",
        "nice great during",
    )
    | LIVED
    | AUXILIARIES
    | ADJECTIVES
    | BARE_SUBJECTS
    | COMMON
    | ACTIONS
    | ALSO_NOUNS
    | (PEOPLE - {"ceo", "cto", "cfo", "coo"})
)
"""First words that are no names and lose their capital inside a sentence."""
COUNTABLE = word_set(
    "manager supervisor director founder owner nurse doctor teacher engineer designer developer customer client",
    "colleague mentor project job interview interviewer garden kitchen warehouse shop factory dog cat kid child",
    "student machine robot truck whiteboard story question problem platform website company team laboratory",
    "certificate receptionist panel ceo cto cfo sim app laptop phone workshop uni newsletter prototype roof canteen",
)
"""Nouns of one thing that want an article behind a verb or a preposition."""
ONLY_VERBS = word_set(
    "explain introduce describe discuss learn develop decide bring teach know understand begin believe become",
    "remember include manage deliver choose create improve organize organise communicate collaborate hire employ",
    "maintain provide receive happen solve tell think",
)
"""Verbs that are never nouns."""

# --- what is put right ---------------------------------------------------------------------------------------

_MONTHS = {"jan": "January", "feb": "February", "apr": "April", "aug": "August", "sept": "September",
           "sep": "September", "oct": "October", "nov": "November", "dec": "December"}  # fmt: skip
MONTH = re.compile(
    rf"\b(in|from|until|till|since|by|last|next|this) ({'|'.join(_MONTHS)}|march|may)\b(?! \w+ to)", re.I
)
"""A month behind a word that can only be followed by one: elsewhere march and may are words like others."""


def month(match: re.Match[str]) -> str:
    """A month with its whole name and its capital."""
    return f"{match[1]} {_MONTHS.get(match[2].lower(), match[2].capitalize())}"


REPAIRS: tuple[tuple[str, str], ...] = (
    (r"\bthere(?= (?:own|team|values|approach|customers|product|products|mission|culture|clients|patients|plans?)\b)",
     "their"),  # "how the nurses do there own scheduling"
    (r"\byour(?= (?:a|an|the|so|very|not|going to|hiring|looking for)\b)", "you're"),  # "your hiring"
    (r"\bits(?= (?:a|an|the|not|so|very)\b)", "it's"),
    (r"\b(more|less|better|rather|bigger|smaller|faster|other) then\b", r"\1 than"),
    (r"\b(could|would|should|might|must) of\b", r"\1 have"),
    (r"(?<!\bthe )(?<!\bthis )(?<!\bthat )(?<!\bthose )(?<!\bvery )(?<!-)\bsame (?=\w)", "the same "),
    (r"(?<=\w),? (?:maybe|perhaps|i (?:guess|think|believe|suppose)|or so|probably|or something|tho|though)$", ""),
     # "the garden project maybe"
    (r"(?<![\w'’-])(?!(?:is|are|was|were|am|do|does|did|will|can|could|would|should|must|may|might|has|have|had|why|or|"
     r"if|and|but|whether|to|of|for|than|so|it's|that's|they're|you're)\b)(\w[\w%'’-]*) not (?=(?:just|only|by|the|"
     r"from|for|with|in|on|about|top|because|profits?|money|numbers)\b)", r"\1, not "),
    (r"\bhas own (?=\w)", "has its own "),
    (r"\b(to|by|with|from|for) (ceo|cto|cfo|coo|vp|founder|owner)\b(?! of)", r"\1 the \2"),
    (r" [-–—] (?=not (?!at all|sure|yet|really))", ", "),
    (r"\b([a-z]+(?:ish|ian|ese|man|nch)|arabic|dutch) speaking (?=[a-z]+s\b)", r"\1-speaking "),
    (r"\b(top|bottom)[ -](down|up)\b", r"\1-\2"),
    (r"\bself (?=(?:taught|employed|made|managed|organi[sz]ed|service)\b)", "self-"),
    (r"\bstand up (?=comedy|meeting)", "stand-up "),
    (r"\bid (?=(?:fit|be|get|have|love|like|work|lead|own|need|start|join|go|do)\b)", "I'd "),
    (r"\b(the|their|your|our|all) (patients|customers|clients|students|users|kids|nurses|teachers|guests) "
     r"(?=(?:names?|needs|birthdays|lives)\b)", r"\1 \2' "),
    (r"^was (?=(?:nice|good|great|lovely|fun|interesting) to )", "it was "),
    (r"\b((?:talk|chat|spoke)\w* .*?)(?: for (?:ages|hours|a while)| a lot)(?=,|$)", r"\1"),
    (r"\bfrom 0$", "from scratch"),
    (r"\bmicro[ -](?=manag)", "micro"),
    (r"\bdog friendly\b", "dog-friendly"),
    (r"^(what .*) after(?=$|,)", r"\1 afterwards"),
    (r"\b(been|worked|stayed)( here| there| with you)? (?=(?:over |almost |nearly )?(?:\d+\+?|two|three|four|five|six|"
     r"seven|eight|nine|ten|twenty|thirty) (?:years|months|weeks|decades))", r"\1\2 for "),
)  # fmt: skip
"""(what is typed, what was certainly meant); what is not certain is left as it is, and ``doubt`` looks at it."""
NAMES = {
    **{word: word.capitalize() for word in word_set(
        "python kubernetes docker figma tableau english french german spanish italian chinese japanese portuguese",
        "dutch arabic korean welsh irish london paris berlin madrid dublin leeds manchester boston chicago lisbon",
        "amsterdam europe africa asia america canada brazil mexico spain france germany italy japan india christmas",
        "wales scotland england ireland britain oslo glasgow edinburgh bristol vienna rome prague zurich stockholm",
        "copenhagen sweden norway denmark poland greece kenya nigeria australia belfast liverpool cardiff",
        "easter ikea netflix microsoft amazon linux postgres",
    )},
    **{word: word.upper() for word in word_set("sql aws gcp sap crm erp nasa bbc ngo eu usa cnc gps vp cv 3d")},
    "powerpoint": "PowerPoint", "linkedin": "LinkedIn", "github": "GitHub", "javascript": "JavaScript",
    "typescript": "TypeScript", "salesforce": "Salesforce", "saas": "SaaS",
}  # fmt: skip
"""Names that people type small and that mean nothing else."""
NAME = re.compile(rf"(?<![\w.@/-])(?:{'|'.join(sorted(NAMES))})(?![\w.@])")
EXCEL = re.compile(r"\b(in|off|from|with|of|using|to|and) excel\b")
