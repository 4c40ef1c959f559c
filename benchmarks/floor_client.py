"""The least that any program in sheetflow's place must do: ``python floor_client.py FOLDER SPREADSHEET FIELDS…``.

It imports the same libraries, signs in, sends the same read, parses the answer, sends the bodies that lie ready in
FOLDER, and parses what comes back. It looks at nothing.
"""

import json
import os
import sys
from pathlib import Path

import click  # noqa: F401
import jinja2  # noqa: F401
import numpy as np  # noqa: F401
import pandas as pd  # noqa: F401
import requests
from google.auth import identity_pool  # noqa: F401
from google.auth.transport.requests import Request
from google.oauth2 import service_account
from gspread.http_client import HTTPClient
from gspread.urls import SPREADSHEET_BATCH_UPDATE_URL, SPREADSHEET_URL

if __name__ == "__main__":
    folder, spreadsheet = Path(sys.argv[1]), sys.argv[2]
    key = json.loads(os.environ["GOOGLE_CREDENTIALS"])
    credentials = service_account.Credentials.from_service_account_info(
        key, scopes=("https://www.googleapis.com/auth/spreadsheets",)
    )
    credentials._after_refresh = lambda *_: None  # google-auth looks something up that neither program needs
    credentials.refresh(Request(requests.Session()))
    http = HTTPClient(credentials)
    sent = json.loads((folder / "sent.json").read_text())
    for number, (method, fields) in enumerate(sent):
        url = (SPREADSHEET_URL if method == "get" else SPREADSHEET_BATCH_UPDATE_URL) % spreadsheet
        body = (folder / f"{number}.body").read_bytes()
        params = {"fields": fields, "prettyPrint": "false"}
        headers = {"Content-Type": "application/json"} if body else None
        http.request(method, url, params=params, data=body or None, headers=headers).json()
