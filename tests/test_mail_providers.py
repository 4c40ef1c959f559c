"""Which server an address belongs to, and what may stand in the four variables."""

from __future__ import annotations

import pytest

from sheetflow.errors import SettingError
from sheetflow.mailbox.providers import PROVIDERS, account, at_host, is_public


def env(**more: str) -> dict[str, str]:
    return {"MAIL_USER": "sam@gmail.com", "MAIL_PASSWORD": "abcd efgh ijkl mnop"} | more


@pytest.mark.parametrize(
    "environment", [{}, {"MAIL_HOST": "imap.mail.example"}, {"MAIL_USER": "", "MAIL_PASSWORD": " "}]
)
def test_without_a_user_and_a_password_there_is_no_mailbox(environment: dict[str, str]) -> None:
    assert account(environment) is None


def test_a_known_address_needs_no_host() -> None:
    found = account(env())
    assert found is not None
    assert (found.host, found.port, found.login, found.address, found.drafts) == (
        "imap.gmail.com", 993, "sam@gmail.com", "sam@gmail.com", False,
    )  # fmt: skip


def test_the_four_groups_of_googles_app_passwords_are_one_word() -> None:
    found, other = account(env()), account(env(MAIL_PASSWORD="my own pass word"))
    assert found is not None
    assert other is not None
    assert (found.password, other.password) == ("abcdefghijklmnop", "my own pass word")
    assert "abcd" not in repr(found)


@pytest.mark.parametrize(
    ("user", "login", "host"),
    [
        ("sam@icloud.com", "sam", "imap.mail.me.com"),
        ("Sam.Lee@ME.com", "Sam.Lee", "imap.mail.me.com"),
        ("sam@web.de", "sam", "imap.web.de"),
        ("sam@gmx.de", "sam@gmx.de", "imap.gmx.net"),
        ("sam@yahoo.co.uk", "sam@yahoo.co.uk", "imap.mail.yahoo.com"),
        ("12345@qq.com", "12345", "imap.qq.com"),
    ],
)
def test_some_are_signed_in_to_with_what_stands_before_the_at(user: str, login: str, host: str) -> None:
    found = account(env(MAIL_USER=user))
    assert found is not None
    assert (found.login, found.host, found.address) == (login, host, user)


@pytest.mark.parametrize(
    ("text", "host", "port"), [("mail.uni.example", "mail.uni.example", 993), ("localhost:4993", "localhost", 4993)]
)
def test_a_host_of_ones_own(text: str, host: str, port: int) -> None:
    found = account(env(MAIL_USER="sam@uni.example", MAIL_HOST=text))
    assert found is not None
    assert (found.host, found.port, found.login) == (host, port, "sam@uni.example")


@pytest.mark.parametrize(("text", "on"), [("yes", True), ("YES", True), ("true", True), ("no", False), ("", False)])
def test_drafts_are_asked_for(text: str, on: bool) -> None:
    found = account(env(MAIL_DRAFTS=text))
    assert found is not None
    assert found.drafts is on


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        (env(MAIL_USER=""), "both MAIL_USER"),
        (env(MAIL_PASSWORD=""), "both MAIL_USER"),
        (env(MAIL_PASSWORD="pass\nword"), "MAIL_PASSWORD holds"),
        (env(MAIL_PASSWORD="pässword"), "MAIL_PASSWORD holds"),
        (env(MAIL_USER="sam"), "one complete e-mail address"),
        (env(MAIL_USER='s"m@gmail.com'), "one complete e-mail address"),
        (env(MAIL_DRAFTS="maybe"), "MAIL_DRAFTS must be yes or no"),
        (env(MAIL_USER="sam@uni.example"), "set MAIL_HOST"),
        (env(MAIL_HOST="imap.gmail.com/x"), "MAIL_HOST must be"),
        (env(MAIL_HOST="imap.gmail.com:0"), "MAIL_HOST must be"),
        (env(MAIL_HOST="imap.gmail.com:99999"), "MAIL_HOST must be"),
        (env(MAIL_HOST="-imap"), "MAIL_HOST must be"),
        (env(MAIL_USER="sam@outlook.com"), "Microsoft accepts no password"),
        (env(MAIL_USER="sam@hotmail.co.uk"), "Microsoft accepts no password"),
        (env(MAIL_USER="sam@proton.me"), "Proton"),
        (env(MAIL_USER="sam@tuta.com"), "Tuta"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_of_it_repeated(environment: dict[str, str], said: str) -> None:
    with pytest.raises(SettingError) as error:
        account(environment)
    assert said in error.value.quiet
    assert error.value.private == {}
    assert environment["MAIL_PASSWORD"] == "" or environment["MAIL_PASSWORD"] not in error.value.full


def test_the_way_out_for_proton_is_its_bridge() -> None:
    assert account(env(MAIL_USER="sam@proton.me", MAIL_HOST="127.0.0.1:1143")) is not None


def test_each_domain_is_of_one_provider() -> None:
    domains = [domain for provider in PROVIDERS for domain in provider.domains.split()]
    assert len(domains) == len(set(domains))
    hosts = [provider.host for provider in PROVIDERS if provider.host]
    assert len(hosts) == len(set(hosts))
    assert all(provider.todo for provider in PROVIDERS)


def test_the_provider_at_a_host() -> None:
    gmail = at_host("IMAP.gmail.com")
    assert gmail is not None
    assert gmail.name == "Gmail"
    assert at_host("imap.uni.example") is None


@pytest.mark.parametrize(
    ("domain", "public"),
    [("gmail.com", True), ("web.de", True), ("126.com", True), ("outlook.com", True), ("hire.lever.co", True),
     ("lever.co", True), ("clever.co", False), ("acme.example", False)],
)  # fmt: skip
def test_whose_domain_is_nobodys_own(domain: str, public: bool) -> None:
    assert is_public(domain) is public
