"""Asking at the terminal for what no option said, and reading the answers: each is checked as it comes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from typing import TypeVar

import click

T = TypeVar("T")

DEFAULT_PORTS = {"none": 25, "opportunistic": 25, "required": 587, "implicit": 465}


def is_interactive() -> bool:
    """Whether a person sits at the terminal."""
    return sys.stdin.isatty()


class Prompter:
    """Answers from options, else from the person at the terminal; with `batch` nobody is asked."""

    def __init__(self, batch: bool) -> None:
        self._batch = batch or not is_interactive()

    def value(
        self, option: str, said: str | None, words: str, read: Callable[[str], T], default: str | None = None
    ) -> T:
        """An answer as `read` makes it, which raises ValueError for a wrong one. Raises click.UsageError."""
        if said is None and self._batch:
            said = default
        if said is None and self._batch:
            raise click.UsageError(f"{option} is missing, and there is nobody to ask")
        if said is not None:
            return self._read(said, read, option)
        answer: T = click.prompt(words, default=default, value_proc=lambda text: self._read(text, read, None))
        return answer

    def secret(self, words: str) -> str:
        """A password that is not shown. Raises click.UsageError."""
        if self._batch:
            raise click.UsageError("--password-file is missing, and there is nobody to ask")
        answer: str = click.prompt(words, hide_input=True, confirmation_prompt=True)
        return answer

    def more(self, words: str) -> bool:
        """Whether there is more; nobody to ask means no."""
        return not self._batch and click.confirm(words, default=False)

    def _read(self, text: str, read: Callable[[str], T], option: str | None) -> T:
        try:
            return read(text)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint=option) from error


@dataclass(frozen=True, slots=True)
class Host:
    """A server; `port` is 0 where none was said."""

    name: str
    port: int

    @property
    def is_local(self) -> bool:
        """Whether it is this machine."""
        from gateway.settings.recommendations import is_local_host

        return is_local_host(self.name)


def parse_text(said: str) -> str:
    """Any text."""
    return said.strip()


def parse_domain(said: str) -> str:
    """A domain name."""
    from gateway.mail.address import is_domain

    name = said.strip().lower().removesuffix(".")
    if not is_domain(name):
        raise ValueError(f"{said!r} is no domain name such as gw.example.go.jp")
    return name


def parse_host(said: str) -> Host:
    """HOST, HOST:PORT, an IPv4 or an IPv6 address."""
    name, _, port = said.strip().rpartition(":") if said.count(":") == 1 else (said.strip(), "", "0")
    if not name or " " in name or not port.isdecimal() or not 0 <= int(port) <= 65535:
        raise ValueError(f"{said!r} is no host such as smtp.example.go.jp or smtp.example.go.jp:587")
    return Host(name, int(port))


def parse_tls(said: str) -> str:
    """How to encrypt."""
    if said not in DEFAULT_PORTS:
        raise ValueError(f"{said!r}: allowed is one of {', '.join(DEFAULT_PORTS)}")
    return said


def parse_link(said: str) -> str:
    """A link of the web."""
    if not said.startswith(("https://", "http://")):
        raise ValueError(f"{said!r} is no link: it begins with https://")
    return said.strip()


def parse_addresses(said: str) -> tuple[str, ...]:
    """IP addresses with spaces between them."""
    from ipaddress import ip_address

    return tuple(str(ip_address(each)) for each in said.split())


def parse_person(said: str) -> tuple[str, str]:
    """An address and a name, from `NAME <ADDRESS>` or an address alone."""
    from gateway.mail import address

    name, found = parseaddr(said)
    try:
        parsed = address.parse(found)
    except address.AddressError as error:
        raise ValueError(f"{said!r}: {error}; write NAME <ADDRESS>") from error
    return str(parsed), name or str(parsed).partition("@")[0]
