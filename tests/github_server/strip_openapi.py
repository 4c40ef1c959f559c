"""Cuts GitHub's published description of its REST API down to what this server speaks.

    npm pack @octokit/openapi && tar xzf octokit-openapi-*.tgz
    python strip_openapi.py package/generated/api.github.com.json > openapi.json

The description is GitHub's (MIT licence, https://github.com/octokit/openapi). Words and examples are left out, and
``nullable`` is written as JSON Schema writes it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

OPERATIONS = (
    ("/repos/{owner}/{repo}", "get"),
    ("/repos/{owner}/{repo}/issues", "get"),
    ("/repos/{owner}/{repo}/issues", "post"),
    ("/repos/{owner}/{repo}/issues/{issue_number}", "patch"),
    ("/repos/{owner}/{repo}/issues/{issue_number}/comments", "get"),
    ("/repos/{owner}/{repo}/issues/{issue_number}/comments", "post"),
    ("/repos/{owner}/{repo}/assignees/{assignee}", "get"),
)
WORDS = {"description", "example", "examples", "externalDocs", "operationId", "tags", "summary", "title", "default"}
SUCCESS = ("200", "201", "204")

Json = dict[str, Any]


def stripped(node: Any, *, names: bool = False) -> Any:
    """A node without words; ``names``: its keys are names of things, not keywords."""
    if isinstance(node, list):
        return [stripped(one) for one in node]
    if not isinstance(node, dict):
        return node
    kept = {
        key: stripped(value, names=key in ("properties", "schemas", "parameters"))
        for key, value in node.items()
        if names or (key not in WORDS and not key.startswith("x-"))
    }
    if not names and kept.pop("nullable", False):
        return nullable(kept)
    return kept


def nullable(schema: Json) -> Json:
    """A schema that allows null as well."""
    if isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
        return schema
    return {"anyOf": [schema, {"type": "null"}]}


def main() -> None:
    document: Json = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    needed: dict[str, Any] = {}

    def follow(node: Any) -> None:
        if isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str):
                node["$ref"] = reference.replace("/components/", "/")
            if isinstance(reference, str) and reference not in needed:
                target: Any = document
                for part in reference[2:].split("/"):
                    target = target[part]
                needed[reference] = stripped(target)
                follow(needed[reference])
            for value in node.values():
                follow(value)
        elif isinstance(node, list):
            for value in node:
                follow(value)

    paths: Json = {}
    for path, method in OPERATIONS:
        operation = stripped(document["paths"][path][method])
        operation["responses"] = {code: one for code, one in operation["responses"].items() if code in SUCCESS}
        for one in operation["responses"].values():
            one.pop("headers", None)
        follow(operation)
        paths.setdefault(path, {})[method] = operation
    components: Json = {}
    for reference, target in sorted(needed.items()):
        _, _, kind, name = reference.split("/")
        components.setdefault(kind, {})[name] = target
    version = document["info"]["version"]
    whole = {"from": f"@octokit/openapi {version}", "paths": paths, **components}
    parts = [f"{json.dumps(name)}: {_lines(part)}" for name, part in whole.items()]
    sys.stdout.write("{\n" + ",\n".join(parts) + "\n}\n")


def _lines(part: Any) -> str:
    """One line for each member, so that a change shows where it is."""
    if not isinstance(part, dict):
        return json.dumps(part)
    return "{\n" + ",\n".join(f" {json.dumps(name)}: {json.dumps(one)}" for name, one in part.items()) + "\n}"


if __name__ == "__main__":
    main()
