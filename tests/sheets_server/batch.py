"""``spreadsheets.batchUpdate``: requests in order, all or nothing, one reply each.

https://developers.google.com/sheets/api/reference/rest/v4/spreadsheets/batchUpdate
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .a1 import Area
from .errors import InvalidRequestError, Json, bad_request, unimplemented
from .model import MAX_CELLS, Book
from .render import can_edit


@dataclass
class Call:
    """What a request handler may know: the book, and who asks."""

    book: Book
    caller: str

    def check_protection(self, area: Area) -> None:
        """Refuse a write into a range that is protected against the caller."""
        for rule in area.sheet.protected:
            if _overlaps(rule.get("range", {}), area) and not can_edit(self.book, rule, self.caller):
                raise InvalidRequestError(
                    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner "
                    "to remove protection if you need to edit."
                )

    def check_size(self) -> None:
        """Refuse to grow past ten million cells."""
        if self.book.cell_count() > MAX_CELLS:
            raise InvalidRequestError(
                f"This action would increase the number of cells in the workbook above the limit of {MAX_CELLS} cells."
            )


Handler = Callable[[Call, Json], Json | None]
HANDLERS: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the handler of a request kind."""

    def register(handler: Handler) -> Handler:
        HANDLERS[kind] = handler
        return handler

    return register


def apply(book: Book, requests: list[Json], caller: str) -> list[Json]:
    """Return the replies, 1:1 with the requests; on any error the book is as before."""
    if not requests:
        raise bad_request("Must specify at least one request.")
    for index, request in enumerate(requests):
        if len(request) != 1:
            raise bad_request(f"Invalid requests[{index}]: No request set.")
        kind = next(iter(request))
        if kind not in HANDLERS:
            raise unimplemented(f"batchUpdate request kind {kind!r}")
    saved = book.snapshot()
    call = Call(book, caller)
    replies: list[Json] = []
    try:
        for index, request in enumerate(requests):
            ((kind, body),) = request.items()
            try:
                reply = HANDLERS[kind](call, body)
            except InvalidRequestError as error:
                raise bad_request(f"Invalid requests[{index}].{kind}: {error}") from None
            replies.append({kind: reply} if reply is not None else {})
    except Exception:
        book.restore(saved)
        raise
    return replies


def _overlaps(grid: Json, area: Area) -> bool:
    top, bottom = grid.get("startRowIndex", 0), grid.get("endRowIndex", area.bottom)
    left, right = grid.get("startColumnIndex", 0), grid.get("endColumnIndex", area.right)
    return bool(top < area.bottom and area.top < bottom and left < area.right and area.left < right)
