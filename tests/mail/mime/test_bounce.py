"""Mails at a bounce address: failures are seen, delays are none, what nobody can read is said to be so."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mail.message import parse
from gateway.mail.mime.bounce import BounceKind, read_bounce
from tests.suites.cache import CACHE, missing


def kind(
    text: str, subject: str = "x", head: str = "", author: str = "mailer-daemon@mx.example"
) -> BounceKind:
    raw = f"From: {author}\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n{head}\n{text}\n"
    return read_bounce(parse(raw.replace("\n", "\r\n").encode())).kind


PERSON = "rei@city.mihon.example"


@pytest.mark.parametrize(
    ("expected", "subject", "text"),
    [
        ("bounce", "failure notice", "I gave up.\n\n<rei@city.mihon.example>:\nSaid: 550 5.1.1 unknown"),
        ("bounce", "Undeliverable: hello", "Sorry."),
        ("bounce", "x", "The mailbox is full: 552 5.2.2 over quota"),
        ("bounce", "x", "Each of the following recipients was rejected by a remote mail server."),
        ("bounce", "メールエラー通知", "次のあて先へメールを届けられませんでした。"),
        ("bounce", "x", "送信先のメールボックスが一杯のため、送信できませんでした。"),
        ("delay", "Warning: message delayed", "It could not be delivered for 4 hours."),
        ("delay", "x", "450 4.2.0 greylisted. The server will keep trying for five days."),
        ("delay", "配送遅延のお知らせ", "相手のサーバーが応答しないため、再送を続けています。"),
        ("delay", "一時的な配信エラー", "421 しばらくしてから再度送信します。"),
        ("bounce", "配信エラー", "宛先が見つかりません。宛先を確認のうえ、再送信してください。"),
        ("unread", "x", "550 5.1.1 unknown. The message has not yet been delivered."),
        ("unread", "x", "Hello."),
        ("unread", "Delivery Status Notification", ""),
    ],
)
def test_free_words_of_a_mail_system(expected: BounceKind, subject: str, text: str) -> None:
    assert expected == kind(text, subject)


AGAIN = ("再送", "再送信", "再配信", "再配送")
GOES_ON = (
    "を試みます",
    "を続けています",
    "を行います",
    "を行っています",
    "いたします",
    "しています",
    "中です",
)


@given(
    st.sampled_from(["配信できませんでした", "送信エラー", "x"]),
    st.sampled_from(AGAIN),
    st.sampled_from(GOES_ON),
)
def test_a_system_that_sends_again_has_not_given_up(subject: str, again: str, goes_on: str) -> None:
    assert "delay" == kind(f"1回目の配信ができませんでした。引き続き{again}{goes_on}。", subject)


@pytest.mark.parametrize(
    ("expected", "subject", "head", "text"),
    [
        ("vacation", "Auto: 不在", "", "本日は休みです。"),
        ("vacation", "Re: 参加申請", "Auto-Submitted: auto-replied\n", "I am away until Monday."),
        ("vacation", "自動返信", "X-Autoreply: yes\n", "550号室に移りました。"),
        ("unread", "Re: 参加申請", "", "ありがとうございます。 500 High Street"),
        ("unread", "Re: 参加申請", "", "お探しのものは見つかりませんでした。"),
        # A delivery that failed is never filed as an absence.
        ("bounce", "Undelivered Mail Returned to Sender", "Auto-Submitted: auto-replied\n", "Sorry."),
        ("unread", "配信のお知らせ", "Auto-Submitted: auto-replied\n", "ご確認ください。"),
    ],
)
def test_what_people_and_their_programs_answer(
    expected: BounceKind, subject: str, head: str, text: str
) -> None:
    assert expected == kind(text, subject, head, PERSON)


def test_an_answer_of_a_mail_system_is_no_vacation() -> None:
    assert "unread" == kind("Something happened.", "x", "Auto-Submitted: auto-replied\n")


def test_words_of_the_letter_that_came_back_do_not_count() -> None:
    """A delay that quotes a letter in which somebody writes of 5.1.1 stays a delay."""
    text = "Still trying.\n\n--- Below this line is a copy of the message.\n\nError 5.1.1 on page 3."
    assert "delay" == kind(text)


def test_the_first_lines_are_told() -> None:
    raw = b"From: a@b.example\r\n\r\n\r\none\r\n\r\ntwo \x1b[31m\r\n3\r\n4\r\n5\r\n6\r\n"
    assert "one\ntwo [31m\n3\n4\n5" == read_bounce(parse(raw)).words


PIECES = (
    *(b"5.1.1", b"550 no such user", b"\r\n", b"\r\n\r\n", b"--b", b"delayed", b"failed addresses follow:"),
    *(b"Action: ", b"failed", b"Status: 5.1.1", b"Content-Type: message/delivery-status", b"<a@b.example>:"),
    *(b"From: mailer-daemon@yahoo.com", b"message from yahoo.com", b"\xff\xfe", "届".encode(), b"a" * 300),
    *(b"Content-Type: multipart/report; boundary=b", b"Hi. This is the", b"transcript of session follows"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join))
def test_any_mail_is_read_without_exceptions_and_briefly(octets: bytes) -> None:
    found = read_bounce(parse(b"From: a@b.example\r\n\r\n" + octets))
    assert len(found.words) <= 300
    assert found.words.count("\n") < 5


# What flufl.bounce ships for its own detectors.
DELAYED = {
    *("simple_03", "simple_21", "simple_22", "simple_28", "simple_35", "simple_40"),
    *("dsn_05", "dsn_06", "dsn_07", "dsn_08", "dsn_17"),
}
NO_BOUNCES = {"groupwise_03", "qmail_08"}
FLUFL = re.compile(
    r"(?:aol|bounce|caiwireless|dsn|dumbass|exim|groupwise|hotpop|llnl|microsoft|netscape|newmailru|postfix"
    r"|qmail|sendmail|simple|sina|smtp32|yahoo|yale)_[0-9]{2}"
)


def on_the_wire(path: Path) -> bytes:
    octets = re.sub(rb"\r?\n", b"\r\n", path.read_bytes())
    return octets.partition(b"\r\n")[2] if octets.startswith(b"From ") else octets


def test_samples_of_flufl_bounce(record_property: pytest.RecordProperty) -> None:
    files = {path.stem: path for path in CACHE.glob("*.txt") if FLUFL.fullmatch(path.stem)}
    if not files:
        missing("the samples of flufl.bounce")
    kinds = {name: read_bounce(parse(on_the_wire(path))).kind for name, path in files.items()}
    permanent = files.keys() - DELAYED - NO_BOUNCES
    seen = [name for name in permanent if kinds[name] == "bounce"]
    taken = [name for name in DELAYED | NO_BOUNCES if kinds[name] == "bounce"]
    record_property(
        "figure",
        f"bounces of flufl.bounce: {len(seen)}/{len(permanent)} seen, {len(taken)} others taken for one",
    )
    assert 117 == len(files)
    assert (set(), []) == (permanent - set(seen), taken)
    assert DELAYED == {name for name, found in kinds.items() if found == "delay"}


BOUNCEPARSER = CACHE / "bounceparser"
# Answers of people's programs, and mail that is no report.
ANSWERS = {
    *("aol-vacation", "autoreply", "bluebottle", "polish-autoreply", "warning-6"),
    *("spam-bogus-email-in-report", "spam-with-image"),
}
LATE = {"warning-8"}


def test_samples_that_were_kept_back(record_property: pytest.RecordProperty) -> None:
    if not BOUNCEPARSER.is_dir():
        missing("the corpus of Mail::DeliveryStatus::BounceParser")
    kinds = {path.stem: read_bounce(parse(on_the_wire(path))).kind for path in BOUNCEPARSER.glob("*.msg")}
    failed = kinds.keys() - ANSWERS - LATE
    seen = [name for name in failed if kinds[name] == "bounce"]
    told = Counter(kinds[name] for name in failed - set(seen))
    assert 126 == len(kinds)
    figures = f"{len(seen)}/{len(failed)} seen, {told['unread']} told as unread"
    record_property("figure", f"bounces of BounceParser: {figures}")
    assert len(seen) >= 0.85 * len(failed)
    assert told.keys() <= {"unread"}
    assert [] == [name for name in ANSWERS | LATE if kinds.get(name) == "bounce"]
