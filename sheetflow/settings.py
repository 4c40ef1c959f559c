"""Settings: defaults < sheetflow.toml < Settings tab < environment < command line (spec, section 5).

A new setting is a line in ``SETTINGS``. Unknown or unusable ones raise ``SettingError`` with the nearest name.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta, timezone, tzinfo
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sheetflow.addresses import address_trouble
from sheetflow.cells import read_text
from sheetflow.columns import COLUMNS, plain
from sheetflow.errors import SettingError, literal
from sheetflow.sheet import DateOrder, Sheet, Value, is_empty


@dataclass(frozen=True)
class Settings:
    """What a person may set. Days are calendar days, hours are elapsed hours."""

    name: str = ""
    thank_you_hours: int = 24
    follow_up_days: int = 14
    second_follow_up_days: int = 7
    ghosted_days: int = 7
    closing_days: int = 30
    application_follow_up_days: int = 10
    application_ghosted_days: int = 20
    skip_weekends: bool = True
    withdraw_when_accepted: bool = True
    signature: str = ""
    """Several lines; empty: the name."""
    language: str = "en"
    """A code of ``LANGUAGES``."""
    send_with: str = "gmail"
    send_from: str = ""
    row_height: bool = True
    to_send_tab: bool = True
    overview_tab: bool = True
    time_zone: str = ""
    date_order: DateOrder = ""
    worksheet: str = ""
    quiet_hours: str = "22-7"
    columns: Mapping[str, str] = field(default_factory=dict)
    """Column key -> the person's own header, from ``[columns]`` in ``sheetflow.toml``."""

    @property
    def zone(self) -> tzinfo | None:
        """The time zone set, for local files; ``None`` when none is."""
        return read_zone(self.time_zone) if self.time_zone else None


LANGUAGES: Mapping[str, str] = {"en": "English", "de": "German", "fr": "French", "es": "Spanish", "zh": "Chinese"}
"""The languages that letters are written in: code -> name in English."""
_OWN_NAMES: Mapping[str, str] = {
    "deutsch": "de", "français": "fr", "francais": "fr", "español": "es", "espanol": "es", "中文": "zh", "汉语": "zh",
    "漢語": "zh", "简体中文": "zh", "繁體中文": "zh",
}  # fmt: skip

Reader = Callable[[str], Any]


def _text(text: str) -> str:
    return " ".join(text.split())


def _whole(least: int, most: int) -> Reader:
    def read(text: str) -> int:
        if not re.fullmatch(r"\d{1,6}(?:\.0+)?", text.strip()) or not least <= int(float(text)) <= most:
            raise ValueError(f"a whole number from {least} to {most}")
        return int(float(text))

    return read


def _yes_no(text: str) -> bool:
    word = text.strip().casefold()
    if word in ("yes", "y", "true", "on", "1"):
        return True
    if word in ("no", "n", "false", "off", "0"):
        return False
    raise ValueError("yes or no")


def _one_of(*words: str) -> Reader:
    def read(text: str) -> str:
        word = text.strip().casefold()
        if word not in words:
            raise ValueError(" or ".join(words))
        return word

    return read


def _language(text: str) -> str:
    word = text.strip().casefold()
    codes = {**_OWN_NAMES, **{name.casefold(): code for code, name in LANGUAGES.items()}, **{c: c for c in LANGUAGES}}
    if word not in codes:
        *others, last = LANGUAGES.values()
        raise ValueError(f"{', '.join(others)} or {last}")
    return codes[word]


def _lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def _hours(text: str) -> str:
    match = re.fullmatch(r"(\d{1,2})\s*-\s*(\d{1,2})", text.strip())
    if not match or not all(0 <= int(hour) <= 24 for hour in match.groups()):
        raise ValueError("two hours of the day, like 22-7")
    return f"{int(match[1])}-{int(match[2])}"


def _address(text: str) -> str:
    if address_trouble(text.strip()):
        raise ValueError("one complete e-mail address")
    return text.strip()


def _zone_name(text: str) -> str:
    try:
        read_zone(text.strip())
    except ValueError:
        raise ValueError("a time zone such as Europe/Madrid or America/New_York") from None
    return text.strip()


@dataclass(frozen=True)
class Setting:
    """One setting: its name in code, its words in the Settings tab, how its text is read."""

    key: str
    label: str
    read: Reader
    in_tab: bool
    help: str

    def words(self, value: Any) -> Value:
        """A value as a person would type it."""
        words: Value = ("yes" if value else "no") if isinstance(value, bool) else value
        return LANGUAGES[value] if self.key == "language" else words


SETTINGS: tuple[Setting, ...] = (
    Setting("name", "Your name", _text, True, "Your name, under every note."),
    Setting("thank_you_hours", "Thank-you within (hours)", _whole(1, 240), True, "Hours to say thank you in."),
    Setting("follow_up_days", "First follow-up after (days)", _whole(1, 365), True, "Days to the follow-up."),
    Setting(
        "second_follow_up_days", "Second follow-up after (days)", _whole(1, 365), True,
        "Days from the follow-up to the second.",
    ),
    Setting("ghosted_days", "Ghosted after (days)", _whole(1, 365), True, "Days from the second to ghosted."),
    Setting(
        "closing_days", "Closing notes within (days)", _whole(1, 365), True,
        "Days in which a withdrawal or a feedback request still makes sense.",
    ),
    Setting(
        "application_follow_up_days", "Application check-in after (days)", _whole(1, 365), True,
        "Days from an application to the check-in.",
    ),
    Setting(
        "application_ghosted_days", "Application ghosted after (days)", _whole(1, 365), True,
        "Days from the check-in to ghosted.",
    ),
    Setting("skip_weekends", "Skip weekends", _yes_no, True, "Move due days from the weekend to Monday (yes or no)."),
    Setting(
        "withdraw_when_accepted", "Withdraw when accepted", _yes_no, False,
        "Draft withdrawals once an offer is accepted (yes or no).",
    ),
    Setting("signature", "Signature", _lines, True, "What stands under every note, in several lines."),
    Setting("language", "Language", _language, True, "The language of the letters, where a row names none."),
    Setting("send_with", "Send with", _one_of("gmail", "mailto"), True, "What Send opens: gmail or mailto."),
    Setting("send_from", "Send from", _address, True, "The Gmail account that Send opens, as an address."),
    Setting("row_height", "Row height", _yes_no, False, "Give rows with a draft four lines (yes or no)."),
    Setting("to_send_tab", "To send tab", _yes_no, False, "Keep a tab of what is to be sent (yes or no)."),
    Setting("overview_tab", "Overview tab", _yes_no, False, "Keep a tab with the figures (yes or no)."),
    Setting("time_zone", "Time zone", _zone_name, False, "Local files: the time zone, such as Europe/Madrid."),
    Setting("date_order", "Date order", _one_of("dmy", "mdy"), False, "Local files: what 03/04/2026 is, dmy or mdy."),
    Setting("worksheet", "Worksheet", str.strip, False, "The tab to work on."),
    Setting("quiet_hours", "Quiet hours", _hours, False, "When GitHub may tell you nothing, like 22-7."),
)  # fmt: skip
PERSONAL = ("name", "signature", "language", "send_from")
"""What is a person's own: in a roster it comes from their Settings tab or their row, never from who runs it."""

_BY_NAME: Mapping[str, Setting] = {
    plain(name): setting
    for setting in SETTINGS
    for name in (setting.key, setting.label, re.sub(r"\(.*\)", "", setting.label))
}
ENV_PREFIX = "SHEETFLOW_"
ENV_OTHERS = (
    "SHEETFLOW_SHEET", "SHEETFLOW_TEMPLATES", "SHEETFLOW_CONFIG", "SHEETFLOW_LIVE_SHEET",
    "SHEETFLOW_DUE", "SHEETFLOW_ROSTER", "SHEETFLOW_TELL", "SHEETFLOW_TELL_COMPANY",
)  # fmt: skip
"""Environment variables of ours that are not settings."""
TAB_TITLE = "Settings"
TAB = "the Settings tab"
TAB_HEADER = ("Setting", "Value")


def read_zone(name: str) -> tzinfo:
    """A time zone by its name, or as Google spells a custom one (``GMT-07:00``).

    Raises ``ValueError`` when there is no such zone.
    """
    if match := re.fullmatch(r"(?:GMT|UTC)([+-])(\d{1,2})(?::?(\d\d))?", name):
        offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        if offset < timedelta(hours=24):
            return timezone(-offset if match[1] == "-" else offset)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"no time zone {name}") from None


def from_text(values: Mapping[str, str], where: str) -> dict[str, Any]:
    """Read texts by setting name; empty ones count as not set. ``where`` names the place in errors."""
    result = {}
    for name, text in values.items():
        setting = _find(name, where)
        if text.strip():
            result[setting.key] = _read(setting, text, name, where)
    return result


def from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """The settings among environment variables: ``SHEETFLOW_NAME`` and so on."""
    ours = {name: text for name, text in environment.items() if name.startswith(ENV_PREFIX) and name not in ENV_OTHERS}
    return from_text(
        {name.removeprefix(ENV_PREFIX): text for name, text in ours.items()}, "the environment (SHEETFLOW_…)"
    )


def from_toml(text: str, where: str = "sheetflow.toml") -> dict[str, Any]:
    """The settings in the text of a ``sheetflow.toml``, with its ``[columns]`` table."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at .*\)$", str(error))
        raise SettingError(
            f"{where} is not valid TOML {place[0] if place else ''}: see https://toml.io for its rules."
        ) from None
    columns = document.pop("columns", {})
    nested = {name: value for name, value in document.items() if isinstance(value, (dict, list))}
    if nested or not isinstance(columns, dict):
        name = next(iter(nested), "columns")
        raise SettingError(f"{where} has a table or list {literal(name)} that sheetflow does not know.")
    texts = {name: ("yes" if v else "no") if isinstance(v, bool) else str(v) for name, v in document.items()}
    result = from_text(texts, where)
    if columns:
        result["columns"] = _columns(columns, where)
    return result


def from_tab(sheet: Sheet) -> dict[str, Any]:
    """The settings in the spreadsheet's Settings tab, if it is ours: its first row is Setting | Value.

    The tab may set the name, the waits, weekends and sending, and nothing else: whoever can edit a sheet
    must not steer files or credentials.
    """
    rows = sheet.settings_tab or ()
    if not rows or [_cell(rows[0], c) for c in (0, 1)] != [plain(word) for word in TAB_HEADER]:
        return {}
    result: dict[str, Any] = {}
    for row in rows[1:]:
        name, value = (row[c] if c < len(row) else None for c in (0, 1))
        if is_empty(name):
            continue
        setting = _find(read_text(name), TAB)
        if not setting.in_tab:
            raise SettingError(f"{setting.label} cannot be set in the Settings tab; set it in sheetflow.toml instead.")
        text = ("yes" if value else "no") if isinstance(value, bool) else read_text(value)
        if text:
            result[setting.key] = _read(setting, text, setting.label, TAB)
    return result


class Layers(NamedTuple):
    """Settings from their places, weakest first; the Settings tab comes between the file and the environment."""

    file: Mapping[str, Any] = {}
    environment: Mapping[str, Any] = {}
    command: Mapping[str, Any] = {}

    def merged(self, sheet: Sheet | None = None) -> Settings:
        """The settings in force: before anything is read, or with the Settings tab of a sheet."""
        settings = Settings()
        for layer in (self.file, from_tab(sheet) if sheet else {}, self.environment, self.command):
            settings = replace(settings, **layer)
        return settings


def tab_place(sheet: Sheet, key: str) -> int | None:
    """The 0-based row of a setting in the Settings tab, or where it would go; ``None`` without a tab of ours."""
    rows = sheet.settings_tab or ()
    if not rows or [_cell(rows[0], c) for c in (0, 1)] != [plain(word) for word in TAB_HEADER]:
        return None
    names = [_BY_NAME.get(_cell(row, 0)) for row in rows]
    return next((n for n, setting in enumerate(names) if setting and setting.key == key), len(rows))


def tab_rows(settings: Settings) -> list[tuple[str, Value]]:
    """The rows of a fresh Settings tab, header first."""
    rows = ((setting.label, setting.words(getattr(settings, setting.key))) for setting in SETTINGS if setting.in_tab)
    return [TAB_HEADER, *rows]


def defaults() -> dict[str, Any]:
    """Setting name -> default."""
    return {f.name: getattr(Settings(), f.name) for f in fields(Settings)}


def _cell(row: Sequence[Value], column: int) -> str:
    return plain(read_text(row[column])) if column < len(row) else ""


def _find(name: str, where: str) -> Setting:
    setting = _BY_NAME.get(plain(name))
    if setting is None:
        near = difflib.get_close_matches(plain(name), _BY_NAME, 1, 0.6)
        hint = f" Did you mean {_BY_NAME[near[0]].key} ({_BY_NAME[near[0]].label})?" if near else ""
        if where == TAB:  # the one place whose words are cells, and not for every eye
            raise SettingError("There is no setting {name} (in " + where + ")." + hint, name=repr(name))
        raise SettingError(f"There is no setting {literal(repr(name))} (in {where}).{hint}")
    return setting


def _read(setting: Setting, text: str, name: str, where: str) -> Any:
    try:
        return setting.read(text)
    except ValueError as error:
        raise SettingError(
            f"{setting.label} ({setting.key}, in {where}) must be {error}, not {{text}}.", text=repr(text)
        ) from None


def _columns(columns: Mapping[str, object], where: str) -> dict[str, str]:
    known = {plain(word): column.key for column in COLUMNS for word in (column.header, column.key)}
    result = {}
    for name, header in columns.items():
        key = known.get(plain(name))
        if key is None or not isinstance(header, str) or not plain(header):
            near = difflib.get_close_matches(plain(name), known, 1, 0.6)
            hint = f" Did you mean {known[near[0]]}?" if near and key is None else ""
            raise SettingError(
                f'[columns] in {where} wants lines like Company = "Your own header"; {literal(repr(name))} is none.'
                + hint
            )
        result[key] = header
    return result
