"""A stateful Google Sheets API v4 on a loopback port, for tests.

It speaks HTTPS behind a CONNECT proxy, checks signed tokens, validates every body against Google's
discovery document, obeys field masks, applies batches atomically, lets a person edit at any moment, and
injects faults::

    with SheetsServer() as server:
        book = server.add_spreadsheet(rows=[["Company", "Interview"], ["Acme", "11/20/2026"]])
        env = server.environment(book)           # HTTPS_PROXY, REQUESTS_CA_BUNDLE, GOOGLE_CREDENTIALS, ...
        anna = server.person(book)
        server.before("write", 1, lambda: anna.insert_row_above(2))
        server.fault("read", 1, Fault.status(503))
        ...                                      # run the program with that environment
        assert server.writes == 1 and not server.strangers and not server.errors
        assert book["Sheet1"].entered("A2") == "Acme"
"""

from .auth import SPREADSHEETS
from .faults import ALWAYS, Exchange, Fault, Limits
from .model import Book, Sheet
from .person import Person
from .server import SheetsServer

__all__ = ["ALWAYS", "SPREADSHEETS", "Book", "Exchange", "Fault", "Limits", "Person", "Sheet", "SheetsServer"]
