#!/usr/bin/env bash
# Sets sheetflow up for one Google Sheet: what Google needs, your private copy at GitHub, the first run. Made for
# Google's Cloud Shell, where gcloud is signed in: https://shell.cloud.google.com
#
#   bash setup.sh          sign-in without a key: nothing that can be stolen
#   bash setup.sh --key    with a key file, for those who want one
#
# It can be run again at any time: it looks first what is there, goes on from there, and undoes nothing. What it would
# ask can be given before: SHEET (the link), NAME (under the letters), REPO (my-interviews), ZONE (Europe/Madrid),
# PROJECT (a Google Cloud project of yours).
set -Eeuo pipefail

TEMPLATE=OWNER/sheetflow-tracker
GUIDE=https://github.com/OWNER/sheetflow/blob/main/docs/schedule.md
SCOPE=https://www.googleapis.com/auth/spreadsheets
SHEETS=https://sheets.googleapis.com/v4/spreadsheets
POOL=github
PROVIDER=sheetflow
WORKFLOW=.github/workflows/sheetflow.yml
TRIES=${TRIES:-24} # of five seconds: Google takes up to two minutes until a new right holds
PAUSE=${PAUSE:-5}

step="the beginning"
trap 'printf "\nIt stopped at: %s. What is done stays; run the same line again to go on from here.\n%s\n" "$step" "$GUIDE" >&2' ERR

main() {
  keyless=yes
  case "${1:-}" in
    "") ;;
    --key) keyless=no ;;
    *)
      echo "Usage: bash setup.sh [--key]" >&2
      exit 2
      ;;
  esac
  command -v gcloud >/dev/null || { echo "gcloud is not here. Open https://shell.cloud.google.com and paste the line there." >&2; exit 1; }
  account=$(gcloud config get-value account 2>/dev/null)
  [ -n "$account" ] || { echo "gcloud is not signed in. Run: gcloud auth login" >&2; exit 1; }
  github=no
  if command -v gh >/dev/null; then github=yes; fi

  questions
  google
  if [ "$github" = yes ]; then copy_at_github; else owner_at_github; fi
  if [ "$keyless" = yes ]; then federation; else key_file; fi
  access
  if [ "$github" = yes ]; then settings_at_github; first_run; else clicks_at_github; fi
}

say() {
  step=$1
  printf '\n== %s\n' "$step"
}

# Ask for VARIABLE unless it is set: ask VARIABLE "question" [default]
ask() {
  local -n answer=$1
  while [ -z "${answer:-}" ]; do
    printf '%s%s: ' "$2" "${3:+ [$3]}"
    IFS= read -r answer || { printf '\nNo answer.\n' >&2; return 1; }
    answer=${answer:-${3:-}}
  done
}

# Repeat a command until it works, for two minutes at most; only the last try is heard.
patiently() {
  local try
  for ((try = 1; try < TRIES; try++)); do
    if "$@" 2>/dev/null; then return 0; fi
    sleep "$PAUSE"
  done
  "$@"
}

questions() {
  say "What is it about?"
  ask SHEET "The link of your Google Sheet (paste it)"
  # shellcheck disable=SC2153 # ask has set it
  id=$(sed -nE 's#^.*/spreadsheets/d/([A-Za-z0-9_-]{20,}).*$#\1#p; t; s#^([A-Za-z0-9_-]{20,})$#\1#p' <<<"$SHEET")
  [ -n "$id" ] || { echo "That is no link of a Google Sheet. Copy it from the browser while the sheet is open." >&2; exit 2; }
  ask NAME "Your name, to stand under the letters"
  if [ "$github" = no ]; then
    ask GITHUB_NAME "Your name at GitHub"
  fi
  REPO=${REPO:-my-interviews}
}

# --- Google ---------------------------------------------------------------------------------------------------

google() {
  say "A project of yours at Google, which costs nothing"
  project=${PROJECT:-$(gcloud projects list --filter "labels.app=sheetflow AND lifecycleState=ACTIVE" --limit 1 --format "value(projectId)")}
  if [ -z "$project" ]; then
    project=sheetflow-$(od -An -N4 -tx4 /dev/urandom | tr -d ' ')
    gcloud projects create "$project" --name sheetflow --labels app=sheetflow --quiet || {
      echo "Google makes no new project for you. Take one that you have: PROJECT=its-id bash setup.sh" >&2
      false
    }
  fi
  echo "$project"
  address=sheetflow@$project.iam.gserviceaccount.com

  say "The programs it may use: Sheets, and Google's sign-in"
  gcloud services enable sheets.googleapis.com iam.googleapis.com iamcredentials.googleapis.com sts.googleapis.com \
    --project "$project" --quiet

  say "An address for sheetflow, with which you share your sheet"
  if ! gcloud iam service-accounts describe "$address" --project "$project" --format "value(email)" >/dev/null 2>&1; then
    patiently gcloud iam service-accounts create sheetflow --project "$project" --display-name sheetflow --quiet
  fi
  bind roles/iam.serviceAccountTokenCreator "user:$account" # to see, below, whether the sheet is shared
  printf '\n    %s\n\nShare your sheet with it: in the sheet press Share, paste it, leave Editor, press Share.\n' "$address"
}

bind() {
  patiently gcloud iam service-accounts add-iam-policy-binding "$address" --project "$project" --role "$1" \
    --member "$2" --condition None --format none --quiet
}

federation() {
  say "Sign-in without a key, for this one copy of yours and no other"
  local there state
  there=(--project "$project" --location global)
  state=$(gcloud iam workload-identity-pools describe "$POOL" "${there[@]}" --format "value(state)" 2>/dev/null || true)
  if [ "$state" = DELETED ]; then gcloud iam workload-identity-pools undelete "$POOL" "${there[@]}" --quiet; fi
  if [ -z "$state" ]; then
    patiently gcloud iam workload-identity-pools create "$POOL" "${there[@]}" --display-name GitHub --quiet
  fi
  there+=(--workload-identity-pool "$POOL")
  local oidc=(
    --issuer-uri https://token.actions.githubusercontent.com
    --attribute-mapping "google.subject=assertion.sub,attribute.repository_id=assertion.repository_id,attribute.repository=assertion.repository"
    --attribute-condition "$condition"
  )
  state=$(gcloud iam workload-identity-pools providers describe "$PROVIDER" "${there[@]}" --format "value(state)" 2>/dev/null || true)
  if [ "$state" = DELETED ]; then gcloud iam workload-identity-pools providers undelete "$PROVIDER" "${there[@]}" --quiet; fi
  if [ -z "$state" ]; then
    patiently gcloud iam workload-identity-pools providers create-oidc "$PROVIDER" "${there[@]}" "${oidc[@]}" --quiet
  else
    gcloud iam workload-identity-pools providers update-oidc "$PROVIDER" "${there[@]}" "${oidc[@]}" --quiet
  fi
  pool=$(gcloud iam workload-identity-pools describe "$POOL" --project "$project" --location global --format "value(name)")
  bind roles/iam.workloadIdentityUser "principalSet://iam.googleapis.com/$pool/$who"
}

key_file() {
  say "A key file"
  if [ -e key.json ]; then
    echo "key.json is here already."
  else
    gcloud iam service-accounts keys create key.json --iam-account "$address" --project "$project" --quiet
  fi
}

# One request to the Sheets API as sheetflow itself: prints the answer and, on a line of its own, its status. The tokens
# go to curl by its standard input, where no list of processes shows them.
as_sheetflow() {
  local mine token
  mine=$(gcloud auth print-access-token --quiet)
  token=$(
    curl --silent --max-time 30 --config - --header "X-Goog-User-Project: $project" \
      --header "Content-Type: application/json" --data "{\"scope\":[\"$SCOPE\"],\"lifetime\":\"600s\"}" \
      "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/$address:generateAccessToken" \
      <<<"header = \"Authorization: Bearer $mine\"" | sed -nE 's/.*"accessToken": *"([^"]+)".*/\1/p'
  ) || true
  if [ -z "$token" ]; then
    echo "no token yet"
    return 0
  fi
  curl --silent --max-time 30 --write-out '\n%{http_code}' --config - "$@" \
    <<<"header = \"Authorization: Bearer $token\"" || echo "no answer"
}

access() {
  say "Waiting until the sheet is shared with $address"
  local answer="" try zone
  for ((try = 0; ; try++)); do
    answer=$(as_sheetflow "$SHEETS/$id?fields=properties.timeZone&prettyPrint=false")
    case "${answer##*$'\n'}" in
      200) break ;;
      403 | 404) if ((try % TRIES == 0)); then echo "Not shared yet: press Share in the sheet, paste the address above, leave Editor."; fi ;;
      *) if ((try == TRIES)); then echo "Google's sign-in takes long. This can last five minutes; leave it running, or stop it and paste the line again."; fi ;;
    esac
    sleep "$PAUSE"
  done
  zone=$(sed -nE 's/.*"timeZone":"([^"]+)".*/\1/p' <<<"$answer")
  if [ -z "${ZONE:-}" ]; then
    ask ZONE "It is shared. Your time zone, for the sheet and the schedule" "${zone:-Etc/UTC}"
  fi

  say "The time zone of the sheet: $ZONE"
  [[ $ZONE =~ ^[A-Za-z0-9_+/-]+$ ]] || { echo "That is no time zone; one looks like Europe/Madrid." >&2; return 1; }
  local body="{\"requests\":[{\"updateSpreadsheetProperties\":{\"properties\":{\"timeZone\":\"$ZONE\"},\"fields\":\"timeZone\"}}]}"
  for ((try = 0; ; try++)); do
    answer=$(as_sheetflow --header "Content-Type: application/json" --data "$body" \
      "$SHEETS/$id:batchUpdate?fields=spreadsheetId")
    case "${answer##*$'\n'}" in
      200) break ;;
      400) echo "Google does not know the time zone $ZONE; one looks like Europe/Madrid." >&2; return 1 ;;
      403) if ((try % TRIES == 0)); then echo "It may look but not write: in Share, change Viewer to Editor beside the address."; fi ;;
      *) if ((try == TRIES)); then return 1; fi ;;
    esac
    sleep "$PAUSE"
  done
}

# --- GitHub ---------------------------------------------------------------------------------------------------

copy_at_github() {
  say "Signing in at GitHub"
  if ! gh auth status --hostname github.com >/dev/null 2>&1; then
    gh auth login --hostname github.com --git-protocol https --web --scopes repo,workflow
  fi
  local login
  login=$(gh api user --jq .login)
  case "$REPO" in */*) ;; *) REPO=$login/$REPO ;; esac

  say "Your private copy: https://github.com/$REPO"
  if ! gh api "repos/$REPO" --jq .id >/dev/null 2>&1; then
    gh repo create "$REPO" --template "$TEMPLATE" --private
  fi
  patiently gh api "repos/$REPO/contents/$WORKFLOW" --jq .sha >/dev/null # GitHub fills a copy after it has made it
  if [ "$(gh api "repos/$REPO" --jq .visibility)" != private ]; then
    echo "$REPO is not private: everybody can read its logs. Make it private (Settings, Danger Zone), or give another name: REPO=name bash setup.sh" >&2
    return 1
  fi
  local repository owner branch
  repository=$(gh api "repos/$REPO" --jq .id)
  owner=$(gh api "repos/$REPO" --jq .owner.id)
  branch=$(gh api "repos/$REPO" --jq .default_branch)
  condition="assertion.repository_id == '$repository' && assertion.repository_owner_id == '$owner' && assertion.ref == 'refs/heads/$branch'"
  who=attribute.repository_id/$repository
}

owner_at_github() {
  say "Who you are at GitHub"
  local owner
  owner=$(curl --silent --show-error --fail --max-time 30 "https://api.github.com/users/$GITHUB_NAME" | sed -nE 's/^ *"id": *([0-9]+),?$/\1/p' | head -n 1) || true
  [ -n "$owner" ] || { echo "GitHub knows nobody named $GITHUB_NAME." >&2; return 1; }
  REPO=$GITHUB_NAME/${REPO##*/}
  condition="assertion.repository_owner_id == '$owner' && assertion.repository == '$REPO' && assertion.ref == 'refs/heads/main'"
  who=attribute.repository/$REPO
}

settings_at_github() {
  say "What your copy has to know"
  if [ "$keyless" = yes ]; then
    gh variable set GOOGLE_WORKLOAD_IDENTITY_PROVIDER --repo "$REPO" --body "$pool/providers/$PROVIDER"
    gh variable set GOOGLE_SERVICE_ACCOUNT --repo "$REPO" --body "$address"
  else
    gh secret set GOOGLE_CREDENTIALS --repo "$REPO" <key.json
    rm key.json
  fi
  gh secret set SHEETFLOW_SHEET --repo "$REPO" <<<"$SHEET"

  say "The schedule, in $ZONE"
  local sha before after
  before=$(gh api "repos/$REPO/contents/$WORKFLOW" --jq .content | base64 --decode)
  after=$(sed -E "s#^( *timezone: ).*#\1\"$ZONE\"#" <<<"$before")
  if [ "$before" != "$after" ]; then
    sha=$(gh api "repos/$REPO/contents/$WORKFLOW" --jq .sha)
    gh api --method PUT "repos/$REPO/contents/$WORKFLOW" --raw-field message="Look at the hours of $ZONE" --raw-field sha="$sha" \
      --raw-field content="$(base64 <<<"$after" | tr -d '\n')" --silent ||
      echo "GitHub does not let this shell change the schedule: do it in the browser, docs/schedule.md has the two lines."
  fi
}

first_run() {
  say "The first run"
  local try run
  for try in 1 2; do
    gh workflow run sheetflow.yml --repo "$REPO" --raw-field prepare=true --raw-field name="$NAME"
    sleep "$PAUSE" # until GitHub lists it
    run=$(patiently newest_run)
    if gh run watch "$run" --repo "$REPO" --exit-status >/dev/null; then
      printf '\nDone. Open your sheet: the letters are in the tab To send. From now on it is looked after three times a day.\n'
      return 0
    fi
    if [ "$try" = 1 ]; then
      echo "It failed. Google may need some minutes until the sign-in holds; once more in two."
      sleep $((PAUSE * TRIES))
    fi
  done
  echo "It failed again. Its page says why: https://github.com/$REPO/actions/runs/$run" >&2
  return 1
}

newest_run() {
  gh run list --repo "$REPO" --workflow sheetflow.yml --limit 1 --json databaseId --jq ".[0].databaseId" | grep .
}

clicks_at_github() {
  say "What is left to do at GitHub, since its gh is not in this shell"
  cat <<END
1. Open this page, and press Create repository (leave Private):
   https://github.com/new?template_owner=${TEMPLATE%/*}&template_name=${TEMPLATE#*/}&name=${REPO#*/}&visibility=private
2. Open https://github.com/$REPO/settings/secrets/actions/new
   Name: SHEETFLOW_SHEET      Secret: $SHEET
END
  if [ "$keyless" = yes ]; then
    cat <<END
3. Open https://github.com/$REPO/settings/variables/actions/new twice
   Name: GOOGLE_WORKLOAD_IDENTITY_PROVIDER      Value: $pool/providers/$PROVIDER
   Name: GOOGLE_SERVICE_ACCOUNT                 Value: $address
END
  else
    cat <<END
3. The same page again. Name: GOOGLE_CREDENTIALS    Secret: the whole text of key.json (cat key.json), then: rm key.json
END
  fi
  cat <<END
4. In .github/workflows/sheetflow.yml press the pencil, write timezone: "$ZONE", press Commit changes
5. Open https://github.com/$REPO/actions/workflows/sheetflow.yml, press Run workflow, type your name, tick Prepare the
   sheet, press Run workflow
END
}

main "$@"
