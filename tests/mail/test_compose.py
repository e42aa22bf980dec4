"""Our letters: exactly the fields intended, whatever the values; short lines; the text comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail import address
from gateway.mail.address import Address
from gateway.mail.compose import MessageDraft, compose
from gateway.mail.header import fields
from gateway.mail.message import Message, parse
from gateway.mail.mime import content

LETTER = MessageDraft(
    from_name="参加受付",
    from_address=address.parse("request@desk.example"),
    to_address=address.parse("rei@city.mihon.example"),
    subject="【受付番号 K7QM-4T】参加申請を受け付けました",
    text="見本 玲 様\n\n受け付けました。\n",
    message_id="<1.abc@desk.example>",
    date=datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC),
    reply_to=address.parse("case+abc@desk.example"),
    references=("<case.K7QM-4T@desk.example>", "<2@desk.example>"),
    auto_submitted="auto-replied",
)
NAMES = [
    *(
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Reply-To",
        "In-Reply-To",
        "References",
        "Auto-Submitted",
    ),
    *("X-Auto-Response-Suppress", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
]


def names(message: Message) -> list[str]:
    """The names of the fields in their order."""
    return [field.name for field in message.fields]


def test_letter_has_its_fields() -> None:
    message = parse(compose(LETTER))
    assert NAMES == names(message)
    assert fields.Mailbox("参加受付", LETTER.from_address) == fields.author(message)
    assert b"<rei@city.mihon.example>" == message.first("to")
    assert b"<case+abc@desk.example>" == message.first("reply-to")
    assert b"Tue, 24 Nov 2026 01:02:03 +0000" == message.first("date")
    assert b"auto-replied" == message.first("auto-submitted")
    assert b"OOF, AutoReply, DR, RN, NRN" == message.first("x-auto-response-suppress")
    assert b"<2@desk.example>" == message.first("in-reply-to")
    assert LETTER.references == fields.message_ids(message.first("references"))


def test_text_comes_back() -> None:
    read = content.extract(parse(compose(LETTER)))
    assert (LETTER.text, "plain", ()) == (read.text, read.source, read.attachments)


def test_html_is_the_second_form() -> None:
    raw = compose(replace(LETTER, html="<p>受け付けました</p>"))
    assert raw == compose(replace(LETTER, html="<p>受け付けました</p>"))
    message = parse(raw)
    assert [*NAMES[:-2], "Content-Type"] == names(message)
    assert (LETTER.text, ()) == (content.extract(message).text, content.extract(message).attachments)
    assert 1 == raw.count(b"text/html")
    blank = content.extract(parse(compose(replace(LETTER, text="", html="<p>受け付けました</p>"))))
    assert ("受け付けました", "html") == (blank.text, blank.source)


def test_local_part_that_is_no_dot_atom_is_quoted() -> None:
    message = parse(compose(replace(LETTER, to_address=Address("taro..x", "phone.example"))))
    assert b'<"taro..x"@phone.example>' == message.first("to")


def test_further_fields_are_written_as_text() -> None:
    message = parse(
        compose(replace(LETTER, headers=(("X-Case", "K7QM\r\nBcc: v@v.example"), ("X-Note", "申請"))))
    )
    assert [*NAMES[:10], "X-Case", "X-Note", *NAMES[10:]] == names(message)
    assert ("K7QM Bcc: v@v.example", "申請") == tuple(
        fields.decode_text(message.first(n)) for n in ("x-case", "x-note")
    )


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param({"to_address": Address("a\r\nRCPT TO:<x@y.example>", "a.example")}, id="O08-line-end"),
        pytest.param({"to_address": Address("a", "b.example> SIZE=1")}, id="O08-parameter"),
        pytest.param({"to_address": Address("a", "a.example, b@b.example")}, id="O08-second-address"),
        pytest.param(
            {"to_address": Address("=?utf-8?q?b=40b.example=2C?=", "a.example")}, id="O09-encoded-word"
        ),
        pytest.param({"from_address": Address("a", "")}, id="no-domain"),
        pytest.param({"reply_to": Address("a b", "a.example")}, id="space"),
        pytest.param({"message_id": "abc@desk.example"}, id="id-without-brackets"),
        pytest.param({"message_id": "<a@b.example>\r\nBcc: <v@v.example>"}, id="id-with-a-field"),
        pytest.param({"references": ("<a@b.example> <c@d.example>",)}, id="two-ids"),
        pytest.param({"references": ("",)}, id="empty-reference"),
        pytest.param({"auto_submitted": "no\r\nBcc: v@v.example"}, id="auto-submitted"),
        pytest.param({"headers": (("X-A: b\r\nBcc", "x"),)}, id="name-with-a-field"),
        pytest.param({"headers": (("Bcc", "v@v.example"),)}, id="reserved-name"),
        pytest.param({"headers": (("", "x"),)}, id="empty-name"),
    ],
)
def test_values_with_a_form_of_their_own_are_checked(bad: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        compose(replace(LETTER, **bad))  # type: ignore[arg-type]


HOSTILE = st.text(max_size=200) | st.lists(
    st.sampled_from(
        [
            "\r\n",
            "Bcc: v@v.example",
            "\x00",
            "\x1b[31m",
            "=?utf-8?Q?=0A?=",
            "\u202e",
            '"',
            "\\",
            "<a@b.example>",
            "髙",
            "\ud800",
            " ",
        ]
    ),
    max_size=20,
).map("".join)


@given(HOSTILE, HOSTILE, HOSTILE, st.none() | HOSTILE)
def test_no_value_adds_a_field_or_breaks_a_line(name: str, subject: str, text: str, html: str | None) -> None:
    raw = compose(replace(LETTER, from_name=name, subject=subject, text=text, html=html))
    message = parse(raw)
    assert (NAMES if html is None else [*NAMES[:-2], "Content-Type"]) == names(message)
    assert fields.sanitize_header(subject) == fields.subject(message)
    assert fields.Mailbox(fields.sanitize_header(name), LETTER.from_address) == fields.author(message)
    assert all(len(line) <= 78 for line in raw.split(b"\r\n"))
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert b"\n" not in raw.replace(b"\r\n", b"")


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff"), max_size=100))
def test_any_text_comes_back(text: str) -> None:
    got = content.extract(parse(compose(replace(LETTER, text=text)))).text
    assert (text + "\n" if text.strip() else "") == got
