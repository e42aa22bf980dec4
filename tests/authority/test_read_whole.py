"""What is not read to its end, or in one way only, decides nothing: the end may take back the beginning."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.admission.application.items.fields import Consent
from gateway.admission.intake.extract import extract_facts
from gateway.admission.replies.decision import parse
from gateway.admission.replies.notes.note import MAX_NOTE
from gateway.admission.replies.outsiders.confirmation import Confirmation, parse_confirmation
from gateway.admission.replies.outsiders.withdrawal import is_withdrawal
from gateway.admission.replies.reading import Decision
from gateway.mail import message
from gateway.mail.smtp.mailboxes import Purpose
from gateway.store.sqlite.store import SqliteStore
from tests.support.desk_bench import BOXES, CODE, OPENDKIM, OWN_HOST, DeskBench, Reply, sign
from tests.support.factories import SATO
from tests.support.replies import CONTEXT

QUOTED = "> 前のメールです。\n"
# What lies between the beginning of a reply and its end, each beyond another bound.
BETWEEN = {
    "lines": QUOTED * 5_000,
    "characters": f"> {'あ' * 100}\n" * 990,
    "octets": f"> {'あ' * 300}\n" * 250,
    "sentences": "以上。\n" * 2_001,
    "own words": "よろしくお願いします。\n" * 1_000,
    "one line": f"期限: 2026年12月2日(水){' ' * 1_000}",
}
WORDS = {
    "承認します。": "すみません、却下でお願いします。",
    f"承認 {CODE}\n": "やめます。",
    "却下します。所属が対象外のためです。": "やはり承認します。",
    "保留 12月1日": "やはり承認します。",
}


@pytest.mark.parametrize("between", BETWEEN)
@pytest.mark.parametrize("said", WORDS)
def test_a_reply_whose_end_is_not_read_decides_nothing(said: str, between: str) -> None:
    text = f"{said}\n{BETWEEN[between]}\n{WORDS[said]}"
    context = replace(CONTEXT, code=CODE)
    assert Decision.NONE is parse(text, "", context).decision
    assert Decision.NONE is parse(said, "", context, html_text=text).decision


@pytest.mark.parametrize("between", ["lines", "characters", "sentences", "own words"])
def test_nor_does_it_confirm_or_withdraw(between: str) -> None:
    confirmed = f"手書花子は当市に在籍しています。\n{BETWEEN[between]}\nではありません。"
    assert Confirmation.NONE is parse_confirmation(confirmed, CONTEXT)
    assert not is_withdrawal(f"取り下げます。\n{BETWEEN[between]}\nいや、取り下げません。")


@given(st.integers(0, 1_200), st.sampled_from(["Re: ", "　", " ", "[desk:1] "]))
@settings(max_examples=40, deadline=None)
def test_a_subject_is_read_to_its_end(count: int, filler: str) -> None:
    subject = f"Re: 審査依頼{filler * count}却下します"
    assert Decision.NONE is parse("承認します。", subject[:1_000], CONTEXT).decision


@pytest.mark.parametrize("word", ["却下します。\n", "照会：部署名を教えてください。\n"])
def test_a_text_is_passed_on_whole_or_not_at_all(word: str) -> None:
    sentence = "所属が確認できないためです。\n"
    told = parse(word + sentence * 40, "", CONTEXT)
    assert told.decision is not Decision.NONE
    assert told.note.count("\n") >= 39
    assert Decision.NONE is parse(word + sentence * (MAX_NOTE // len(sentence) + 2), "", CONTEXT).decision


LONG_LINES = st.text("あいう ", min_size=1_001, max_size=1_300)


@given(LONG_LINES, st.text("しないえ", min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_a_long_line_is_no_line_of_a_letter(line: str, more: str) -> None:
    context = replace(CONTEXT, letter_lines=(*CONTEXT.letter_lines, line))
    assert Decision.NONE is parse(f"承認します。\n\n{line}{more}", "", context).decision


def application(words: str, encoding: str) -> bytes:
    body = words.encode()
    encoded = base64.encodebytes(body).replace(b"\n", b"\r\n") if encoding == "base64" else body
    head = f"From: a@town.mihon.lg.jp\r\nContent-Transfer-Encoding: {encoding}\r\n"
    return head.encode() + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + encoded


@pytest.mark.parametrize("encoding", ["8bit", "base64"])
def test_no_consent_is_read_in_a_mail_that_goes_on(encoding: str) -> None:
    form = "団体名：見本市\r\n氏名：手書 花子\r\n規約への同意：同意します\r\n"
    for more, consent in (("", Consent.YES), ("あ" * 99 + "\r\n", Consent.ABSENT)):
        raw = application(form + more * 900 + "やはり同意しません。\r\n" * bool(more), encoding)
        facts = extract_facts(message.parse(raw), None, Purpose.REQUEST, null_reverse_path=False)
        assert consent is facts.form.consent


FLOWED = "text/plain; charset=utf-8; format=flowed"


@pytest.mark.parametrize("line", [" >招待は来週からにしてください。", " > やはり却下します。", " >> 待って"])
async def test_a_mark_that_the_writer_typed_is_no_quotation(bench: DeskBench, line: str) -> None:
    token = await bench.ask(await bench.open_case())
    mail = Reply(f"承認します。\n\n{line}\n", content_type=FLOWED)
    raw = sign(mail.octets(bench.mailbox(token)), OPENDKIM)
    assert 250 == (await bench.send(raw, token)).code
    assert "under_review" == await bench.state()


DOUBLED = [
    b"Subject: =?utf-8?B?5Y205LiL44GX44G+44GZ?=",
    b"Content-Type: multipart/mixed; boundary=x",
    b"Content-Transfer-Encoding: base64",
    b"Auto-Submitted: no\r\nAuto-Submitted: auto-replied",
    b"Auto-Submitted: " + b"(" + b"x" * 250 + b") auto-replied",
    b"To: <somebody@example.jp>",
]


@pytest.mark.parametrize("more", DOUBLED)
@pytest.mark.parametrize("text", ["承認します。\n", f"承認 {CODE}\n"])
async def test_a_mail_with_two_fields_of_a_kind_is_not_read_by_the_first(
    bench: DeskBench, more: bytes, text: str
) -> None:
    token = await bench.ask(await bench.open_case())
    raw = Reply(text).octets(bench.mailbox(token)).replace(b"\r\n\r\n", b"\r\n" + more + b"\r\n\r\n", 1)
    assert 250 == (await bench.send(raw, token, client_ip=OWN_HOST)).code
    assert "under_review" == await bench.state()


OTHERS = {
    "enriched": "text/enriched",
    "amp": "text/x-amp-html",
    "a page with a name": 'text/html; name="a.html"',
    "a text with a name": 'text/plain; name="joken.txt"',
    "xhtml": "application/xhtml+xml",
}


@pytest.mark.parametrize("kind", OTHERS)
@pytest.mark.parametrize(("said", "state"), [("承認します。", "under_review"), (f"承認 {CODE}", "approved")])
async def test_words_alone_do_not_count_beside_a_text_that_is_not_read(
    bench: DeskBench, kind: str, said: str, state: str
) -> None:
    token = await bench.ask(await bench.open_case())
    parts = (
        f"--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{said}\n"
        f"--b\nContent-Type: {OTHERS[kind]}\n\nただし招待は来週にしてください。\n--b--\n"
    )
    mail = Reply(parts, content_type="multipart/alternative; boundary=b").octets(bench.mailbox(token))
    assert 250 == (await bench.send(sign(mail, OPENDKIM), token, client_ip=OWN_HOST)).code
    assert state == await bench.state()


INDENTED = "承認します。\n\n> ただし招待は来週にしてください。"  # as <blockquote> is read
HEAD = "> 2026/11/28 10:05、参加受付窓口 <decide+t@gw.example.go.jp>のメール:"


def test_what_is_indented_in_the_page_alone_is_no_quotation() -> None:
    assert Decision.NONE is parse("承認します。", "", CONTEXT, html_text=INDENTED).decision
    quoted = "\n".join(f"> {line}" for line in CONTEXT.letter_lines[-9:-1])
    for text in ("承認します。", f"承認します。\n\n{HEAD}\n{quoted}"):
        html_text = f"承認します。\n\n{HEAD}\n{quoted}"
        assert Decision.APPROVE is parse(text, "", CONTEXT, html_text=html_text).decision


async def test_words_alone_need_a_signature_over_the_subject(bench: DeskBench) -> None:
    token = await bench.ask(await bench.open_case())
    mail = Reply(subject="Re: KYAKKA").octets(bench.mailbox(token))
    signed = sign(mail, [name for name in OPENDKIM if name != "subject"])
    assert 250 == (await bench.send(signed.replace(b"Re: KYAKKA", b"Re:"), token)).code
    assert "under_review" == await bench.state()


@pytest.fixture
def bench(tmp_path: object) -> DeskBench:
    store = SqliteStore(tmp_path / "gateway.db", BOXES.domain)  # type: ignore[operator]
    store.open()
    return DeskBench(store)


async def test_a_plain_reply_from_the_own_host_still_counts(bench: DeskBench) -> None:
    token = await bench.ask(await bench.open_case())
    raw = (
        Reply().octets(bench.mailbox(token)).replace(b"\r\n\r\n", f"\r\nSender: <{SATO}>\r\n\r\n".encode(), 1)
    )
    assert 250 == (await bench.send(raw, token, client_ip=OWN_HOST)).code
    assert "approved" == await bench.state()
