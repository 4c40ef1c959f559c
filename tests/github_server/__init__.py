"""A small server of GitHub's REST API: one repository, its issues and their comments, for the tests of ``tell``.

Every request and every answer is checked against GitHub's published description (``openapi.json``, see
``strip_openapi.py``); what does not fit is in ``errors``. ``fault`` makes it fail before or after doing what was asked.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from jsonschema import Draft202012Validator

Json = dict[str, Any]

DESCRIPTION: Json = json.loads(Path(__file__).with_name("openapi.json").read_text(encoding="utf-8"))
BOT = {"login": "github-actions[bot]", "type": "Bot"}


def validator(schema: Json) -> Draft202012Validator:
    return Draft202012Validator({**schema, "schemas": DESCRIPTION["schemas"]})


def resolved(node: Json) -> Json:
    """A node, or what it refers to."""
    if "$ref" not in node:
        return node
    _, kind, name = node["$ref"].split("/")
    found: Json = DESCRIPTION[kind][name]
    return found


def example(schema: Json, depth: int = 0) -> Any:
    """The smallest thing that a schema allows."""
    schema = resolved(schema)
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return None if {"type": "null"} in schema[several] else example(schema[several][0], depth + 1)
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    if isinstance(kind, list):
        return None
    if kind == "object":
        return {name: example(schema["properties"][name], depth + 1) for name in schema.get("required", ())}
    texts = {"date-time": "2026-11-24T00:00:00Z", "uri": "https://api.github.example/"}
    plain = {"array": [], "integer": 1, "number": 1, "boolean": False}
    return plain.get(kind, texts.get(schema.get("format", ""), "x"))


@dataclass
class Issue:
    """One issue, as it stands."""

    number: int
    title: str
    body: str
    user: Json
    assignees: list[str] = field(default_factory=list)
    state: str = "open"
    comments: list[tuple[Json, str]] = field(default_factory=list)
    pull_request: bool = False

    @property
    def said(self) -> list[str]:
        """The comments' texts."""
        return [text for _, text in self.comments]


@dataclass
class Fault:
    """What happens to some requests: a status, or a lost connection (0); after the deed, or instead of it."""

    method: str
    path: str
    status: int
    after: bool
    times: int


class GitHubServer:
    """One repository at GitHub, spoken to at ``url``."""

    def __init__(self, owner: str = "sam", name: str = "my-interviews") -> None:
        self.owner, self.name = owner, name
        self.token = "ghs_token"
        self.may_write_issues = True
        self.visibility = "private"
        self.has_issues = True
        self.assignable = {owner}
        self.issues: list[Issue] = []
        self.mails: list[str] = []
        """What GitHub would have mailed: new issues and comments."""
        self.log: list[str] = []
        self.errors: list[str] = []
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                server._handle(self)

            do_GET = do_POST = do_PATCH = handle_any  # noqa: N815 - names that http.server looks for

            def log_message(self, *_: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        threading.Thread(target=self._http.serve_forever, daemon=True, kwargs={"poll_interval": 0.01}).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    @property
    def url(self) -> str:
        """What GITHUB_API_URL is to be."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def environment(self) -> dict[str, str]:
        """What a job sees of GitHub."""
        return {
            "GITHUB_API_URL": self.url, "GITHUB_TOKEN": self.token, "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REPOSITORY": f"{self.owner}/{self.name}", "GITHUB_RUN_ID": "4711",
        }  # fmt: skip

    def add_issue(self, title: str, body: str = "", login: str = "sam", **more: Any) -> Issue:
        """An issue of somebody else's."""
        user = BOT if login == BOT["login"] else {"login": login, "type": "User"}
        self.issues.append(Issue(len(self.issues) + 1, title, body, user, **more))
        return self.issues[-1]

    def fault(self, method: str, path: str, status: int, *, after: bool = False, times: int = 1) -> None:
        """Fail the next ``times`` requests of a method whose path ends so; status 0 cuts the connection."""
        self._faults.append(Fault(method, path, status, after, times))

    # --- answering ------------------------------------------------------------------------------------------

    def _handle(self, request: BaseHTTPRequestHandler) -> None:
        with self._lock:
            body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
            url = urlsplit(request.path)
            self.log.append(f"{request.command} {url.path}")
            fault = self._due_fault(request.command, url.path)
            status, answer = (
                (0, None) if fault and not fault.after else self._answer(request, url.path, url.query, body)
            )
            if fault:
                status, answer = fault.status, {"message": "trouble"}
        if not status:
            request.close_connection = True
            request.connection.close()
            return
        data = b"" if answer is None else json.dumps(answer).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/json; charset=utf-8")
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)

    def _due_fault(self, method: str, path: str) -> Fault | None:
        for fault in self._faults:
            if fault.times and fault.method == method and path.endswith(fault.path):
                fault.times -= 1
                return fault
        return None

    def _answer(self, request: BaseHTTPRequestHandler, path: str, query: str, body: bytes) -> tuple[int, Any]:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return 401, {"message": "Bad credentials"}
        template, names = match_path(path)
        operation = DESCRIPTION["paths"].get(template, {}).get(request.command.lower())
        if operation is None:
            self.errors.append(f"no such operation: {request.command} {path}")
            return 404, {"message": "Not Found"}
        asked = {name: values[-1] for name, values in parse_qs(query).items()}
        given = json.loads(body) if body else None
        self.errors += [f"{request.command} {path}: {error}" for error in _faults_of_request(operation, asked, given)]
        if request.headers.get("Accept") != "application/vnd.github+json" or not request.headers.get("User-Agent"):
            self.errors.append("the headers are not those that GitHub asks for")
        if (names["owner"], names["repo"]) != (self.owner, self.name):
            return 404, {"message": "Not Found"}
        status, answer = self._do(request.command, template, names, asked, given or {})
        success = operation["responses"].get(str(status), {}).get("content", {}).get("application/json")
        if success:
            answer = completed(success["schema"], answer)
            self.errors += [error.message for error in validator(success["schema"]).iter_errors(answer)]
        return status, answer

    def _do(
        self, method: str, template: str, names: Mapping[str, str], asked: Mapping[str, str], given: Json
    ) -> tuple[int, Any]:
        kind = template.removeprefix("/repos/{owner}/{repo}")
        if kind == "":
            about = {"visibility": self.visibility, "private": self.visibility != "public", "name": self.name}
            return 200, {**about, "has_issues": self.has_issues}
        if kind == "/assignees/{assignee}":
            return (204, None) if names["assignee"] in self.assignable else (404, {"message": "Not Found"})
        if not self.has_issues:
            return 410, {"message": "Issues are disabled for this repo"}
        if method != "GET" and not self.may_write_issues:
            return 403, {"message": "Resource not accessible by integration"}
        if kind == "/issues":
            return self._create(given) if method == "POST" else (200, self._listed(asked))
        issue = next((one for one in self.issues if str(one.number) == names["issue_number"]), None)
        if issue is None:
            return 404, {"message": "Not Found"}
        if method == "PATCH":
            issue.body, issue.state = given.get("body", issue.body), given.get("state", issue.state)
            return 200, shown(issue)
        if method == "POST":
            issue.comments.append((BOT, given["body"]))
            self.mails.append(given["body"])
            return 201, {"body": given["body"], "user": BOT}
        page, size = int(asked.get("page", 1)), int(asked.get("per_page", 30))
        some = issue.comments[(page - 1) * size : page * size]
        return 200, [{"body": text, "user": user} for user, text in some]

    def _create(self, given: Json) -> tuple[int, Json]:
        wanted = given.get("assignees", [])
        if set(wanted) - self.assignable:
            return 422, {"message": "Validation Failed"}
        made = Issue(len(self.issues) + 1, given["title"], given.get("body", ""), BOT, wanted)
        self.issues.append(made)
        self.mails.append(made.body)
        return 201, shown(made)

    def _listed(self, asked: Mapping[str, str]) -> list[Json]:
        page, size = int(asked.get("page", 1)), int(asked.get("per_page", 30))
        state, creator = asked.get("state", "open"), asked.get("creator")
        found = [one for one in self.issues if state in ("all", one.state) and creator in (None, one.user["login"])]
        if asked.get("direction", "desc") == "desc":
            found.reverse()
        return [shown(one) for one in found[(page - 1) * size : page * size]]


def shown(issue: Issue) -> Json:
    """An issue as GitHub shows it."""
    more = {"pull_request": {"url": None, "html_url": None, "diff_url": None, "patch_url": None}}
    return {
        "number": issue.number, "title": issue.title, "body": issue.body, "state": issue.state, "user": issue.user,
        "comments": len(issue.comments), **(more if issue.pull_request else {}),
    }  # fmt: skip


def completed(schema: Json, answer: Any) -> Any:
    """An answer with all that GitHub's has as well, filled with the smallest thing allowed."""
    schema = resolved(schema)
    if isinstance(answer, list):
        return [completed(schema["items"], one) for one in answer]
    whole = {**example(schema), **answer}
    if isinstance(whole.get("user"), dict):
        whole["user"] = {**example({"$ref": "#/schemas/simple-user"}), **whole["user"]}
    return whole


def match_path(path: str) -> tuple[str, dict[str, str]]:
    """The description's path that a request's is one of, and the parts that vary."""
    for template in DESCRIPTION["paths"]:
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template)
        if match := re.fullmatch(pattern, path):
            return template, match.groupdict()
    return "", {}


def _faults_of_request(operation: Json, asked: Mapping[str, str], given: Any) -> Iterator[str]:
    known = {one["name"]: one["schema"] for one in map(resolved, operation["parameters"]) if one["in"] == "query"}
    for name, text in asked.items():
        if name not in known:
            yield f"no such parameter: {name}"
        else:
            value = int(text) if known[name].get("type") == "integer" else text
            yield from (error.message for error in validator(known[name]).iter_errors(value))
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if given is not None and content is None:
        yield "a body where there is none"
    if content:
        yield from (error.message for error in validator(content["schema"]).iter_errors(given))
        yield from (f"no such field: {name}" for name in set(given or {}) - set(content["schema"]["properties"]))
