"""Which mail server an address belongs to, what its owner must do first, and where nothing helps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sheetflow.addresses import address_trouble
from sheetflow.errors import SettingError
from sheetflow.mailbox.headers import ATS_DOMAINS, plain_address

PORT = 993
"""IMAP over TLS; there is no other way in."""
VARIABLES = ("MAIL_USER", "MAIL_PASSWORD", "MAIL_HOST", "MAIL_DRAFTS")


@dataclass(frozen=True)
class Provider:
    """A mail provider: whose domains, which server, and what has to be done before it lets a program in."""

    name: str
    domains: str
    host: str
    """Empty: it has no IMAP that a password opens."""
    todo: str
    local_part: bool = False
    """It is signed in to with what stands before the @."""


_APP = "an app password, made at {}"
_PLAIN = "the password, or with two-factor sign-in an app password"
PROVIDERS: tuple[Provider, ...] = (
    Provider(
        "Gmail", "gmail.com googlemail.com", "imap.gmail.com",
        "an app password, made at https://myaccount.google.com/apppasswords once 2-Step Verification is on",
    ),
    Provider(
        "iCloud", "icloud.com me.com mac.com", "imap.mail.me.com",
        "an app-specific password, made at https://account.apple.com", True,
    ),
    Provider(
        "Yahoo",
        "yahoo.com yahoo.de yahoo.it yahoo.fr yahoo.es yahoo.se yahoo.co.uk yahoo.ca yahoo.co.in yahoo.co.nz "
        "yahoo.com.au yahoo.com.ar yahoo.com.br yahoo.com.mx myyahoo.com ymail.com rocketmail.com",
        "imap.mail.yahoo.com", _APP.format("https://login.yahoo.com/account/security"),
    ),
    Provider("AOL", "aol.com", "imap.aol.com", _APP.format("https://login.aol.com/account/security")),
    Provider(
        "Fastmail", "fastmail.com fastmail.fm fastmail.net fastmail.de fastmail.co.uk fastmail.us", "imap.fastmail.com",
        "an app password, made in Settings > Privacy & Security",
    ),
    Provider(
        "GMX", "gmx.net gmx.de gmx.at gmx.ch gmx.org gmx.eu gmx.info gmx.com", "imap.gmx.net",
        "IMAP allowed in its settings (POP3 & IMAP); with two-factor sign-in an app password",
    ),
    Provider(
        "WEB.DE", "web.de email.de", "imap.web.de",
        "IMAP allowed in its settings (POP3/IMAP); with two-factor sign-in an app password", True,
    ),
    Provider("freenet", "freenet.de", "mx.freenet.de", "IMAP allowed in its settings"),
    Provider(
        "T-Online", "t-online.de magenta.de", "secureimap.t-online.de",
        "its password for mail programs, set in the e-mail settings under Passwords",
    ),
    Provider("mailbox.org", "mailbox.org", "imap.mailbox.org", _PLAIN),
    Provider("mail.de", "mail.de", "imap.mail.de", _PLAIN),
    Provider("Posteo", "posteo.de posteo.net posteo.eu posteo.org posteo.at posteo.ch", "posteo.de", "the password"),
    Provider("Infomaniak", "ik.me infomaniak.com", "mail.infomaniak.com", "an app password, made in its manager"),
    Provider("Zoho", "zoho.com zohomail.com zohomail.eu", "imap.zoho.com", "IMAP switched on in its settings"),
    Provider(
        "Yandex", "yandex.com yandex.ru yandex.by yandex.kz ya.ru", "imap.yandex.com",
        "IMAP switched on, and an app password",
    ),
    Provider(
        "Mail.ru", "mail.ru inbox.ru bk.ru list.ru internet.ru", "imap.mail.ru", "a password for external programs"
    ),
    Provider("QQ Mail", "qq.com foxmail.com", "imap.qq.com", "IMAP switched on, and its authorisation code", True),
    Provider("163 Mail", "163.com", "imap.163.com", "IMAP switched on, and its authorisation code"),
    Provider("Naver", "naver.com", "imap.naver.com", "IMAP switched on, and an app password", True),
    Provider(
        "Outlook.com",
        "outlook.com hotmail.com live.com msn.com outlook.de outlook.fr outlook.es hotmail.de hotmail.fr hotmail.es "
        "hotmail.co.uk live.de live.fr live.co.uk office365.com",
        "",
        "Microsoft accepts no password from programs any more, app passwords included: use the links in Send",
    ),
    Provider("Proton", "proton.me protonmail.com protonmail.ch pm.me", "", "it has IMAP only on one's own computer"),
    Provider("Tuta", "tuta.com tutanota.com tutanota.de tutamail.com tuta.io keemail.me", "", "it has no IMAP"),
    Provider("HEY", "hey.com", "", "it has no IMAP"),
)  # fmt: skip
"""After chatmail/provider-db of April 2026 and the providers' own pages."""

_BY_DOMAIN = {domain: provider for provider in PROVIDERS for domain in provider.domains.split()}
_OTHER_PUBLIC_DOMAINS = (
    "126.com yeah.net sina.com sohu.com 139.com 189.cn aliyun.com comcast.net verizon.net att.net sbcglobal.net "
    "cox.net charter.net bellsouth.net btinternet.com sky.com virginmedia.com ntlworld.com talktalk.net orange.fr "
    "wanadoo.fr free.fr laposte.net sfr.fr neuf.fr libero.it virgilio.it tiscali.it alice.it tin.it terra.es "
    "telefonica.net arcor.de online.de vodafone.de bluewin.ch hispeed.ch ziggo.nl kpnmail.nl telenet.be skynet.be "
    "seznam.cz wp.pl o2.pl onet.pl interia.pl abv.bg ukr.net rediffmail.com hanmail.net daum.net nate.com "
    "docomo.ne.jp ezweb.ne.jp uol.com.br bol.com.br terra.com.br hushmail.com mail.com email.com usa.com inbox.com "
    "gmx.biz riseup.net disroot.org duck.com privaterelay.appleid.com simplelogin.com anonaddy.me"
)
_PUBLIC = frozenset((*_BY_DOMAIN, *_OTHER_PUBLIC_DOMAINS.split()))


def is_public(domain: str) -> bool:
    """Whether a domain is nobody's own: mail from it says nothing of a company."""
    return domain in _PUBLIC or any(domain == ats or domain.endswith(f".{ats}") for ats in ATS_DOMAINS)


@dataclass(frozen=True)
class Account:
    """The mailbox to look into."""

    address: str
    """Whose it is: the sender of drafts."""
    login: str
    password: str = field(repr=False)
    host: str = ""
    port: int = PORT
    drafts: bool = False

    @property
    def microsoft(self) -> bool:
        """Whether it is at a server of Microsoft's."""
        return self.host.endswith((".office365.com", ".outlook.com", ".hotmail.com"))


def account(environment: Mapping[str, str]) -> Account | None:
    """The mailbox that the environment names; ``None`` when it names none.

    Raises ``SettingError`` when what it names cannot be used; no message has a private part.
    """
    user, password, host, drafts = (environment.get(name, "").strip() for name in VARIABLES)
    if not user and not password:
        return None
    if not user or not password:
        raise SettingError("A mailbox needs both MAIL_USER (the address) and MAIL_PASSWORD (an app password).")
    if address_trouble(user):
        raise SettingError("MAIL_USER must be one complete e-mail address.")
    if not (password.isascii() and password.isprintable()):
        raise SettingError("MAIL_PASSWORD holds a sign that no app password has: paste it once more, on one line.")
    if drafts.casefold() not in ("", "yes", "no", "true", "false", "on", "off", "1", "0"):
        raise SettingError("MAIL_DRAFTS must be yes or no.")
    provider = _BY_DOMAIN.get(plain_address(user).rpartition("@")[2])
    if provider and not provider.host and not host:
        raise SettingError(f"A mailbox at {provider.name} cannot be looked into: {provider.todo}.")
    if not provider and not host:
        raise SettingError(
            "The mail server of the address in MAIL_USER is not known: set MAIL_HOST to it, like imap.example.com."
        )
    name, port = _host(host) if host else (provider.host if provider else "", PORT)
    login = user.partition("@")[0] if provider and provider.local_part and not host else user
    return Account(user, login, _password(password), name, port, drafts.casefold() in ("yes", "true", "on", "1"))


def _host(text: str) -> tuple[str, int]:
    match = re.fullmatch(r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)(?::(?P<port>\d{1,5}))?", text)
    if not match or not 0 < int(match["port"] or PORT) < 65536:
        raise SettingError("MAIL_HOST must be the name of an IMAP server, like imap.example.com.")
    return match["name"], int(match["port"] or PORT)


def _password(text: str) -> str:
    """The password; Google shows its app passwords in four groups, which are no part of them."""
    return text.replace(" ", "") if re.fullmatch(r"[a-z]{4}(?: [a-z]{4}){3}", text) else text


def at_host(host: str) -> Provider | None:
    """The provider whose server it is."""
    return next((provider for provider in PROVIDERS if provider.host == host.lower()), None)
