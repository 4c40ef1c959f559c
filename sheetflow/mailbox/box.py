"""A mailbox as a run sees it: something to look into, which never raises."""

from __future__ import annotations

from dataclasses import dataclass

from sheetflow.mailbox.drafts import Outbox
from sheetflow.mailbox.facts import Facts, Wanted
from sheetflow.mailbox.headers import plain_address
from sheetflow.mailbox.providers import Account

NO_LIBRARY = (
    "Looking into a mailbox needs a library that is not installed: install sheetflow with it, like pip install "
    '"sheetflow[mailbox]".'
)


@dataclass(frozen=True)
class Mailbox:
    """The mailbox of an account, or, with ``trouble``, one that is set up wrongly."""

    account: Account | None = None
    trouble: str = ""
    """Why it cannot be looked into, in words that anybody may see."""

    @property
    def owner(self) -> str:
        """The address whose mailbox it is."""
        return plain_address(self.account.address) if self.account else ""

    def look(self, wanted: Wanted | None) -> Facts:
        """What it shows of some people; where there are none, nobody signs in."""
        if self.account is None:
            return Facts(used=True, trouble=self.trouble)
        if wanted is None:
            return Facts(used=True, owner=self.owner, received=True, sent=True, drafting=self.account.drafts)
        try:
            from sheetflow.mailbox import imap
        except ImportError:
            return Facts(used=True, owner=self.owner, drafting=self.account.drafts, trouble=NO_LIBRARY)
        return imap.look(self.account, wanted, deadline=imap.LOOKING if self.account.drafts else imap.DEADLINE)

    def put(self, outbox: Outbox) -> str:
        """Do what is to be done with drafts; what went wrong, empty for nothing. The rest is left to the next run."""
        if self.account is None:
            return ""
        from sheetflow.mailbox import imap

        return imap.put(self.account, outbox, deadline=imap.PUTTING)
