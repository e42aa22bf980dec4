"""Prompts for values that were not given as options; each answer is validated at once."""

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
    """Return whether standard input is a terminal."""
    return sys.stdin.isatty()


class Prompter:
    """Source of answers: options, otherwise prompts; with `batch` it never prompts."""

    def __init__(self, batch: bool) -> None:
        self._batch = batch or not is_interactive()

    def value(
        self, option: str, said: str | None, words: str, read: Callable[[str], T], default: str | None = None
    ) -> T:
        """Return an answer parsed by `read`, which raises ValueError for an invalid one.

        Raises click.UsageError.
        """
        if said is None and self._batch:
            said = default
        if said is None and self._batch:
            raise click.UsageError(f"{option} is missing, and standard input is not a terminal")
        if said is not None:
            return self._read(said, read, option)
        answer: T = click.prompt(words, default=default, value_proc=lambda text: self._read(text, read, None))
        return answer

    def secret(self, words: str) -> str:
        """Prompt for a password without echo. Raises click.UsageError."""
        if self._batch:
            raise click.UsageError("--password-file is missing, and standard input is not a terminal")
        answer: str = click.prompt(words, hide_input=True, confirmation_prompt=True)
        return answer

    def more(self, words: str) -> bool:
        """Ask whether there is more; without a terminal, return False."""
        return not self._batch and click.confirm(words, default=False)

    def _read(self, text: str, read: Callable[[str], T], option: str | None) -> T:
        try:
            return read(text)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint=option) from error


@dataclass(frozen=True, slots=True)
class Host:
    """A server; `port` is 0 if not given."""

    name: str
    port: int

    @property
    def is_local(self) -> bool:
        """Return whether it is this machine."""
        from gateway.settings.recommendations import is_local_host

        return is_local_host(self.name)


def parse_text(said: str) -> str:
    """Return any text, stripped."""
    return said.strip()


def parse_domain(said: str) -> str:
    """Parse a domain name."""
    from gateway.mail.address import is_domain

    name = said.strip().lower().removesuffix(".")
    if not is_domain(name):
        raise ValueError(f"{said!r} is not a domain name (e.g. gw.example.go.jp)")
    return name


def parse_host(said: str) -> Host:
    """Parse HOST, HOST:PORT, an IPv4 or an IPv6 address."""
    name, _, port = said.strip().rpartition(":") if said.count(":") == 1 else (said.strip(), "", "0")
    if not name or " " in name or not port.isdecimal() or not 0 <= int(port) <= 65535:
        raise ValueError(f"{said!r} is not a host (e.g. smtp.example.go.jp or smtp.example.go.jp:587)")
    return Host(name, int(port))


def parse_tls(said: str) -> str:
    """Check the encryption mode."""
    if said not in DEFAULT_PORTS:
        raise ValueError(f"{said!r}: expected one of {', '.join(DEFAULT_PORTS)}")
    return said


def parse_link(said: str) -> str:
    """Check a web link."""
    if not said.startswith(("https://", "http://")):
        raise ValueError(f"{said!r} is not a URL: it must begin with https://")
    return said.strip()


def parse_addresses(said: str) -> tuple[str, ...]:
    """Parse IP addresses separated by spaces."""
    from ipaddress import ip_address

    return tuple(str(ip_address(each)) for each in said.split())


def parse_person(said: str) -> tuple[str, str]:
    """Parse `NAME <ADDRESS>` or an address alone into address and name."""
    from gateway.mail import address

    name, found = parseaddr(said)
    try:
        parsed = address.parse(found)
    except address.AddressError as error:
        raise ValueError(f"{said!r}: {error}; expected NAME <ADDRESS>") from error
    return str(parsed), name or str(parsed).partition("@")[0]
