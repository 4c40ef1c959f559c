"""Settings: five layers, the strongest wins; what is unknown is named, with the nearest."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from support import grid_sheet

from sheetflow import settings
from sheetflow.errors import SettingError
from sheetflow.settings import SETTINGS, Layers, Settings, defaults, from_environment, from_tab, from_text, from_toml


def tab(*rows: Any) -> dict[str, Any]:
    return from_tab(grid_sheet(settings_tab=[("Setting", "Value"), *rows]))


VALUES = {
    "name": ("Sam Lee", "Sam Lee"),
    "thank_you_hours": ("48", 48),
    "follow_up_days": ("10", 10),
    "second_follow_up_days": ("5", 5),
    "ghosted_days": ("9", 9),
    "closing_days": ("60", 60),
    "application_follow_up_days": ("12", 12),
    "application_ghosted_days": ("30", 30),
    "skip_weekends": ("no", False),
    "withdraw_when_accepted": ("no", False),
    "signature": ("Sam Lee\n+34 600 000 000", "Sam Lee\n+34 600 000 000"),
    "language": ("Deutsch", "de"),
    "send_with": ("mailto", "mailto"),
    "send_from": ("sam@mail.example", "sam@mail.example"),
    "row_height": ("no", False),
    "to_send_tab": ("no", False),
    "overview_tab": ("no", False),
    "time_zone": ("Asia/Tokyo", "Asia/Tokyo"),
    "date_order": ("mdy", "mdy"),
    "worksheet": ("Jobs", "Jobs"),
    "quiet_hours": ("21-8", "21-8"),
}
IN_TAB = {
    "name",
    "thank_you_hours",
    "follow_up_days",
    "second_follow_up_days",
    "ghosted_days",
    "closing_days",
    "application_follow_up_days",
    "application_ghosted_days",
    "signature",
    "language",
    "skip_weekends",
    "send_with",
    "send_from",
}


def test_the_defaults_are_those_of_the_readme() -> None:
    assert defaults() == {
        "name": "",
        "thank_you_hours": 24,
        "follow_up_days": 14,
        "second_follow_up_days": 7,
        "ghosted_days": 7,
        "closing_days": 30,
        "application_follow_up_days": 10,
        "application_ghosted_days": 20,
        "skip_weekends": True,
        "withdraw_when_accepted": True,
        "signature": "",
        "language": "en",
        "send_with": "gmail",
        "send_from": "",
        "row_height": True,
        "to_send_tab": True,
        "overview_tab": True,
        "time_zone": "",
        "date_order": "",
        "worksheet": "",
        "quiet_hours": "22-7",
        "columns": {},
    }


def test_every_setting_can_be_set() -> None:
    assert {s.key for s in SETTINGS} == set(VALUES) == {f.name for f in fields(Settings)} - {"columns"}


@pytest.mark.parametrize("key", VALUES)
def test_a_setting_by_each_of_its_names_in_each_place(key: str) -> None:
    text, value = VALUES[key]
    (setting,) = [s for s in SETTINGS if s.key == key]
    for name in (key, key.replace("_", "-"), setting.label, setting.label.split(" (")[0], key.upper()):
        assert from_text({name: text}, "x") == {key: value}
    assert from_environment({f"SHEETFLOW_{key.upper()}": text, "OTHER": "x", "SHEETFLOW_SHEET": "x"}) == {key: value}
    assert from_toml(f"{key} = {json.dumps(text)}") == {key: value}
    if key in IN_TAB:
        assert tab((setting.label, text)) == {key: value}
    else:
        with pytest.raises(SettingError, match="cannot be set in the Settings tab"):
            tab((setting.label, text))


def test_the_strongest_layer_wins() -> None:
    file = from_toml("follow_up_days = 11")
    sheet = grid_sheet(settings_tab=[("Setting", "Value"), ("First follow-up after (days)", 12)])
    environment = from_environment({"SHEETFLOW_FOLLOW_UP_DAYS": "13"})
    command = from_text({"follow-up-days": "15"}, "x")
    assert Layers().merged().follow_up_days == 14
    assert Layers(file).merged().follow_up_days == 11
    assert Layers(file).merged(sheet).follow_up_days == 12
    assert Layers(file, environment).merged(sheet).follow_up_days == 13
    assert Layers(file, environment, command).merged(sheet).follow_up_days == 15
    assert Layers(file, {}, {}).merged(grid_sheet()).follow_up_days == 11


@pytest.mark.parametrize("empty", ["", "  ", "\t"])
def test_empty_is_not_set(empty: str) -> None:
    assert from_environment({"SHEETFLOW_NAME": empty, "SHEETFLOW_FOLLOW_UP_DAYS": empty}) == {}
    assert from_toml(f'name = "{empty}"') == {} if "\t" not in empty else True
    assert tab(("Your name", empty), ("First follow-up after (days)", None), (None, 5), ()) == {}


@pytest.mark.parametrize(
    ("key", "texts"),
    [
        ("follow_up_days", ["0", "366", "-1", "1.5", "two", "1e2", "٣٦٦"]),
        ("thank_you_hours", ["0", "241"]),
        ("closing_days", ["0"]),
        ("skip_weekends", ["maybe", "2"]),
        ("send_with", ["outlook"]),
        ("send_from", ["sam", "a@b.example,c@d.example"]),
        ("time_zone", ["Mars/Base", "../etc/passwd", "GMT+99"]),
        ("date_order", ["ymd"]),
        ("application_follow_up_days", ["0", "366"]),
        ("application_ghosted_days", ["0", "366"]),
        ("language", ["Klingon", "e", "Englisch please"]),
        ("quiet_hours", ["25-7", "22-25", "21", "22-7-9", "10pm"]),
    ],
)
def test_what_cannot_be_used_is_named_with_what_could(key: str, texts: list[str]) -> None:
    for text in texts:
        with pytest.raises(SettingError, match="must be") as caught:
            from_text({key: text}, "the command line")
        assert key in caught.value.quiet
        assert text in caught.value.full
        assert text not in caught.value.quiet.replace("1 to", "").replace("365", "").replace("240", "") or len(text) < 2


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("folow_up_days", "follow_up_days"), ("Nane", "name"), ("goasted after", "ghosted_days"), ("zzz", "")],
)
def test_an_unknown_setting_suggests_the_nearest(name: str, nearest: str) -> None:
    for call in (
        lambda: from_toml(f'"{name}" = 5'),
        lambda: from_environment({f"SHEETFLOW_{name}": "5"}),
        lambda: tab((name, 5)),
    ):
        with pytest.raises(SettingError, match="no setting") as caught:
            call()
        assert (f"Did you mean {nearest}" in caught.value.full) == bool(nearest)


def test_only_a_name_from_the_tab_is_hidden_in_public() -> None:
    with pytest.raises(SettingError) as caught:
        tab(("my {secret}", 5))
    assert "my {secret}" in caught.value.full
    assert "secret" not in caught.value.quiet
    with pytest.raises(SettingError) as caught:
        from_environment({"SHEETFLOW_{X}": "5"})
    assert "{X}" in caught.value.quiet


def test_a_tab_of_somebody_else_is_left_alone() -> None:
    for rows in (
        None,
        [],
        [("Settings", "Value"), ("x", 1)],
        [("Value", "Setting"), ("x", 1)],
        [("Setting",), ("x", 1)],
    ):
        assert from_tab(grid_sheet(settings_tab=rows)) == {}


@pytest.mark.parametrize(
    ("value", "read"), [(True, True), (False, False), ("Yes", True), (1, True), (0, False), ("FALSE", False)]
)
def test_yes_and_no_in_the_tab(value: object, read: bool) -> None:
    assert tab(("skip weekends", value)) == {"skip_weekends": read}


def test_numbers_in_the_tab() -> None:
    assert tab(("Ghosted after", 9.0), ("Second follow-up after (days)", "8")) == {
        "ghosted_days": 9,
        "second_follow_up_days": 8,
    }


def test_a_fresh_tab_reads_back() -> None:
    rows = settings.tab_rows(Settings())
    assert rows[0] == ("Setting", "Value")
    assert Layers().merged(grid_sheet(settings_tab=rows)) == Settings()


def test_toml() -> None:
    assert from_toml("") == {}
    assert from_toml("skip_weekends = false\nfollow_up_days = 9") == {"skip_weekends": False, "follow_up_days": 9}
    read = from_toml('[columns]\nCompany = "Firm, Inc."\n"thank-you sent" = "TY"')
    assert read == {"columns": {"company": "Firm, Inc.", "thanked": "TY"}}
    for bad, said in (
        ("name = ", "not valid TOML"),
        ("[other]\nx = 1", "other"),
        ("name = [1]", "name"),
        ("[columns]\nCompny = 'x'", "Did you mean"),
        ("[columns]\nCompany = 5", "is none"),
        ("[columns]\nCompany = ' '", "is none"),
        ("columns = 5", "columns"),
    ):
        with pytest.raises(SettingError, match=said):
            from_toml(bad)


@pytest.mark.parametrize(
    ("text", "code"),
    [("English", "en"), ("german", "de"), ("DEUTSCH", "de"), ("Français", "fr"), ("Spanish", "es"), ("中文", "zh"),
     (" zh ", "zh")],
)  # fmt: skip
def test_a_language_by_its_name_in_english_or_itself_or_its_code(text: str, code: str) -> None:
    assert from_text({"language": text}, "x") == {"language": code}


def test_a_signature_keeps_its_lines() -> None:
    assert tab(("Signature", " Sam Lee \r\n\r\n+34 600 ")) == {"signature": "Sam Lee\n\n+34 600"}


def test_zones() -> None:
    moment = datetime(2026, 7, 1, tzinfo=UTC)
    assert moment.astimezone(settings.read_zone("Europe/Madrid")).utcoffset() == timedelta(hours=2)
    assert moment.astimezone(settings.read_zone("GMT-07:00")).utcoffset() == timedelta(hours=-7)
    assert moment.astimezone(settings.read_zone("UTC+5")).utcoffset() == timedelta(hours=5)
    assert Settings().zone is None
    assert Settings(time_zone="Asia/Tokyo").zone is not None
