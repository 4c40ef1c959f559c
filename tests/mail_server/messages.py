"""Messages as mail programs write them, with canaries in every place that must stay unread."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

BODY = "canary-body-{n}"


def message(sender: str, to: str, subject: str = "Hello", n: int = 0, **fields: Any) -> bytes:
    """A whole message; ``in_reply_to=…`` makes a header In-Reply-To."""
    made = EmailMessage(policy=SMTP.clone(max_line_length=998))
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["X-Canary"] = f"canary-header-{n}"
    for name, value in fields.items():
        made["-".join(word.capitalize() for word in name.split("_")).replace("Id", "ID")] = value
    made.set_content(BODY.format(n=n))
    return made.as_bytes()
