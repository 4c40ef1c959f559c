"""gcloud, gh and curl as far as setup.sh calls them. Called as ``fake.py FOLDER PROGRAM ARGUMENTS…``.

Each call must be one of those below, to the last flag: another ends it all, with a line in ``unknown``. What is there
is in ``state.json``; every call is noted in ``calls``; ``kill`` has the number of the call at which all is killed.
"""

import json
import os
import re
import signal
import sys

FOLDER, PROGRAM, ARGUMENTS = sys.argv[1], sys.argv[2], sys.argv[3:]
ADDRESS = r"sheetflow@(?P<project>[a-z0-9-]+)\.iam\.gserviceaccount\.com"
SCOPE = "https://www.googleapis.com/auth/spreadsheets"
WORKFLOW = ".github/workflows/sheetflow.yml"


def read(name, otherwise=""):
    try:
        with open(f"{FOLDER}/{name}", encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return otherwise


def note(name, value):
    with open(f"{FOLDER}/{name}", "a", encoding="utf-8") as file:
        file.write(json.dumps(value) + "\n")


class State(dict):
    """What there is, with what each shell starts with."""

    def __init__(self):
        super().__init__(START | json.loads(read("state.json", "{}")))

    def save(self):
        with open(f"{FOLDER}/state.json", "w", encoding="utf-8") as file:
            json.dump(self, file)


START = {
    "account": "sam@gmail.example", "projects": [], "apis": {}, "accounts": [], "bindings": [], "pools": {},
    "providers": {}, "keys": 0, "shared": True, "editor": True, "sheet_zone": "Europe/London", "signed_in": False,
    "repos": {}, "runs": [], "slow": 0, "may_create": True, "login": "sam", "failing_runs": 0,
}  # fmt: skip
STATE = State()


def end_if_asked(after):
    """Kill everything if this is the call to be killed at, before or after its deed."""
    at, wanted = read("kill", "0 0").split()
    if read("calls").count("\n") == int(at) and int(wanted) == after:
        os.killpg(0, signal.SIGKILL)


def fail(words="NOT_FOUND", code=1):
    STATE.save()
    end_if_asked(after=True)
    print(f"ERROR: {words}", file=sys.stderr)
    sys.exit(code)


def once(values, value):
    if value not in values:
        values.append(value)


def slow():
    """Google takes a while until something new is known everywhere."""
    if STATE["slow"] > 0:
        STATE["slow"] -= 1
        fail("PERMISSION_DENIED: it was only just made")


# --- gcloud -------------------------------------------------------------------------------------------------------


def get_account(_):
    print(STATE["account"])


def list_projects(_):
    print("\n".join(STATE["projects"][:1]))


def create_project(m):
    if not STATE["may_create"]:
        fail("The caller does not have permission")
    STATE["projects"].append(m["project"])


def enable(m):
    STATE["apis"][m["project"]] = m["apis"].split()


def describe_account(m):
    if m["project"] not in STATE["accounts"]:
        fail()
    print(f"sheetflow@{m['project']}.iam.gserviceaccount.com")


def create_account(m):
    slow()
    if m["project"] not in STATE["apis"]:
        fail("SERVICE_DISABLED")
    if m["project"] in STATE["accounts"]:
        fail("already exists")
    STATE["accounts"].append(m["project"])


def bind(m):
    slow()
    if m["project"] not in STATE["accounts"]:
        fail()
    once(STATE["bindings"], [m["project"], m["role"], m["member"]])


def describe_pool(m):
    if m["project"] not in STATE["pools"]:
        fail()
    name = "projects/4711/locations/global/workloadIdentityPools/github"
    print(name if m["what"] == "name" else STATE["pools"][m["project"]])


def create_pool(m):
    slow()
    if m["project"] in STATE["pools"]:
        fail("already exists")
    STATE["pools"][m["project"]] = "ACTIVE"


def undelete_pool(m):
    STATE["pools"][m["project"]] = "ACTIVE"


def describe_provider(m):
    if m["project"] not in STATE["providers"]:
        fail()
    print(STATE["providers"][m["project"]]["state"])


def create_provider(m):
    if STATE["pools"].get(m["project"]) != "ACTIVE":
        fail()
    there = m["project"] in STATE["providers"]
    if there == (m["verb"] == "create"):
        fail("already exists" if there else "NOT_FOUND")
    STATE["providers"][m["project"]] = {"state": "ACTIVE", "condition": m["condition"]}


def undelete_provider(m):
    STATE["providers"][m["project"]]["state"] = "ACTIVE"


def create_key(m):
    STATE["keys"] += 1
    with open("key.json", "w", encoding="utf-8") as file:
        file.write('{"type": "service_account"}')


def my_token(_):
    print("ya29.mine")


PLACE = "--project (?P<project>\\S+) --location global"
GCLOUD = (
    ("config get-value account", get_account),
    (
        "projects list --filter labels.app=sheetflow AND lifecycleState=ACTIVE --limit 1 --format value\\(projectId\\)",
        list_projects,
    ),
    (
        "projects create (?P<project>sheetflow-[0-9a-f]{8}) --name sheetflow --labels app=sheetflow --quiet",
        create_project,
    ),
    (
        "services enable (?P<apis>sheets.googleapis.com iam.googleapis.com iamcredentials.googleapis.com "
        "sts.googleapis.com) "
        "--project (?P<project>\\S+) --quiet",
        enable,
    ),
    (f"iam service-accounts describe {ADDRESS} --project (?P=project) --format value\\(email\\)", describe_account),
    (
        "iam service-accounts create sheetflow --project (?P<project>\\S+) --display-name sheetflow --quiet",
        create_account,
    ),
    (
        f"iam service-accounts add-iam-policy-binding {ADDRESS} --project (?P=project) --role (?P<role>\\S+) "
        "--member (?P<member>\\S+) --condition None --format none --quiet",
        bind,
    ),
    (f"iam workload-identity-pools describe github {PLACE} --format value\\((?P<what>state|name)\\)", describe_pool),
    (f"iam workload-identity-pools create github {PLACE} --display-name GitHub --quiet", create_pool),
    (f"iam workload-identity-pools undelete github {PLACE} --quiet", undelete_pool),
    (
        f"iam workload-identity-pools providers describe sheetflow {PLACE} --workload-identity-pool github "
        "--format value\\(state\\)",
        describe_provider,
    ),
    (
        f"iam workload-identity-pools providers (?P<verb>create|update)-oidc sheetflow {PLACE} "
        "--workload-identity-pool github --issuer-uri https://token.actions.githubusercontent.com "
        "--attribute-mapping google.subject=assertion.sub,attribute.repository_id=assertion.repository_id,"
        "attribute.repository=assertion.repository --attribute-condition (?P<condition>assertion.+) --quiet",
        create_provider,
    ),
    (
        f"iam workload-identity-pools providers undelete sheetflow {PLACE} --workload-identity-pool github --quiet",
        undelete_provider,
    ),
    (f"iam service-accounts keys create key.json --iam-account {ADDRESS} --project (?P=project) --quiet", create_key),
    ("auth print-access-token --quiet", my_token),
)


# --- curl ---------------------------------------------------------------------------------------------------------


def sheetflow_token(m):
    if 'header = "Authorization: Bearer ya29.mine"' not in sys.stdin.read():
        fail("401")
    may = [m["project"], "roles/iam.serviceAccountTokenCreator", f"user:{STATE['account']}"] in STATE["bindings"]
    if STATE["slow"] > 0 or not may:
        STATE["slow"] = max(0, STATE["slow"] - 1)
        print('{\n  "error": {"code": 403}\n}')
    else:
        print('{\n  "accessToken": "ya29.sheetflow",\n  "expireTime": "2026-11-24T12:00:00Z"\n}')


def as_sheetflow():
    if 'header = "Authorization: Bearer ya29.sheetflow"' not in sys.stdin.read():
        fail("401")


def read_sheet(m):
    as_sheetflow()
    if not STATE["shared"]:
        STATE["shares"] = STATE.get("shares", 0) + 1
        STATE["shared"] = STATE["shares"] > 2  # the person presses Share meanwhile
        print('{"error":{"code":403}}\n403')
    else:
        print(f'{{"properties":{{"timeZone":"{STATE["sheet_zone"]}"}}}}\n200')


def write_zone(m):
    as_sheetflow()
    if not STATE["editor"]:
        STATE["editor"] = True
        print('{"error":{"code":403}}\n403')
    elif "/" not in m["zone"]:
        print('{"error":{"code":400}}\n400')
    else:
        STATE["sheet_zone"] = m["zone"]
        print('{"spreadsheetId":"x"}\n200')


def github_user(m):
    if m["name"] != STATE["login"]:
        fail("404", 22)
    print(f'{{\n  "login": "{m["name"]}",\n  "id": 583231,\n  "node_id": "x",\n  "public_repos": 8\n}}')


CURL = (
    (
        "--silent --max-time 30 --config - --header X-Goog-User-Project: (?P<project>\\S+) "
        f'--header Content-Type: application/json --data {{"scope":\\["{SCOPE}"\\],"lifetime":"600s"}} '
        "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/"
        "sheetflow@(?P=project).iam.gserviceaccount.com:generateAccessToken",
        sheetflow_token,
    ),
    (
        "--silent --max-time 30 --write-out \\\\n%{http_code} --config - "
        "https://sheets.googleapis.com/v4/spreadsheets/1Abc\\w+\\?fields=properties.timeZone&prettyPrint=false",
        read_sheet,
    ),
    (
        "--silent --max-time 30 --write-out \\\\n%{http_code} --config - --header Content-Type: application/json "
        '--data {"requests":\\[{"updateSpreadsheetProperties":{"properties":{"timeZone":"(?P<zone>[\\w/+-]+)"},'
        '"fields":"timeZone"}}\\]} https://sheets.googleapis.com/v4/spreadsheets/1Abc\\w+:batchUpdate\\?fields=spreadsheetId',
        write_zone,
    ),
    ("--silent --show-error --fail --max-time 30 https://api.github.com/users/(?P<name>[\\w-]+)", github_user),
)


# --- gh -----------------------------------------------------------------------------------------------------------


def auth_status(_):
    if not STATE["signed_in"]:
        fail("You are not logged into any GitHub hosts")


def auth_login(_):
    STATE["signed_in"] = True


def repo(m):
    auth_status(m)
    if m["repo"] not in STATE["repos"]:
        fail("HTTP 404: Not Found")
    return STATE["repos"][m["repo"]]


def who(m):
    auth_status(m)
    print(STATE["login"])


def about(m):
    found = repo(m)
    print({"id": 900100, "owner.id": 583231, "visibility": found["visibility"], "default_branch": "main"}[m["what"]])


def content(m):
    found = repo(m)
    if found["filling"] > 0:
        found["filling"] -= 1
        fail("HTTP 404: Not Found")
    print(found["sha"] if m["what"] == "sha" else found["content"])


def put_content(m):
    found = repo(m)
    if m["sha"] != found["sha"]:
        fail("HTTP 409: Conflict")
    found["content"], found["sha"] = m["content"], found["sha"] + "0"


def create_repo(m):
    auth_status(m)
    if m["repo"] in STATE["repos"]:
        fail("Name already exists on this account")
    start = read("workflow.base64")
    STATE["repos"][m["repo"]] = {
        "visibility": "private", "filling": 2, "sha": "abc1", "content": start, "variables": {}, "secrets": {},
    }  # fmt: skip


def set_variable(m):
    repo(m)["variables"][m["name"]] = m["value"]


def set_secret(m):
    repo(m)["secrets"][m["name"]] = sys.stdin.read().strip()


def start_run(m):
    repo(m)
    STATE["runs"].append(m["name"])


def list_runs(m):
    print(len(STATE["runs"]) or "")


def watch_run(m):
    if STATE["failing_runs"] > 0:
        STATE["failing_runs"] -= 1
        fail("the run failed")


REPO = "(?P<repo>[\\w-]+/[\\w-]+)"
GH = (
    ("auth status --hostname github.com", auth_status),
    ("auth login --hostname github.com --git-protocol https --web --scopes repo,workflow", auth_login),
    ("api user --jq .login", who),
    (f"api repos/{REPO} --jq \\.(?P<what>id|owner.id|visibility|default_branch)", about),
    (f"api repos/{REPO}/contents/{WORKFLOW} --jq \\.(?P<what>sha|content)", content),
    (
        f"api --method PUT repos/{REPO}/contents/{WORKFLOW} --raw-field message=Look at the hours of \\S+ "
        "--raw-field sha=(?P<sha>\\w+) --raw-field content=(?P<content>[\\w+/=]+) --silent",
        put_content,
    ),
    (f"repo create {REPO} --template OWNER/sheetflow-tracker --private", create_repo),
    (f"variable set (?P<name>GOOGLE_\\w+) --repo {REPO} --body (?P<value>\\S+)", set_variable),
    (f"secret set (?P<name>SHEETFLOW_SHEET|GOOGLE_CREDENTIALS) --repo {REPO}", set_secret),
    (
        f"workflow run sheetflow.yml --repo {REPO} --raw-field prepare=true --raw-field name=(?P<name>.+)",
        start_run,
    ),
    (
        f"run list --repo {REPO} --workflow sheetflow.yml --limit 1 --json databaseId --jq \\.\\[0\\]\\.databaseId",
        list_runs,
    ),
    (f"run watch \\d+ --repo {REPO} --exit-status", watch_run),
)


def main():
    note("calls", [PROGRAM, *ARGUMENTS])
    end_if_asked(after=False)
    text = " ".join(ARGUMENTS)
    for pattern, deed in {"gcloud": GCLOUD, "curl": CURL, "gh": GH}[PROGRAM]:
        match = re.fullmatch(pattern, text, re.DOTALL)
        if match:
            before = json.dumps(STATE)
            deed(match.groupdict())
            if json.dumps(STATE) != before or "key.json" in ARGUMENTS:
                note("changed", read("calls").count("\n"))
            STATE.save()
            sys.stdout.flush()
            end_if_asked(after=True)
            return
    note("unknown", [PROGRAM, *ARGUMENTS])
    os.killpg(0, signal.SIGKILL)


main()
