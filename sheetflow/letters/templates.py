"""The letters' templates: checked before anything is written, rendered in a sandbox, never from cell text.

A template is a ``Subject:`` line, a blank line and the body, in Jinja2. The names it may use are those of ``Facts``;
no clock, chance or file is within its reach. Templates come in as text; reading files is somebody else's job.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from typing import Any, NamedTuple

from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sheetflow.cells import clean
from sheetflow.errors import TemplateError
from sheetflow.letters.facts import Facts, Whom
from sheetflow.letters.languages import LANGUAGES
from sheetflow.table.people import Person

LIMIT = 20_000
"""Characters a note may have (the rules, section 6)."""
SUBJECT_LIMIT = 70
"""Characters of a subject; from a longer one the writer's name is left out, then the days, then the role."""


NAMES = frozenset({*Facts._fields, "greeting", "job"}) - {"language"}
NOT_IN_SUBJECTS = frozenset({"person", "greeting"})
"""A row has one subject, whoever its letters are to."""
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "person": frozenset(Whom._fields),
    "loop": frozenset({"index", "index0", "first", "last", "length"}),
}
"""The names that have parts, and which."""
FILTERS = ("capitalize", "default", "first", "join", "last", "length", "lower", "replace", "title", "trim", "upper")
"""Jinja's filters that may be used, beside ``sentence``: none that could be random or endless."""


class _Environment(ImmutableSandboxedEnvironment):
    """No globals, no methods, no randomness, and no arithmetic that could make a note of a billion characters."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(
            undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False, finalize=_only_words
        )
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS} | {"sentence": sentence}

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        raise SecurityError(f"the operator {operator} is not allowed in a note")

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return attr in ATTRIBUTES["person" if isinstance(obj, Whom) else "loop"] and not callable(value)


def _only_words(value: object) -> object:
    """Let nothing but text and numbers into a note."""
    if value is None or not isinstance(value, (str, int, float, StrictUndefined)):
        raise SecurityError("a note can only show text and numbers")
    return value


def sentence(text: str, mark: str = ".") -> str:
    """The text with ``mark`` at its end, unless it ends a sentence already. A Jinja filter."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…", "。", "！", "？")) else text + mark


class _Template(NamedTuple):
    file: str
    subject: Any
    body: Any


class Templates:
    """The notes in every language, compiled and tried out.

    ``sources`` is (language, note) -> (file name for errors, text); each note is there in English at least. Raises
    ``TemplateError`` with file and line for an unknown name in any branch, bad syntax, a missing subject, or a note
    that is too long. Those of ``later``, which are known to be good, are only compiled when first used.
    """

    limit = LIMIT

    def __init__(
        self, sources: Mapping[tuple[str, str], tuple[str, str]], later: Container[tuple[str, str]] = ()
    ) -> None:
        self._sources, self._environment = sources, _Environment()
        self._compiled: dict[tuple[str, str], _Template] = {}
        for language, note in sources:
            if (language, note) not in later:
                self._try_out(language, note)

    def _try_out(self, language: str, note: str) -> None:
        file, _ = self._sources[language, note]
        for trial in _TRIALS:
            _check_trial(file, *self.render(note, trial._replace(language=language)))

    def _template(self, language: str, note: str) -> _Template:
        key = language, note
        if key not in self._compiled:
            self._compiled[key] = _compile(self._environment, *self._sources[key])
        return self._compiled[key]

    def language(self, note: str, wanted: str) -> str:
        """The language that a note is there in: the one wanted, or English."""
        return wanted if (wanted, note) in self._sources else next(iter(LANGUAGES))

    def render(self, note: str, facts: Facts) -> tuple[str, str]:
        """(subject, body) of a note, in the language of the facts."""
        template, names = self._template(facts.language, note), facts.names()
        body = _tidy(_limited(template.file, template.body, names))
        if facts.company.endswith("."):
            body = body.replace(f"{facts.company}.", facts.company)  # Alder & Finch Ltd. ends a sentence by itself
        for shorter in _shorter(facts):
            said = names if shorter is facts else shorter.names()
            subject = " ".join(_limited(template.file, template.subject, said).split())
            if len(subject) <= SUBJECT_LIMIT:
                return subject, body
        return subject, body


def _shorter(facts: Facts) -> Iterator[Facts]:
    """The facts for a subject, ever fewer of them: without the writer's name, the days, the role, the company."""
    yield facts
    facts = facts._replace(you="", signature="")
    yield facts
    yield _undated(facts)
    yield facts._replace(role="")
    facts = facts._replace(role="", company="")
    yield facts
    yield _undated(facts)


def _undated(facts: Facts) -> Facts:
    return facts._replace(interview="", weekday="", reply="", followed_up="", decision_by="", applied="")


def _limited(file: str, template: Any, names: Mapping[str, object]) -> str:
    """Render, but stop soon after the limit; what is too long is told by its length."""
    parts, length = [], 0
    try:
        for part in template.root_render_func(template.new_context(dict(names))):
            parts.append(part)
            length += len(part)
            if length > 2 * LIMIT:
                break
    except (JinjaError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError) as error:
        raise _wrong(file, _line(error), "{error}.", error=str(error).rstrip(".")) from None
    return "".join(parts)


def _line(error: BaseException) -> int:
    """The template line that an error came from: Jinja maps lines of the code that it made to the template's."""
    line, trace = 1, error.__traceback__
    while trace:
        template = trace.tb_frame.f_globals.get("__jinja_template__")
        if template is not None:
            line = template.get_corresponding_lineno(trace.tb_lineno)
        trace = trace.tb_next
    return line


_TAG_ALONE = re.compile(r"\s*\{%(?:(?!%\}).)*%\}\s*")


def _kept_line_ends(body: str) -> str:
    """The text with its line ends, also behind a tag, unless the tag has the line for itself: Jinja takes them away."""
    lines = body.split("\n")
    return "\n".join(
        line + '{{ "" }}'
        if line.rstrip().endswith("%}") and not line.rstrip().endswith("-%}") and not _TAG_ALONE.fullmatch(line)
        else line
        for line in lines
    )


def _tidy(body: str) -> str:
    lines = [line.rstrip() for line in body.split("\n")]
    lines = ["----" if line == "-----" else line for line in lines]  # five would read as a new section
    return re.sub(r"\n\n\n+", "\n\n", "\n".join(lines)).strip()


def _wrong(file: str, line: int, text: str, **private: object) -> TemplateError:
    """The file's name and the line are for everybody: a template is not a cell."""
    folder, _, name = file.replace("\\", "/").rpartition("/")
    where = " (in {folder})" if folder else ""
    return TemplateError(f"{name}{where}, line {line}: {text}", folder=folder, **private)


def _compile(environment: _Environment, file: str, text: str) -> _Template:
    text = clean(text)
    lines = text.split("\n")
    if not re.match(r"Subject:[ \t]*\S", lines[0]) or len(lines) < 3 or lines[1].strip():
        raise _wrong(file, 1, "a note begins with a line Subject: …, then a blank line, then its text.")
    subject = lines[0].removeprefix("Subject:").strip()
    body = "\n" * 2 + _kept_line_ends("\n".join(lines[2:]))  # the lines keep their numbers
    try:
        trees = environment.parse(subject), environment.parse(body)
        for tree, names in zip(trees, (NAMES - NOT_IN_SUBJECTS, NAMES), strict=True):
            _check(environment, file, tree, names)
        return _Template(file, *map(environment.from_string, trees))
    except TemplateSyntaxError as error:
        raise _wrong(file, error.lineno, "{error}.", error=(error.message or "").rstrip(".")) from None


def _check(environment: _Environment, file: str, tree: nodes.Template, names: frozenset[str]) -> None:
    """Refuse in any branch what a note may not use: unknown names, parts, filters and tests, and other files."""
    for node in tree.find_all(nodes.Node):
        if trouble := _trouble(environment, node):
            raise _wrong(file, node.lineno, f"{trouble}.")
    unknown = find_undeclared_variables(tree) - names
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
            if name.name in NAMES:
                raise _wrong(file, name.lineno, f"{name.name} cannot stand in a subject: a row has one, for all.")
            known = ", ".join(sorted(names))
            raise _wrong(file, name.lineno, f"there is nothing called {name.name}; a note may use {known}.")


def _trouble(environment: _Environment, node: nodes.Node) -> str:
    match node:
        case nodes.Getattr(node=nodes.Name(name=name), attr=attr) if name in ATTRIBUTES:
            parts = sorted(ATTRIBUTES[name])
            return "" if attr in parts else f"{name} has no {attr}, only {', '.join(parts)}"
        case nodes.Getattr(attr=attr):
            return f"only person has parts, so .{attr} cannot be used here"
        case nodes.Filter(name=name) if name not in environment.filters:
            return f"there is no filter {name}; a note may use {', '.join(sorted(environment.filters))}"
        case nodes.Test(name=name) if name not in environment.tests:
            return f"there is no test {name}"
        case nodes.Include() | nodes.Import() | nodes.FromImport() | nodes.Extends():
            return "a note cannot bring in other files"
    return ""


def _check_trial(file: str, subject: str, body: str) -> None:
    if not subject:
        raise _wrong(file, 1, "the subject is empty for some rows; give it words of its own.")
    if not body:
        raise _wrong(file, 3, "the note is empty for some rows.")
    if len(body) > LIMIT:
        raise _wrong(file, 3, f"the note is longer than {LIMIT:,} characters.")


_FULL = Facts(
    company="Acme", role="Analyst", interview="20 November", weekday="Friday", interviewed=True,
    person=Person("Ana Ruiz", "ana@acme.example"), highlight="the story", detail="I enjoyed the story.",
    apart="I enjoyed the story.", question="How?", feeling="Great", thanked=True, followed_up="4 December",
    reply="24 November", decision_by="1 December", applied="1 November", reason="accepted_elsewhere", offered=True,
    variant=3, you="Sam Lee", signature="Sam Lee",
)  # fmt: skip
_TRIALS = (
    _FULL,
    Facts(),
    Facts(interviewed=True),
    _FULL._replace(reason="horrible", feeling="Horrible", reply="", decision_by="", offered=False, variant=0),
    _FULL._replace(reason="own_decision", thanked=False, feeling="", variant=1, offered=False, interviewed=False),
)
