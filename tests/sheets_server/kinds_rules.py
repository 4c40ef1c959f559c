"""batchUpdate requests on conditional formats, protections, filters and tables."""

from __future__ import annotations

from . import a1
from .batch import Call, handles
from .cells import colours
from .errors import InvalidRequestError, Json
from .masks import update, update_mask
from .model import Sheet


def _range(call: Call, grid: Json) -> Json:
    """Return a GridRange, checked against the grid, in answer form (``sheetId: 0`` dropped)."""
    a1.grid_area(call.book, grid)
    return {key: value for key, value in grid.items() if key != "sheetId" or value}


def _rule(call: Call, rule: Json) -> Json:
    """Return a ConditionalFormatRule in answer form. No ids: rules are known by their index."""
    if not rule.get("ranges"):
        raise InvalidRequestError("ConditionalFormatRule.ranges must not be empty.")
    if "booleanRule" not in rule and "gradientRule" not in rule:
        raise InvalidRequestError("ConditionalFormatRule must have a booleanRule or a gradientRule.")
    sheets = {grid.get("sheetId", 0) for grid in rule["ranges"]}
    if len(sheets) > 1:
        raise InvalidRequestError("All ranges in a ConditionalFormatRule must be on the same sheet.")
    boolean = rule.get("booleanRule", {})
    condition = boolean.get("condition", {})
    if boolean and condition.get("type") is None:
        raise InvalidRequestError("BooleanCondition.type must be set.")
    if condition.get("type") == "CUSTOM_FORMULA":
        values = condition.get("values", [])
        if len(values) != 1 or not values[0].get("userEnteredValue", "").startswith("="):
            raise InvalidRequestError(
                f"Invalid ConditionValue.userEnteredValue: {values and values[0].get('userEnteredValue')}"
            )
    allowed = {"backgroundColor", "backgroundColorStyle", "textFormat"}
    if set(boolean.get("format", {})) - allowed:
        raise InvalidRequestError(
            "Conditional formats support only bold, italic, strikethrough, foreground and background."
        )
    return {"ranges": [_range(call, grid) for grid in rule["ranges"]]} | {
        key: colours(value) for key, value in rule.items() if key != "ranges"
    }


def _rule_at(sheet: Sheet, index: int) -> Json:
    if not 0 <= index < len(sheet.rules):
        raise InvalidRequestError(f"No conditional format on sheet: {sheet.sheet_id} at index: {index}")
    return sheet.rules[index]


@handles("addConditionalFormatRule")
def add_rule(call: Call, body: Json) -> None:
    """Insert a rule; the ones after it move down."""
    rule = _rule(call, body.get("rule", {}))
    sheet = call.book.sheet_by_id(rule["ranges"][0].get("sheetId", 0))
    index = body.get("index", 0)
    if not 0 <= index <= len(sheet.rules):
        raise InvalidRequestError(f"Cannot add a conditional format at index: {index}; there are {len(sheet.rules)}.")
    sheet.rules.insert(index, rule)


@handles("updateConditionalFormatRule")
def update_rule(call: Call, body: Json) -> Json:
    """Replace the rule at an index, or move it to a new one."""
    index = body.get("index", 0)
    if "rule" in body:
        rule = _rule(call, body["rule"])
        sheet = call.book.sheet_by_id(body.get("sheetId", rule["ranges"][0].get("sheetId", 0)))
        old = _rule_at(sheet, index)
        sheet.rules[index] = rule
        return {"newRule": rule, "oldRule": old} | ({"newIndex": index, "oldIndex": index} if index else {})
    sheet = call.book.sheet_by_id(body.get("sheetId", 0))
    rule, new = _rule_at(sheet, index), body.get("newIndex", 0)
    _rule_at(sheet, new)
    sheet.rules.insert(new, sheet.rules.pop(index))
    indices = {"newIndex": new, "oldIndex": index}
    return {"newRule": rule} | {key: value for key, value in indices.items() if value}


@handles("deleteConditionalFormatRule")
def delete_rule(call: Call, body: Json) -> Json:
    """Remove the rule at an index; the ones after it move up."""
    sheet = call.book.sheet_by_id(body.get("sheetId", 0))
    index = body.get("index", 0)
    rule = _rule_at(sheet, index)
    del sheet.rules[index]
    return {"rule": rule}


def _protected(call: Call, protected_id: int) -> tuple[Sheet, int]:
    for sheet in call.book.sheets:
        for index, rule in enumerate(sheet.protected):
            if rule["protectedRangeId"] == protected_id:
                return sheet, index
    raise InvalidRequestError(f"No protected range with id: {protected_id}")


@handles("addProtectedRange")
def add_protected_range(call: Call, body: Json) -> Json:
    """Protect cells. ``warningOnly`` and ``editors`` exclude each other."""
    rule = _protection(call, body.get("protectedRange", {}))
    sheet = call.book.sheet_by_id(rule["range"].get("sheetId", 0))
    whole = set(rule["range"]) <= {"sheetId"}
    if whole and any(set(one["range"]) <= {"sheetId"} for one in sheet.protected):
        raise InvalidRequestError(f'Sheet "{sheet.title}" already has sheet protection.')
    rule.setdefault("protectedRangeId", call.book.new_id())
    if any(one["protectedRangeId"] == rule["protectedRangeId"] for each in call.book.sheets for one in each.protected):
        raise InvalidRequestError(f"A protected range with id {rule['protectedRangeId']} already exists.")
    sheet.protected.append(rule)
    call.book.creators[rule["protectedRangeId"]] = call.caller
    editors = {"editors": {}} if rule.get("warningOnly") else {}
    return {"protectedRange": rule | editors | {"requestingUserCanEdit": True}}


def _protection(call: Call, rule: Json) -> Json:
    if "range" not in rule:
        raise InvalidRequestError("ProtectedRange must have a range.")
    if rule.get("warningOnly") and rule.get("editors", {}).get("users"):
        raise InvalidRequestError("Editors cannot be set on a warning-only protected range.")
    kept = {k: v for k, v in rule.items() if v is not False and v != "" and k != "requestingUserCanEdit"}
    kept["range"] = _range(call, rule["range"])
    if rule.get("warningOnly"):  # "if this field is true, then editors are ignored"
        kept.pop("editors", None)
    elif "editors" in rule:
        kept["editors"] = {key: value for key, value in rule["editors"].items() if value}
    else:
        kept["editors"] = {"users": [call.caller]}
    if "unprotectedRanges" in kept and not set(kept["range"]) <= {"sheetId"}:
        raise InvalidRequestError("Unprotected ranges are only supported on protected sheets.")
    return kept


@handles("updateProtectedRange")
def update_protected_range(call: Call, body: Json) -> None:
    """Change the masked fields of a protection."""
    mask = update_mask(body.get("fields"), "ProtectedRange")
    new = body.get("protectedRange", {})
    sheet, index = _protected(call, new.get("protectedRangeId", 0))
    changed = update(sheet.protected[index], new, mask)
    sheet.protected[index] = _protection(call, changed | {"protectedRangeId": new["protectedRangeId"]})


@handles("deleteProtectedRange")
def delete_protected_range(call: Call, body: Json) -> None:
    """Remove a protection by its id."""
    sheet, index = _protected(call, body.get("protectedRangeId", 0))
    del sheet.protected[index]


@handles("setBasicFilter")
def set_basic_filter(call: Call, body: Json) -> None:
    """Set the sheet's one filter. Which rows it hides is up to the test (``hiddenByFilter``)."""
    new = body.get("filter", {})
    grid = new.get("range", {})
    sheet = call.book.sheet_by_id(grid.get("sheetId", 0))
    sheet.filter = new | {"range": a1.grid_range(a1.grid_area(call.book, grid))}


@handles("clearBasicFilter")
def clear_basic_filter(call: Call, body: Json) -> None:
    """Remove the filter."""
    call.book.sheet_by_id(body.get("sheetId", 0)).filter = None


@handles("addTable")
def add_table(call: Call, body: Json) -> Json:
    """Lay a table over a range; names and ranges must not clash."""
    table = body.get("table", {})
    area = a1.grid_area(call.book, table.get("range", {}))
    tables = [one for sheet in call.book.sheets for one in sheet.tables]
    name = table.get("name") or f"Table{len(tables) + 1}"
    if any(one["name"].casefold() == name.casefold() for one in tables):
        raise InvalidRequestError(f'A table with the name "{name}" already exists.')
    for column in table.get("columnProperties", ()):
        if (column.get("columnType") == "DROPDOWN") != ("dataValidationRule" in column):
            raise InvalidRequestError("A data validation rule must be set on DROPDOWN columns, and on no others.")
    table_id = table.get("tableId", str(call.book.new_id()))
    added = table | {"name": name, "tableId": table_id, "range": a1.grid_range(area)}
    area.sheet.tables.append(added)
    return {"table": added}
