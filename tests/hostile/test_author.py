"""Who is the author? Tricks with From and with what stands around it, through the real listener.

The rows are those of the catalogue and of the literature: espoofer (`Composition Kills`, USENIX Security
2020), `Weak Links in Authentication Chains` (USENIX Security 2021), and our own for what they leave open. The
attacker owns attack.test and may send for it; legit.test has DMARC p=reject, and must never be believed.
"""

from __future__ import annotations

import random
from base64 import b64encode
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.mail import message
from gateway.mail.header import fields
from gateway.mail.header.fields import AuthorError
from gateway.mail.message import MalformedMessageError
from tests.hostile.desk import FORM, REST, HostileDesk, hostile_desk, signed


def b64(text: bytes) -> bytes:
    return b"=?utf-8?B?" + b64encode(text) + b"?="


AUTHOR, MAIL, BYTES, ASCII, PROOF = "550 5.6.0", "550 5.6.0", "550 5.5.2", "550 5.6.7", "550 5.7.26"
ME = "any@attack.test"
# (id, header in front of Subject, how the reply begins); with 250, the author is the one of attack.test.
ROWS: list[tuple[str, bytes, str]] = [
    ("F01", b"From: <first@attack.test>\r\nFrom: <admin@legit.test>\r\n", AUTHOR),
    ("F01-other-order", b"From: <admin@legit.test>\r\nFrom: <any@attack.test>\r\n", AUTHOR),
    ("F01-same-twice", b"From: <any@attack.test>\r\nFrom: <any@attack.test>\r\n", AUTHOR),
    ("F01-other-case", b"from: <any@attack.test>\r\nFROM: <admin@legit.test>\r\n", AUTHOR),
    (
        "F01-far-apart",
        b"From: <any@attack.test>\r\nX: y\r\nFrom: <admin@legit.test>\r\n",
        AUTHOR,
    ),
    # espoofer server_a9 and a10: the second field's name is written so that only some readers see it.
    ("F02-space-before-colon", b"From : <any@attack.test>\r\nFrom: <admin@legit.test>\r\n", MAIL),
    ("F02-space-second", b"From: <any@attack.test>\r\nFrom : <admin@legit.test>\r\n", MAIL),
    ("F02-tab", b"From\t: <any@attack.test>\r\n", MAIL),
    ("F03-space-before-name", b" From: <admin@legit.test>\r\nFrom: <any@attack.test>\r\n", MAIL),
    ("F03-tab-before-name", b"\tFrom: <admin@legit.test>\r\nFrom: <any@attack.test>\r\n", MAIL),
    ("F04", b"From\r\n : <first@attack.test>\r\nFrom: <admin@legit.test>\r\n", MAIL),
    ("F04-folded-second", b"From: <any@attack.test>\r\nFrom\r\n : <admin@legit.test>\r\n", MAIL),
    ("F05", b"From\r\n : <first@attack.test>\r\nSender: <admin@legit.test>\r\n", MAIL),
    ("F05-no-from-but-sender", b"Sender: <any@attack.test>\r\n", AUTHOR),
    ("F05-no-from-but-resent-from", b"Resent-From: <any@attack.test>\r\n", AUTHOR),
    (
        "F05-no-from-but-reply-to",
        b"Reply-To: <any@attack.test>\r\nReturn-Path: <any@attack.test>\r\n",
        AUTHOR,
    ),
    # a13 to a18: two addresses in one field, encoded addresses, quoted pairs, precedence of marks.
    ("F06-two-authors", b"From: <any@attack.test>, <admin@legit.test>\r\n", AUTHOR),
    ("F06-two-authors-sender", b"From: a@attack.test, admin@legit.test\r\nSender: a@attack.test\r\n", AUTHOR),
    ("F06-semicolon", b"From: <any@attack.test>; <admin@legit.test>\r\n", AUTHOR),
    ("F06-space", b"From: <any@attack.test> <admin@legit.test>\r\n", AUTHOR),
    ("F07-encoded-address", b"From: " + b64(b"<admin@legit.test>") + b"\r\n", AUTHOR),
    ("F07-encoded-before-ours", b"From: " + b64(b"<admin@legit.test>,") + b" <any@attack.test>\r\n", "250"),
    ("F07-encoded-inside-angle", b"From: <" + b64(b"admin@legit.test") + b">\r\n", AUTHOR),
    ("F08-encoded-with-null", b"From: " + b64(b"<admin@legit.test>\x00") + b" <any@attack.test>\r\n", "250"),
    ("F08-encoded-and-plain", b"From: " + b64(b"admin@legit.test") + b",any@attack.test\r\n", AUTHOR),
    ("F09", b"From: <@attack.test,@any.test:admin@legit.test>\r\n", AUTHOR),
    ("F10-quoted-pair", b"From: <admin@legit.test>\\,<any@attack.test>\r\n", AUTHOR),
    ("F10-quoted-pair-in-name", b"From: admin@legit.test\\ <any@attack.test>\r\n", AUTHOR),
    ("F11-precedence", b"From: admin@legit.test,<any@attack.test>\r\n", AUTHOR),
    ("F11-angle-in-angle", b"From: <<admin@legit.test>any@attack.test>\r\n", AUTHOR),
    ("F11-unclosed", b"From: <admin@legit.test <any@attack.test>\r\n", AUTHOR),
    ("F12", b"From: <any@attack.test>admin@legit.test\r\n", AUTHOR),
    ("F12-text-behind", b"From: <any@attack.test> (admin@legit.test)\r\n", AUTHOR),
    ("F13", b"From: admin@legit.test <any@attack.test>\r\n", AUTHOR),
    # An address in quotation marks, or encoded, is a name: the author stays the one that is proven.
    ("F14-quoted-address-as-name", b'From: "admin@legit.test" <any@attack.test>\r\n', "250"),
    ("F15-encoded-address-as-name", b"From: =?utf-8?Q?admin=40legit.test?= <any@attack.test>\r\n", "250"),
    ("F16-quoted-angle-as-name", b'From: "<admin@legit.test>" <any@attack.test>\r\n', "250"),
    ("F17-escaped-quote", b'From: "a\\" <admin@legit.test> \\"" <any@attack.test>\r\n', "250"),
    ("F17-unclosed-quote", b'From: "admin@legit.test <any@attack.test>\r\n', AUTHOR),
    ("F18", b"From: admin(@legit.test)@attack.test\r\n", AUTHOR),
    ("F19-comment-in-domain", b"From: <any@attack.test(.legit.test)>\r\n", AUTHOR),
    ("F19-comment-in-front", b"From: (admin@legit.test) any@attack.test\r\n", AUTHOR),
    ("F19-nested-comment", b"From: any@attack.test (a (b) <admin@legit.test>)\r\n", AUTHOR),
    ("F20", b'From: "admin@legit.test"@attack.test\r\n', AUTHOR),
    ("F21", b"From: Admins: admin@legit.test;\r\n", AUTHOR),
    ("F22-empty-group", b"From: undisclosed:;\r\n", AUTHOR),
    ("F22-group-and-address", b"From: g: admin@legit.test;, any@attack.test\r\n", AUTHOR),
    ("F23", b"From: \r\n", AUTHOR),
    ("F24-empty-angle", b"From: Admin <>\r\n", AUTHOR),
    ("F25-only-folding", b"From:\r\n \r\n", AUTHOR),
    ("F26", b"From: admin\r\n", AUTHOR),
    ("F26-one-label", b"From: <admin@localhost>\r\n", AUTHOR),
    ("F26-literal", b"From: <admin@[127.0.0.1]>\r\n", AUTHOR),
    ("F27", b"From: <=?utf-8?B?YWRtaW5AbGVnaXQudGVzdA==?=\x00@attack.test>\r\n", BYTES),
    ("F28", b"From: admin@legit.test\x00@attack.test\r\n", BYTES),
    ("F28-encoded-null", b"From: <admin@legit.test=00@attack.test>\r\n", AUTHOR),
    ("F29", b"From: <admin@=?utf-8?Q?legit.test?=>\r\n", AUTHOR),
    ("F29-local-part", b"From: <=?utf-8?Q?any?=@attack.test>\r\n", AUTHOR),
    ("F30", "From: <admin@lеgit.test>\r\n".encode(), ASCII),
    ("F30-raw-local-part", "From: <ａny@attack.test>\r\n".encode(), ASCII),
    ("F32-full-width-dot", "From: <any@attack．test>\r\n".encode(), ASCII),
    ("F33-soft-hyphen", "From: <any@at\u00adtack.test>\r\n".encode(), ASCII),
    ("F34", b"From: <admin@legit\r\n .test>\r\n", AUTHOR),
    ("F34-space", b"From: <any@attack .test>\r\n", AUTHOR),
    ("F34-tab", b"From: <any@attack\t.test>\r\n", AUTHOR),
    ("F35", b"From: <admin@legit.test.>\r\n", AUTHOR),
    ("F36-percent-route", b"From: <admin%legit.test@attack.test>\r\n", "250"),
    ("F36-bang-route", b"From: <legit.test!admin@attack.test>\r\n", "250"),
    ("F37-two-at", b"From: <admin@legit.test@attack.test>\r\n", AUTHOR),
    ("F37-control", b"From: <any@attack.test\x0b>\r\n", AUTHOR),
    ("F38", b"From\xff: <any@attack.test>\r\nFrom: <admin@legit.test>\r\n", MAIL),
    ("F38-control-in-name", b"From\x0b: <admin@legit.test>\r\nFrom: <any@attack.test>\r\n", MAIL),
    ("F39", b"From admin@legit.test Mon Jan 1\r\nFrom: <any@attack.test>\r\n", MAIL),
    ("F39-mbox-escaped", b">From admin@legit.test Mon Jan 1\r\nFrom: <any@attack.test>\r\n", MAIL),
    ("F40", b"From: <any@attack.test>\r\nReply-To: <admin@legit.test>\r\n", "250"),
    ("F40-other-roles", b"From: <any@attack.test>\r\nSender: <admin@legit.test>\r\n", "250"),
    ("F40-resent", b"Resent-From: <admin@legit.test>\r\nFrom: <any@attack.test>\r\n", "250"),
    ("F40-errors-to", b"From: <any@attack.test>\r\nErrors-To: <admin@legit.test>\r\n", "250"),
    ("F40-receipt", b"From: <any@attack.test>\r\nDisposition-Notification-To: <admin@legit.test>\r\n", "250"),
    # Weak Links A13, A14: what the eye is meant to see is a name, and proves nothing.
    ("F41-bidi-name", "From: \u202emoc.tigel\u202c <any@attack.test>\r\n".encode(), "250"),
    ("F42-name-is-the-victim", "From: 法務省 admin@legit.test様 <any@attack.test>\r\n".encode(), AUTHOR),
    # Proof of somebody else, in the plainest form.
    ("F43-plain-forgery", b"From: <admin@legit.test>\r\n", PROOF),
    ("F44-subdomain", b"From: <admin@sub.legit.test>\r\n", PROOF),
    ("F45-without-dmarc", b"From: <admin@city.a.lg.jp>\r\n", PROOF),
    ("F46-end-of-header", b"\r\nFrom: <admin@legit.test>\r\n", AUTHOR),
    ("F47-other-line-in-between", b"From: <any@attack.test>\r\nno field\r\n", MAIL),
]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[HostileDesk]:
    """One desk for all rows."""
    async with hostile_desk(tmp_path_factory.mktemp("author")) as running:
        yield running


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(("case", "header", "expected"), ROWS, ids=[row[0] for row in ROWS])
async def test_nobody_else_becomes_the_author(
    desk: HostileDesk, case: str, header: bytes, expected: str
) -> None:
    before = desk.mails()
    answer = await desk.send(header + REST + f"{case}\r\n{FORM}".encode(), ME)
    assert expected == answer[: len(expected)]
    assert before + (expected == "250") == desk.mails()
    assert all(author.endswith("@attack.test") for author in desk.authors())
    assert all(to.endswith(("@attack.test", "@staff.test")) for to in desk.addressees())


# Mails from the victim's own signer, changed on the way so that the attacker writes in its name.
HONEST = b"From: <admin@legit.test>\r\n" + REST + b"honest\r\n"
REPLAYED = {
    "A10-from-added-on-top": lambda raw: b"From: <any@attack.test>\r\n" + raw,
    "A10-from-added-below": lambda raw: raw.replace(b"Subject:", b"From: <any@attack.test>\r\nSubject:", 1),
    "A10-body-added": lambda raw: raw + b"I apply.\r\n",
    "A10-subject-added": lambda raw: raw.replace(b"\r\nSubject: s", b"\r\nSubject: other\r\nSubject: s", 1),
    "A10-subject-changed": lambda raw: raw.replace(b"Subject: s", b"Subject: other", 1),
    "A10-length-tag": lambda raw: raw.replace(b"; d=", b"; l=0; d=", 1) + b"added\r\n",
    "A10-from-changed": lambda raw: raw.replace(b"admin@", b"other@", 1),
}


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("how", REPLAYED)
async def test_a_signed_mail_with_something_added_proves_nothing(desk: HostileDesk, how: str) -> None:
    before = desk.authors()
    answer = await desk.send(REPLAYED[how](signed(HONEST)), ME)
    assert "550" == answer[:3]
    assert before == desk.authors()


ADDRESSES = [b"any@attack.test", b"admin@legit.test", b"<any@attack.test>", b"<admin@legit.test>"]
PARTS = [
    *ADDRESSES,
    b"attack.test",
    b"legit.test",
    b"admin",
    b64(b"admin@legit.test"),
    "ｅ".encode(),
    b"\xff",
]
MARKS = [
    *(bytes([mark]) for mark in b'"<>(),;:@ \t\\.'),
    b"\r\n ",
    b"=?utf-8?Q?",
    b"?=",
    b"=40",
    b"\x1b$B",
    b"\x1b(B",
]
PIECES = st.sampled_from(PARTS + MARKS)
FAMILY = st.lists(PIECES, min_size=1, max_size=9).map(b"".join)


@given(FAMILY)
@settings(max_examples=400)
def test_a_mixture_has_the_author_that_a_strict_reading_of_the_wire_gives_or_none(value: bytes) -> None:
    """What is taken must end in the very octets `addr-spec` or `<addr-spec>`, and name one address only."""
    try:
        parsed = message.parse(b"From: " + value + b"\r\n\r\n")
        author = str(fields.author(parsed).address).encode()
    except (AuthorError, MalformedMessageError):
        return
    bare = value.replace(b"\r\n", b"").strip(b" \t")
    whole = bare.partition(b" (")[0].partition(b"\t(")[0].partition(b"(")[0].strip(b" \t")
    ends = b"<" + author.lower() + b">"
    behind_comment = b")" + author.lower()  # RFC 5322 section 3.4.1: an addr-spec may begin with a comment
    assert (
        author.lower() == whole.lower()
        or bare.lower().endswith((ends, behind_comment))
        or whole.lower().endswith(ends)
    )


@pytest.mark.asyncio(loop_scope="module")
async def test_of_a_generated_family_the_victim_is_never_recorded_or_written_to(desk: HostileDesk) -> None:
    """The same family through SMTP, DNS, the desk and the store: mixtures of the attacker and the victim."""
    chosen = random.Random(20261124)  # noqa: S311 - the same family each time
    parts = [*ADDRESSES, *MARKS[:12], b"x", b64(b"admin@legit.test"), b"\r\n "]
    taken = 0
    for number in range(250):
        value = b"".join(chosen.choices(parts, k=chosen.randint(1, 5)))
        raw = b"From: " + value + b"\r\n" + REST + f"{number}\r\n{FORM}".encode()
        taken += (await desk.send(raw, ME)).startswith("250")
    assert 0 < taken < 125
    assert all(author.endswith("@attack.test") for author in desk.authors())
    assert all(to.endswith(("@attack.test", "@staff.test")) for to in desk.addressees())
