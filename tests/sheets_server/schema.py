"""Every body against Google's own discovery document: unknown fields, wrong types, unknown enum values.

Bodies follow the proto3 JSON mapping (https://protobuf.dev/programming-guides/json/): camelCase or snake_case
names, ``null`` means unset, a number may come as a string. The texts are those of Google's JSON parser.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from .errors import ApiError, Json, bad_field

DISCOVERY: Json = json.loads(Path(__file__).with_name("discovery.json").read_text(encoding="utf-8"))
SCHEMAS: dict[str, dict[str, Json]] = DISCOVERY["schemas"]

# The discovery document does not say which fields exclude each other; the reference's "Union field" does.
ONEOFS: dict[str, dict[str, tuple[str, ...]]] = {
    "Request": {"kind": tuple(SCHEMAS["Request"])},
    "ExtendedValue": {"value": tuple(SCHEMAS["ExtendedValue"])},
    "UpdateCellsRequest": {"area": ("start", "range")},
    "ConditionalFormatRule": {"rule": ("booleanRule", "gradientRule")},
    "ConditionValue": {"value": ("relativeDate", "userEnteredValue")},
    "ColorStyle": {"kind": ("rgbColor", "themeColor")},
    "DataFilter": {"filter": ("a1Range", "developerMetadataLookup", "gridRange")},
    "DeveloperMetadataLocation": {"location": ("spreadsheet", "sheetId", "dimensionRange")},
    "EmbeddedObjectPosition": {"location": ("sheetId", "overlayPosition", "newSheet")},
    "Chip": {"kind": ("personProperties", "richLinkProperties")},
}
NUMBER_KINDS = {"double": "TYPE_DOUBLE", "float": "TYPE_FLOAT", "int32": "TYPE_INT32", "int64": "TYPE_INT64"}


@cache
def snake(name: str) -> str:
    """``userEnteredValue`` -> ``user_entered_value``."""
    return re.sub(r"(?<!^)([A-Z])", lambda m: "_" + m[1].lower(), name)


@cache
def camel(name: str) -> str:
    """``user_entered_value`` -> ``userEnteredValue``."""
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def check(body: Any, schema: str) -> Json:
    """Return the body in normal form (camelCase, real numbers, no nulls), or a 400 in Google's words."""
    if not isinstance(body, dict):
        raise bad_field("", "Invalid JSON payload received. Expected an object at the root.")
    result: Json = _message(body, schema, "")
    return result


def check_answer(body: Any, schema: str) -> Json:
    """Check an answer of this server: it must be in normal form already. Raises AssertionError."""
    try:
        normal = check(body, schema)
    except ApiError as error:
        raise AssertionError(f"answer does not conform to {schema}: {error.message}") from None
    assert normal == body, f"answer is not in Google's normal form of {schema}"
    return normal


def _message(body: Json, schema: str, path: str) -> Json:
    fields = SCHEMAS[schema]
    result: Json = {}
    for name, value in body.items():
        key = name if name in fields else camel(name)
        if key not in fields:
            where = f" at '{path}'" if path else ""
            raise bad_field(path, f'Invalid JSON payload received. Unknown name "{name}"{where}: Cannot find field.')
        if value is None:
            continue
        result[key] = _value(value, fields[key], f"{path}.{snake(key)}" if path else snake(key), name)
    for oneof, members in ONEOFS.get(schema, {}).items():
        present = [key for key in result if key in members]
        if len(present) > 1:
            text = f"oneof field '{oneof}' is already set. Cannot set '{present[1]}'"
            raise bad_field(path, f"Invalid value at '{path}' (oneof), {text}")
    return result


def _value(value: Any, prop: Json, path: str, name: str) -> Any:
    if "$ref" in prop:
        if not isinstance(value, dict):
            raise _wrong(path, f"type.googleapis.com/google.apps.sheets.v4.{prop['$ref']}", value)
        return _message(value, prop["$ref"], path)
    kind = prop.get("type", "any")
    if kind == "array":
        if not isinstance(value, list) and prop["items"].get("type") == "array":
            raise _wrong(f"data.{path}", "type.googleapis.com/google.protobuf.ListValue", value)
        if not isinstance(value, list):
            hint = f"Invalid JSON payload received. Unknown name \"{name}\" at '{path.rpartition('.')[0]}'"
            raise bad_field(path.rpartition(".")[0], f"{hint}: Proto field is not repeating, cannot start list.")
        return [_value(item, prop["items"], f"{path}[{i}]", name) for i, item in enumerate(value)]
    if kind == "object":
        if not isinstance(value, dict):
            raise _wrong(path, "Map", value)
        item = prop.get("additionalProperties", {"type": "any"})
        return {key: _value(v, item, f"{path}[{key}]", name) for key, v in value.items()}
    if kind == "string":
        return _string(value, prop, path)
    if kind == "boolean":
        if not isinstance(value, bool):
            raise _wrong(path, "TYPE_BOOL", value)
        return value
    if kind in ("integer", "number"):
        return _number(value, prop, path)
    return value


def _string(value: Any, prop: Json, path: str) -> Any:
    if "enum" in prop:
        if value not in prop["enum"]:
            raise _wrong(path, f"type.googleapis.com/google.apps.sheets.v4.{path.rpartition('.')[2]}", value)
    elif prop.get("format") in ("int64", "uint64"):
        if not re.fullmatch(r"-?\d+", str(value)):
            raise _wrong(path, "TYPE_INT64", value)
        return str(value)
    elif not isinstance(value, str):
        raise _wrong(path, "TYPE_STRING", value)
    return value


def _number(value: Any, prop: Json, path: str) -> int | float:
    kind = NUMBER_KINDS.get(prop.get("format", ""), "TYPE_DOUBLE")
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise _wrong(path, kind, value)
    try:
        number = float(value)
    except ValueError:
        raise _wrong(path, kind, value) from None
    if number != number or number in (float("inf"), float("-inf")):
        raise _wrong(path, kind, value)
    if kind == "TYPE_INT32" and (number != int(number) or not -(2**31) <= number < 2**31):
        raise _wrong(path, kind, value)
    return int(number) if number == int(number) and abs(number) < 2**53 else number


def _wrong(path: str, kind: str, value: Any) -> ApiError:
    shown = json.dumps(value, ensure_ascii=False) if not isinstance(value, (dict, list)) else "..."
    return bad_field(path, f"Invalid value at '{path}' ({kind}), {shown}")
