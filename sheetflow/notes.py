"""The notes' templates: checked before anything is written, rendered in a sandbox, never from cell text.

A template is a ``Subject:`` line, a blank line and the body, in Jinja2. The names it may use are the fields
of ``Note``. Templates come in as text; reading files is somebody else's job.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sheetflow.cells import Person
from sheetflow.errors import TemplateError

NOTES = ("thank_you", "follow_up", "second_follow_up", "withdrawal", "feedback_request")
LIMIT = 20_000
"""Characters a note may have (spec, section 6)."""


@dataclass(frozen=True)
class Note:
    """What a template may use. Every field but ``interviewed`` and ``person`` is text, empty when unknown."""

    company: str
    role: str
    interview: str
    """The day of the interview, as a letter says it: ``20 November``."""
    interviewed: bool
    """False while the interview is still to come."""
    person: Person
    """Whom the note is to: ``person.name``, ``person.first_name``, ``person.email``."""
    highlight: str
    question: str
    reply: str
    """The day of their latest reply; empty when there is none since the interview."""
    followed_up: str
    """The day in Follow-up sent; empty when there is only a tick."""
    reason: str
    """Of a withdrawal: ``accepted_elsewhere``, ``horrible`` or ``own_decision``."""
    you: str

    @property
    def greeting(self) -> str:
        """``Hello Ana,``, or ``Hello,`` when no name is known."""
        name = self.person.first_name
        return f"Hello {name}," if name else "Hello,"


_NAMES = frozenset({f.name for f in fields(Note)} | {"greeting"})
_PERSON = frozenset({"name", "first_name", "email"})


class _Environment(ImmutableSandboxedEnvironment):
    """No globals, no randomness, and no arithmetic that could make a note of a billion characters."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)
        self.globals.clear()
        for name in ("random", "center", "format", "indent", "wordwrap", "attr", "map"):
            self.filters.pop(name, None)
        self.filters["sentence"] = sentence

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        raise SecurityError(f"the operator {operator} is not allowed in a note")


def sentence(text: str, mark: str = ".") -> str:
    """The text with ``mark`` at its end, unless it ends a sentence already. A Jinja filter."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…", "。", "！", "？")) else text + mark


@dataclass(frozen=True)
class _Template:
    file: str
    subject: Any
    body: Any


class Templates:
    """The five notes, compiled and tried out.

    ``sources`` is note -> (file name for errors, text). Raises ``TemplateError`` with file and line for a
    missing note, an unknown name in any branch, bad syntax, a missing subject, or a note that is too long.
    """

    limit = LIMIT

    def __init__(self, sources: Mapping[str, tuple[str, str]]) -> None:
        environment = _Environment()
        self._templates = {note: _compile(environment, *sources[note]) for note in NOTES}
        self._memo: dict[tuple[str, Note], tuple[str, str]] = {}
        for note in NOTES:
            for trial in _TRIALS:
                subject, body = self._render(note, trial)
                _check_trial(self._templates[note].file, subject, body)

    def render(self, note: str, context: Note) -> tuple[str, str]:
        """(subject, body) of a note; each distinct one is rendered once."""
        key = (note, context)
        if key not in self._memo:
            self._memo[key] = self._render(note, context)
        return self._memo[key]

    def _render(self, note: str, context: Note) -> tuple[str, str]:
        template = self._templates[note]
        names = {name: getattr(context, name) for name in _NAMES}
        subject = _limited(template.file, template.subject, names)
        body = _limited(template.file, template.body, names)
        return " ".join(subject.split()), _tidy(body)


def _limited(file: str, template: Any, names: Mapping[str, object]) -> str:
    """Render, but stop soon after the limit; what is too long is told by its length."""
    parts, length = [], 0
    try:
        for part in template.generate(names):
            parts.append(part)
            length += len(part)
            if length > 2 * LIMIT:
                break
    except (
        UndefinedError,
        SecurityError,
        TypeError,
        ValueError,
        ArithmeticError,
        LookupError,
        AttributeError,
    ) as error:
        raise TemplateError(f"{{file}}, line {_line(error)}: {{error}}.", file=file, error=error) from None
    return "".join(parts)


def _line(error: BaseException) -> int:
    """The template line that an error came from: Jinja gives its frames the template's own line numbers."""
    line, trace = 1, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _tidy(body: str) -> str:
    lines = [line.rstrip() for line in body.split("\n")]
    lines = ["----" if line == "-----" else line for line in lines]  # five would read as a new section
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _compile(environment: _Environment, file: str, text: str) -> _Template:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = text.split("\n")
    if not re.match(r"Subject:[ \t]*\S", lines[0]) or len(lines) < 3 or lines[1].strip():
        raise TemplateError(
            "{file}, line 1: a note begins with a line Subject: …, then a blank line, then its text.", file=file
        )
    try:
        _check(file, environment.parse(text))
        subject = environment.from_string(lines[0].removeprefix("Subject:"))
        body = environment.from_string("\n\n" + "\n".join(lines[2:]))
    except TemplateSyntaxError as error:
        raise TemplateError(f"{{file}}, line {error.lineno}: {{error}}.", file=file, error=error.message) from None
    return _Template(file, subject, body)


def _check(file: str, tree: nodes.Template) -> None:
    """Refuse unknown names in any branch, and what would fetch other files."""
    unknown = find_undeclared_variables(tree) - _NAMES
    for name in tree.find_all(nodes.Name):
        if name.name in unknown:
            raise TemplateError(
                f"{{file}}, line {name.lineno}: there is nothing called {{name}}. A note may use "
                f"{', '.join(sorted(_NAMES))}.", file=file, name=name.name,
            )  # fmt: skip
    for node in tree.find_all(nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.node.name == "person" and node.attr not in _PERSON:
            raise TemplateError(
                f"{{file}}, line {node.lineno}: person has no {{name}}, only {', '.join(sorted(_PERSON))}.",
                file=file, name=node.attr,
            )  # fmt: skip
    for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
        raise TemplateError(f"{{file}}, line {node.lineno}: a note cannot bring in other files.", file=file)


def _check_trial(file: str, subject: str, body: str) -> None:
    if not subject:
        raise TemplateError("{file}, line 1: the subject is empty for some rows; give it words of its own.", file=file)
    if len(body) > LIMIT:
        raise TemplateError(f"{{file}}, line 3: the note is longer than {LIMIT:,} characters.", file=file)


_FULL = Note(
    company="Acme", role="Analyst", interview="20 November", interviewed=True,
    person=Person("Ana Ruiz", "ana@acme.example"), highlight="the story", question="How?", reply="24 November",
    followed_up="4 December", reason="accepted_elsewhere", you="Sam Lee",
)  # fmt: skip
_EMPTY = Note("", "", "", False, Person("", ""), "", "", "", "", "own_decision", "")
_TRIALS = (_FULL, _EMPTY, Note(**{**_FULL.__dict__, "reason": "horrible", "reply": ""}))
