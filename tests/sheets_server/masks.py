"""Field masks, for reading (``?fields=``) and for writing (``"fields"`` inside an update request).

Syntax (https://developers.google.com/sheets/api/guides/field-masks): commas, dots, slashes, parentheses,
camelCase or snake_case, ``*``. No blanks: Google takes them for part of a name. A mask is a tree of field
names; an empty tree means "this field and all below it".
"""

from __future__ import annotations

import re
from typing import Any

from .errors import InvalidRequestError, Json, bad_field
from .schema import SCHEMAS, camel

Mask = dict[str, "Mask"]
ALL: Mask = {}


class BadMaskError(ValueError):
    """The mask does not parse, or names a path that the message does not have."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def parse(text: str, schema: str) -> Mask:
    """Read a mask over a message type; raise BadMaskError with the unknown path."""
    tokens = re.findall(r"[^,./()]+|[,./()]", text)
    tree, rest = _group(tokens, schema, "")
    if rest:
        raise BadMaskError(text)
    return tree


def read_mask(text: str, schema: str) -> Mask:
    """Return the ``fields`` parameter of a call, or Google's 400."""
    try:
        return parse(text, schema)
    except BadMaskError as error:
        description = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{error.path}'."
        raise bad_field(error.path, description, "Request contains an invalid argument.") from None


def update_mask(text: str | None, schema: str) -> Mask:
    """Return the ``fields`` of an update request. At least one field must be listed; ``*`` lists them all."""
    if not text:
        raise InvalidRequestError("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    try:
        tree = parse(text, schema)
    except BadMaskError as error:
        raise InvalidRequestError(f"Invalid field: {error.path}") from None
    return tree or {name: ALL for name, prop in SCHEMAS[schema].items() if not prop.get("readOnly")}


def _group(tokens: list[str], schema: str | None, path: str) -> tuple[Mask, list[str]]:
    """Comma-separated paths up to the closing parenthesis. ``*`` anywhere in the group means all of it."""
    tree: Mask = {}
    everything = False
    while True:
        everything |= _path(tokens, schema, path, tree)
        if not tokens or tokens[0] == ")":
            return (ALL if everything else tree), tokens
        if tokens.pop(0) != ",":
            raise BadMaskError(path)


def _path(tokens: list[str], schema: str | None, path: str, tree: Mask) -> bool:
    """One path; merged into *tree*. True when it was ``*``."""
    if not tokens or tokens[0] in ",./()":
        raise BadMaskError(path or ",".join(tokens))
    name = tokens.pop(0)
    if name == "*":
        return True
    here = f"{path}.{name}" if path else name
    below = _schema_of(schema, name, here)
    key = name if schema and name in SCHEMAS[schema] else camel(name)
    seen = tree.get(key)
    branch: Mask = {}
    whole = True
    if tokens and tokens[0] in "./":
        tokens.pop(0)
        whole = _path(tokens, below, here, branch)
    elif tokens and tokens[0] == "(":
        tokens.pop(0)
        branch, rest = _group(tokens, below, here)
        if not rest or rest.pop(0) != ")":
            raise BadMaskError(here)
        whole = not branch
    if whole or (seen == ALL and key in tree):
        tree[key] = ALL
    else:
        tree[key] = merge(seen, branch) if seen else branch
    return False


def _schema_of(schema: str | None, name: str, path: str) -> str | None:
    if schema is None:
        raise BadMaskError(path)
    prop = SCHEMAS[schema].get(name) or SCHEMAS[schema].get(camel(name))
    if prop is None:
        raise BadMaskError(path)
    reference: str | None = prop.get("items", prop).get("$ref")
    return reference


def merge(one: Mask, other: Mask) -> Mask:
    """Return the union of two masks."""
    if not one or not other:
        return ALL
    result = dict(one)
    for key, branch in other.items():
        result[key] = merge(result[key], branch) if key in result else branch
    return result


def select(value: Any, mask: Mask) -> Any:
    """Return what a read mask names. Absent fields stay absent; elements of lists stay as ``{}``."""
    if not mask:
        return value
    if isinstance(value, list):
        return [select(item, mask) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: select(value[key], branch) for key, branch in mask.items() if key in value}


# One colour under two names: writing either sets both.
TWINS = {
    name: twin
    for base in ("backgroundColor", "foregroundColor", "tabColor", "color")
    for name, twin in ((base, base + "Style"), (base + "Style", base))
}


def update(target: Json, source: Json, mask: Mask) -> Json:
    """Copy *target* with the masked fields of *source*; in the mask but not in *source*: cleared."""
    result = dict(target)
    for key, branch in mask.items():
        if key in TWINS:
            result.pop(TWINS[key], None)
            branch = ALL
        if branch and key in result and isinstance(result[key], dict):
            result[key] = update(result[key], source.get(key, {}), branch)
        elif branch and isinstance(source.get(key), dict):
            result[key] = select(source[key], branch)
        elif not branch and key in source:
            result[key] = source[key]
        elif not branch:
            result.pop(key, None)
        if result.get(key) == {} and key not in source:
            del result[key]
    return result


def names(mask: Mask, *path: str) -> Mask | None:
    """Return the part of the mask below *path*, or None when the mask does not reach there."""
    for key in path:
        if not mask:
            return ALL
        if key not in mask:
            return None
        mask = mask[key]
    return mask
