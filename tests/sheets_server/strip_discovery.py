"""Strip Google's discovery document of the Sheets API down to what the test server validates against.

Run by hand when Google publishes a new revision:

    pip download --no-deps google-api-python-client
    unzip google_api_python_client-*.whl 'googleapiclient/discovery_cache/documents/sheets.v4.json'
    python tests/sheets_server/strip_discovery.py googleapiclient/discovery_cache/documents/sheets.v4.json

Kept: the schemas that can be reached from the request and response messages of the endpoints below, and
of each property its type, format, enum, items, reference and read-only mark; and the query parameters.
Dropped: every description.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOTS = (
    "Spreadsheet",
    "BatchUpdateSpreadsheetRequest",
    "BatchUpdateSpreadsheetResponse",
    "ValueRange",
    "UpdateValuesResponse",
    "AppendValuesResponse",
    "ClearValuesRequest",
    "ClearValuesResponse",
    "BatchGetValuesResponse",
    "BatchUpdateValuesRequest",
    "BatchUpdateValuesResponse",
    "BatchClearValuesRequest",
    "BatchClearValuesResponse",
    "SearchDeveloperMetadataRequest",
    "SearchDeveloperMetadataResponse",
)
KEPT = ("type", "format", "enum", "$ref", "readOnly")
NOTE = (
    "A stripped copy of Google's discovery document of the Google Sheets API v4, as shipped in the PyPI "
    "package google-api-python-client 2.202.0 (googleapiclient/discovery_cache/documents/sheets.v4.json), "
    "Copyright Google LLC, licensed under the Apache License 2.0 "
    "(https://www.apache.org/licenses/LICENSE-2.0). Changed: only the schemas the test server needs, without "
    "descriptions; made by strip_discovery.py."
)


def strip_property(prop: dict[str, Any]) -> dict[str, Any]:
    """One property or item type without its prose."""
    kept = {key: prop[key] for key in KEPT if key in prop}
    for nested in ("items", "additionalProperties"):
        if nested in prop:
            kept[nested] = strip_property(prop[nested])
    return kept


def references(prop: dict[str, Any]) -> list[str]:
    """Names of the schemas that a property points to."""
    found = [prop["$ref"]] if "$ref" in prop else []
    for nested in ("items", "additionalProperties"):
        if nested in prop:
            found += references(prop[nested])
    return found


def strip(document: dict[str, Any]) -> dict[str, Any]:
    """Return the stripped document."""
    schemas: dict[str, Any] = {}
    waiting = list(ROOTS)
    while waiting:
        name = waiting.pop()
        if name in schemas:
            continue
        properties = document["schemas"][name].get("properties", {})
        schemas[name] = {key: strip_property(prop) for key, prop in properties.items()}
        for prop in properties.values():
            waiting += references(prop)
    methods = document["resources"]["spreadsheets"]["methods"]
    resources = document["resources"]["spreadsheets"]["resources"]
    return {
        "NOTE": NOTE,
        "revision": document["revision"],
        "parameters": sorted(document["parameters"]),
        "methods": {
            name: {key: strip_property(p) for key, p in method["parameters"].items() if p["location"] == "query"}
            for name, method in [
                *((name, methods[name]) for name in ("get", "batchUpdate")),
                *(
                    (f"{resource}.{name}", method)
                    for resource in ("values", "developerMetadata")
                    for name, method in resources[resource]["methods"].items()
                ),
            ]
        },
        "schemas": dict(sorted(schemas.items())),
    }


if __name__ == "__main__":
    source = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    target = Path(__file__).with_name("discovery.json")
    text = json.dumps(strip(source), separators=(",", ":"), sort_keys=False)
    target.write_text(text.replace('},"', '},\n"') + "\n", encoding="utf-8")
    sys.stdout.write(f"{target}: revision {source['revision']}, {target.stat().st_size} bytes\n")
