"""The notes' templates: checked before anything is written, rendered in a sandbox, never from cell text.

A template is a ``Subject:`` line, a blank line and the body, in Jinja2. The names it may use are the fields
of ``Note``, ``greeting`` and ``job``; no clock, chance or file is within its reach. Templates come in as text; reading
files is somebody else's job.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sheetflow.cells import clean
from sheetflow.errors import TemplateError
from sheetflow.table.people import Person

NOTES = ("thank_you", "follow_up", "second_follow_up", "withdrawal", "feedback_request")
LIMIT = 20_000
"""Characters a note may have (spec, section 6)."""


class Note(NamedTuple):
    """What a template may use. Every field but ``interviewed`` and ``person`` is text, empty when unknown."""

    company: str
    role: str
    interview: str
    """The day of the interview, as a letter says it: ``20 November``."""
    interviewed: bool
    """Whether there was an interview: false while it is still to come."""
    person: Person
    """Whom the note is to: ``person.name``, ``person.first_name``, ``person.email``."""
    highlight: str
    question: str
    reply: str
    """The day of their latest reply; empty when there is none since the interview."""
    followed_up: str
    """The day in Follow-up sent; empty when there is only a tick."""
    reason: str
    """Of a withdrawal: ``accepted_elsewhere``, ``horrible`` or ``own_decision``; else empty."""
    you: str

    @property
    def greeting(self) -> str:
        """``Hello Ana,``, or ``Hello,`` when no name is known."""
        name = self.person.first_name
        return f"Hello {name}," if name else "Hello,"

    @property
    def job(self) -> str:
        """``the Data Analyst role at Acme``, as far as it is known; else ``the position``."""
        return (f"the {self.role} role" if self.role else "the position") + (
            f" at {self.company}" if self.company else ""
        )


NAMES = frozenset({*Note._fields, "greeting", "job"})
ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "person": frozenset({"name", "first_name", "email"}),
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
        return attr in ATTRIBUTES["person" if isinstance(obj, Person) else "loop"] and not callable(value)


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
    jinja: Any


_BODY = "\0"
"""Stands between subject and body while both are rendered in one go."""


class Templates:
    """The five notes, compiled and tried out.

    ``sources`` is note -> (file name for errors, text). Raises ``TemplateError`` with file and line for a
    missing note, an unknown name in any branch, bad syntax, a missing subject, or a note that is too long.
    """

    limit = LIMIT

    def __init__(self, sources: Mapping[str, tuple[str, str]]) -> None:
        environment = _Environment()
        self._templates = {note: _compile(environment, *sources[note]) for note in NOTES}
        for note in NOTES:
            for trial in _TRIALS:
                _check_trial(self._templates[note].file, *self.render(note, trial))

    def render(self, note: str, context: Note) -> tuple[str, str]:
        """(subject, body) of a note."""
        template = self._templates[note]
        names = context._asdict()
        names |= {"greeting": context.greeting, "job": context.job}
        subject, _, body = _limited(template, names).partition(_BODY)
        return " ".join(subject.split()), _tidy(body)


def _limited(template: _Template, names: Mapping[str, object]) -> str:
    """Render, but stop soon after the limit; what is too long is told by its length."""
    parts, length = [], 0
    try:
        for part in template.jinja.root_render_func(template.jinja.new_context(names)):
            parts.append(part)
            length += len(part)
            if length > 2 * LIMIT:
                break
    except (JinjaError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError) as error:
        raise _wrong(template.file, _line(error), "{error}.", error=str(error).rstrip(".")) from None
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
    try:
        _check(environment, file, environment.parse(lines[0]))  # on its own, so that no block spans the two
        _check(environment, file, environment.parse(text))
        both = lines[0].removeprefix("Subject:") + _BODY + "\n\n" + "\n".join(lines[2:])
        return _Template(file, environment.from_string(both))
    except TemplateSyntaxError as error:
        raise _wrong(file, error.lineno, "{error}.", error=(error.message or "").rstrip(".")) from None


def _check(environment: _Environment, file: str, tree: nodes.Template) -> None:
    """Refuse in any branch what a note may not use: unknown names, parts, filters and tests, and other files."""
    for node in tree.find_all(nodes.Node):
        if trouble := _trouble(environment, node):
            raise _wrong(file, node.lineno, f"{trouble}.")
    unknown = find_undeclared_variables(tree) - NAMES
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
            known = ", ".join(sorted(NAMES))
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


_FULL = Note(
    company="Acme", role="Analyst", interview="20 November", interviewed=True,
    person=Person("Ana Ruiz", "ana@acme.example"), highlight="the story", question="How?", reply="24 November",
    followed_up="4 December", reason="accepted_elsewhere", you="Sam Lee",
)  # fmt: skip
_EMPTY = Note("", "", "", False, Person("", ""), "", "", "", "", "own_decision", "")
_TRIALS = (_FULL, _EMPTY, _FULL._replace(reason="horrible", reply=""), _EMPTY._replace(interviewed=True, reason=""))
