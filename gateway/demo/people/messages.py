"""Mails as the demo's people write them: forms, replies and some habits of old Japanese mail programs."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from secrets import token_hex

from gateway.app.wiring.desk import utc_now
from gateway.auth.dkim.sign import Signer

# 髙 and 﨑 are not in JIS X 0208, but Windows programs send them from NEC rows 121 and 124.
VENDOR_JIS = {"髙": b"\x7c\x62", "﨑": b"\x79\x75"}


@dataclass(frozen=True, slots=True)
class Person:
    """A person with an address."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """The domain of the address."""
        return self.address.rpartition("@")[2]


def build_application(**fields: str) -> str:
    """Return a form as an applicant fills it in, with the items in the given order."""
    greeting = "お世話になっております。参加を申請します。\n\n"
    return greeting + "".join(f"{label}: {value}\n" for label, value in fields.items())


def build_mail(
    sender: Person, to: str, subject: str, text: str, *, headers: dict[str, str] | None = None
) -> bytes:
    """Return a mail in UTF-8, as most programs write it today."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = formataddr((sender.name, sender.address))
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(utc_now())
    message["Message-ID"] = f"<{token_hex(12)}@{sender.domain}>"
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text, charset="utf-8", cte="base64")
    return message.as_bytes()


def build_outlook_mail(sender: Person, to: str, subject: str, text: str) -> bytes:
    """Return a Japanese mail as Outlook writes it: labelled ISO-2022-JP, but with vendor characters."""
    lines = [
        b"From: " + encode_word(sender.name) + f" <{sender.address}>".encode("ascii"),
        f"To: <{to}>".encode("ascii"),
        b"Subject: " + encode_word(subject),
        f"Date: {format_datetime(utc_now())}".encode("ascii"),
        f"Message-ID: <{token_hex(12)}@{sender.domain}>".encode("ascii"),
        b"MIME-Version: 1.0",
        b'Content-Type: text/plain; charset="iso-2022-jp"',
        b"Content-Transfer-Encoding: 7bit",
        b"X-Mailer: Microsoft Outlook 16.0",
        b"",
        *(encode_iso_2022_jp(line) for line in text.splitlines()),
        b"",
    ]
    return b"\r\n".join(lines)


def encode_word(text: str) -> bytes:
    """Return an RFC 2047 encoded word in ISO-2022-JP."""
    return b"=?iso-2022-jp?B?" + b64encode(encode_iso_2022_jp(text)) + b"?="


def encode_iso_2022_jp(line: str) -> bytes:
    """Return a line in ISO-2022-JP with vendor characters, ending in ASCII."""
    out = bytearray()
    kanji = False
    for character in line:
        wide = not character.isascii()
        if wide is not kanji:
            out += b"\x1b$B" if wide else b"\x1b(B"
            kanji = wide
        out += _encode_jis(character) if wide else character.encode("ascii")
    return bytes(out + (b"\x1b(B" if kanji else b""))


def _encode_jis(character: str) -> bytes:
    # The codec puts the two octets between escape sequences of three.
    return VENDOR_JIS.get(character) or character.encode("iso2022_jp")[3:5]


def sign_mail(raw: bytes, signer: Signer) -> bytes:
    """Return the mail with a DKIM-Signature on top."""
    return signer.sign(raw) + raw
