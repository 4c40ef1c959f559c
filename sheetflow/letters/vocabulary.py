"""The English words that the patterns of a detail know: data, and nothing else."""

from __future__ import annotations

import re

from sheetflow.letters.greeting import word_set

NOTHING = word_set("n/a na no nope none nothing - – ? x tbd tba null nan todo ok yes") | {
    "",
    "nothing special",
    "not sure",
}
NUMBERS = {"2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight", "9": "nine"}
SMILEY = re.compile(r"(?:^|(?<= ))[:;]-?[)(DPp](?= |$)|<3|\b(?:lol|ha(?:ha)+|lmao)\b", re.I)
LONG = {"mins": "minutes", "yrs": "years", "yr": "year", "w/": "with", "ppl": "people", "b/c": "because"}
SHORT = re.compile(rf"(?<![\w/])(?:{'|'.join(map(re.escape, LONG))})(?!\w)", re.I)
DAYS = re.compile(r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|april|june|july|august|"
                   r"september|october|november|december)\b")  # fmt: skip
ABBREVIATED = ("etc.", "a.m.", "p.m.", "Inc.", "Ltd.")
YOU = {"they": "you", "their": "your", "theirs": "yours", "them": "you", "themselves": "yourselves"}
IRREGULAR = {"is": "are", "was": "were", "has": "have", "does": "do", "goes": "go", "isn't": "aren't",
              "wasn't": "weren't", "hasn't": "haven't", "doesn't": "don't"}  # fmt: skip
AFTER_HER = "(?:about|of|a|the|that|to|in|on|at|for|with|and|how|when|if|because|as|who)"
PRONOUN = re.compile(r"(?:you|we|they|she|he|it|everyone|everybody|nobody|someone|somebody|there)(?:'\w+)?|people")
DEFINITE = re.compile(r"(?:the|an?|your|our|my|this|these|those|every|each|both|all|some|one)\b|[\w-]+['’]s? ", re.I)
BOUNDARY = re.compile(
    r"\b(?:of|in|from|that|with|about|to|for|at|on|when|who|which|where|and|behind|between|over|around|by|during|being|"
    r"after|before)\b|[,:(]"
)
"""What ends the noun at the beginning of a phrase."""
TO_ASK = re.compile(
    r"^(?:(?:I )?(?:would|['’]d)? ?(?:love|like|want(?:ed)?|curious) to (?:know|ask|hear|learn)|to ask|ask)\b[:,]?"
    r"(?: (?:you|them|her|him|more|about))* ?",
    re.I,
)
ASKING = word_set(
    "how why what when where who which whose if whether",
)
AUXILIARIES = word_set(
    "is are was were do does did can could will would should has have had may might isn't don't doesn't",
)
ADVERBS = ("also", "still", "even", "just", "never", "always", "really", "actually", "only", "once", "often", "now",
           "usually", "already", "sometimes")  # fmt: skip
RELATIVE = word_set(
    "who that which where when how why what whose whom because if while as after before to",
)
OPENERS = word_set(
    "but a an the your our my his her their this these those of in on at for with from by and or no some every well",
    "newly highly",
)
PRESENT = word_set(
    "is are has have can could will would should must isn't aren't hasn't haven't won't can't don't doesn't does",
    "do get gets gives goes knows makes takes brings keeps lets comes becomes eats teaches writes speaks chooses",
    "decides owns learns meets happens belongs cares wears sits pays thinks feels seems means sends spends grows",
    "encourages allows includes provides celebrates rotates remembers uses wants helps lives loves believes",
    "understands codes sounds smells",
)
PAST = word_set(
    "was were wasn't weren't had did didn't went knew made took brought kept came became ate taught wrote spoke",
    "chose sat paid felt sent spent grew left lost began met saw gave told thought ran built seemed decided",
    "wanted started moved joined used tried worked lived stayed played happened laughed fell drove rode flew",
)
VERBS = PRESENT - word_set(
    "have do get",
) | PAST - word_set(
    "left lost used built sent spent met",
)
OBJECTS = word_set(
    "my me us the a an their your his her you'll you're you've they'll it we i that",
)
SAD = re.compile(
    r"\b(?:layoffs?|laid|cuts?|lost|losing|leav\w+|quit|fail\w*|struggl\w+|difficult|hard|problems?|challeng\w+|crisis|"
    r"broke|die[ds]?|death|ill|sick|cancer|war|burn-?out|over-?worked|understaffed|stress\w*|debts?|closed?|closing|shut|"
    r"fired|divorced?|bankrupt|late|sorry|worr\w+|unhappy|bad|worse|worst|poor|hectic|chaos|chaotic)\b",
    re.I,
)
PLURAL_VERBS = word_set(
    "choose get go come know have do make take give keep let learn teach write speak eat sit own decide bring",
    "meet rotate align trust answer share present work live love care help want need use think feel vote pair",
    "stay leave pick run",
)
SINGULAR = word_set(
    "runs bakes cooks writes teaches plays sings reads climbs swims coaches paints speaks loves leads manages",
    "mentors codes builds travels cycles skis knits gardens draws",
)
PEOPLE = word_set(
    "ceo cto cfo coo boss manager director founder owner lead head team company intern engineer designer",
    "developer nurse doctor teacher student junior senior hire customer client user employee colleague kid child",
    "parent patient guest member volunteer analyst trainee apprentice recruiter candidate neighbour neighbor wife",
    "husband mother father sister brother",
)
OTHERS = word_set(
    "people everyone everybody kids children staff women men newcomers folks parents others",
)
BARE_SUBJECTS = word_set(
    "team company office culture product ceo cto manager boss founder department building atmosphere director",
    "owner lab kitchen canteen principal receptionist school factory shop warehouse",
)
ADJECTIVES = word_set(
    "close good great honest open small big young friendly relaxed flexible fast diverse modern remote kind helpful",
    "warm calm agile lean hybrid busy green global local",
)
"""Words that look like a bare noun and are none."""
NO_PLURALS = word_set(
    "sales operations systems news sports communications analytics customs savings ops arts careers business",
    "physics mathematics economics logistics graphics always",
)
UNCOUNTED = re.compile(
    r"(?:ing|ism|ity|ness|ship|ment|logy|graphy|ics|ation|care|work|time|balance|leave|research|software|design|growth|"
    r"source|transparency|feedback|trust|autonomy|equity|health|music|jazz|life|pay|data|sport|wine|tea|food|code|ethics|safety|"
    r"privacy|law)$"
)
"""Endings of nouns that want no article."""
LIVED = word_set(
    "tour lunch walk demo visit view office conversation talk chat discussion exercise interview question",
    "questions energy vibe vibes honesty openness warmth atmosphere enthusiasm passion humour humor calm kindness",
    "curiosity attitude spirit advice people welcome coffee dog garden space candour candor patience laugh",
    "laughter joke jokes smile hospitality staff kitchen room way story stories anecdote anecdotes presentation",
    "explanation answer answers example examples metaphor comparison",
)
"""Nouns of what one has seen or been told oneself, so that one does not hear about them."""
KNOWN = (
    word_set(
        "the a an our your we you they their she he her his it everyone everybody nobody someone there people that",
        "this these those how why what where when to both all some no new liked loved enjoyed appreciated admired",
        "really very so learned learnt learning heard hearing said mentioned told explained shared described talked",
        "talking spoke chatted discussed discussing asked impressed inspired bonded laughed meeting seeing being",
        "bonding comparing working building doing making using moving growing running managing leading teaching",
        "having honest open frank candid passionate team company culture growth mentorship mentoring training remote",
        "flexible small big great good nice lovely amazing interesting cool fun fantastic hybrid diversity",
        "sustainability onboarding work product parental unlimited free early career code data strong whether",
        "everything bringing finding getting mutual common my short long weekly got gave offered remembered paid made",
        "invited introduced walked took put saw met tried visited toured felt watched had connected agreed clicked",
        "joked care hire ship focus invest give treat pay train promote actually always still monthly annual yearly",
        "daily regular honesty autonomy freedom trust clear lots plenty",
    )
    | LIVED
    | AUXILIARIES
    | BARE_SUBJECTS - {"ceo", "cto"}
)
"""First words that are no names and lose their capital inside a sentence."""
